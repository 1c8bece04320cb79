"""Turn the blocks of a page into the paragraphs of a brief.

Pages are laid out with tables, lists and line breaks, while a paragraph of a pasted brief ends at
an empty line. So blocks outside the article are dropped, and blocks that belong together are
joined: the items of a list, the lines of a contact, the parts of a hard-wrapped sentence.

This is written by hand. Of the libraries that were tried, trafilatura 2.3 drops "Read More →"
together with its link, includes the hidden preview text of mails and doesn't distinguish new lines
from new paragraphs; inscriptis 2 drops links and pictures.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto
from itertools import groupby

from briefing.collecting.brief.contacts import classify_contact, is_reachable
from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.lists import is_listed
from briefing.collecting.brief.paragraphs import EmbeddedPicture, Paragraph
from briefing.collecting.brief.structure.names import is_in_hosts
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.page_lists import PageList, PageListItem
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.emphasis import Emphasis, moved
from briefing.collecting.text.hosts import host_of
from briefing.collecting.text.literal import Link

# A phone number, an address, a name with a function; what is longer or comes later is the next
# item.
_LONGEST_CONTACT_LINE = 60
_MOST_CONTACT_LINES = 5
_HARD_WRAPPED = range(40, 121)
"""Lengths of lines that a program may have wrapped."""
_LONGEST_TITLE = 60
_LONGEST_LABEL = 30
_LOWEST_LEVEL = 6
_NEAR_LOGO = 5
"""Blocks from a publisher's logo on that may be about its news."""


class PagePart(IntEnum):
    """The part of a page that contains a block; the likeliest to contain the brief comes last."""

    PAGE = auto()
    ARTICLE = auto()
    MAIN = auto()


@dataclass(eq=False)
class TableRow:
    """A row of a table, and how many cells of it were read."""

    cells: int = 0

    def next_number(self) -> int:
        """Count a cell. Returns its number, from 0."""
        self.cells += 1
        return self.cells - 1


@dataclass(eq=False)
class TableCell:
    """A cell of a table, with its row and the table: all compared by identity."""

    row: TableRow
    table: object
    number: int
    """Its number in the row, from 0."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where on a page a block is."""

    part: PagePart = PagePart.PAGE
    item: PageListItem | None = None
    level: int = 0
    """The level of the heading."""
    cell: "TableCell | None" = None


TOP = Place()


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page: its bytes, or else its address on the web, and its description."""

    data: bytes
    alt: str
    address: str = ""


@dataclass(slots=True)
class PageBlock:
    """Lines between two block elements, with links and pictures; or only a picture."""

    lines: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    strong: set[int] = field(default_factory=set)
    """The numbers of the lines that are bold as a whole."""
    emphases: list[tuple[Emphasis, ...]] = field(default_factory=list)
    """What is emphasised in each line."""
    pictures: list[PagePicture] = field(default_factory=list)
    logo: str = ""
    """What a small picture above it says."""
    place: Place = TOP
    gap: bool = False
    """Whether an empty line is above it."""
    card: int = -1
    """The number of the card that it is in; -1 elsewhere."""
    cells: list[int] = field(default_factory=list)
    """For a table's row: the number of the cell that each line is in."""

    @property
    def is_row(self) -> bool:
        """Whether its lines are the cells of a table's row."""
        return bool(self.cells)

    @property
    def item(self) -> PageListItem | None:
        """The item of a list that the block is in."""
        return self.place.item


def document_of(blocks: Sequence[PageBlock]) -> Document:
    """Turn blocks into paragraphs and pictures."""
    document = Document()
    read = list(_with_logos(_of_brief(blocks)))
    for block in _joined(_with_rows(_marked(read))):
        place = len(document.paragraphs)
        has_text = bool(block.lines)
        for picture in block.pictures:
            embedded = EmbeddedPicture(
                data=picture.data,
                place=place,
                inside=has_text,
                alt=picture.alt,
                address=picture.address,
            )
            document.pictures.append(embedded)
        if has_text:
            paragraph = Paragraph(
                tuple(block.lines),
                tuple(block.links),
                level=block.place.level,
                cells=tuple(block.cells),
                card=block.card,
                strong=frozenset(block.strong),
                emphases=tuple(block.emphases) if any(block.emphases) else (),
            )
            document.paragraphs.append(paragraph)
    return document


def _of_brief(blocks: Iterable[PageBlock]) -> list[PageBlock]:
    """Keep the page's main part, or its articles if they have at least half the text, or all."""
    length: Counter[PagePart] = Counter()
    for block in blocks:
        length[block.place.part] += sum(map(len, block.lines))
    least = PagePart.PAGE
    if length[PagePart.MAIN]:
        least = PagePart.MAIN
    elif length[PagePart.ARTICLE] >= length[PagePart.PAGE]:
        least = PagePart.ARTICLE
    return [block for block in blocks if block.place.part >= least]


def _with_logos(blocks: Sequence[PageBlock]) -> Iterator[PageBlock]:
    """Put the names of publishers that are only on pictures above their news, if several are: each followed by a link
    to the publisher.
    """
    named = {
        place
        for place, block in enumerate(blocks)
        if block.logo and _is_publishers(blocks[place : place + _NEAR_LOGO])
    }
    for place, block in enumerate(blocks):
        if place in named and len(named) > 1:
            yield PageBlock(
                [block.logo], emphases=[()], place=block.place, card=block.card
            )
        yield block


def _is_publishers(blocks: Sequence[PageBlock]) -> bool:
    """Whether the first link below a logo leads to the publisher, who isn't named in the text there."""
    logo = blocks[0].logo
    for block in blocks:
        if fold(logo) in fold(" ".join(block.lines)):
            return False
        for _, address in block.links:
            return is_in_hosts(logo, host_of(address))
    return False


def _marked(blocks: Sequence[PageBlock]) -> Iterator[PageBlock]:
    """Put the marks of lists before their items, and forget the lists that only lay out the page."""
    layout = _layout_lists(blocks)
    titled = _titled_lists(blocks)
    for block in blocks:
        item = block.item
        if item and item.list in layout:
            block.place = Place(block.place.part)
        elif item and item.list in titled:
            block.place = Place(block.place.part, level=_LOWEST_LEVEL)
        elif item and block.lines and not is_listed(block.lines[0]):
            line = block.lines[0] = item.mark + block.lines[0]
            block.emphases[0] = moved(
                block.emphases[0], len(item.mark), len(line)
            )
        yield block


def _layout_lists(blocks: Iterable[PageBlock]) -> set[PageList]:
    """Return the lists that only lay out the page: one of their items has several blocks."""
    items: set[PageListItem] = set()
    layout: set[PageList] = set()
    for block in blocks:
        item = block.item
        if item and block.lines:
            if item in items:
                layout.add(item.list)
            items.add(item)
    return layout


def _titled_lists(blocks: Iterable[PageBlock]) -> set[PageList]:
    """Return the lists of titles: each of their items, two or more, has a list of links below it."""
    above: dict[PageList, dict[PageListItem, PageBlock]] = {}
    linked: Counter[PageListItem] = Counter()
    for block in blocks:
        item = block.item
        if item:
            above.setdefault(item.list, {}).setdefault(item, block)
        if item and item.list.outer:
            linked[item.list.outer] += 1 if block.links else -1
    return {
        page_list
        for page_list, titles in above.items()
        if len(titles) > 1
        and all(
            linked[item] > 0 and _may_be_title(block)
            for item, block in titles.items()
        )
    }


def _may_be_title(block: PageBlock) -> bool:
    line = "".join(block.lines)
    if len(block.lines) != 1 or block.links or len(line) > _LONGEST_TITLE:
        return False
    return not ends_sentence(line)


def _with_rows(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Join the cells of each row of a table of data into one block."""
    blocks = list(_with_forms(blocks))
    data = _data_tables(blocks)
    row: list[PageBlock] = []
    for block in blocks:
        cell = block.place.cell
        if row and (cell is None or cell.row is not _cell(row[-1]).row):
            yield _as_row(row)
            row = []
        if cell is not None and cell.table in data:
            row.append(block)
        else:
            yield block
    if row:
        yield _as_row(row)


def _with_forms(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Make each table with a label in front of every row ("Source:") lines of one block."""
    for _, group in groupby(blocks, key=_table_of):
        table = list(group)
        rows = list(_rows_of(table))
        if len(rows) > 1 and all(map(_is_labelled, rows)):
            yield _merged([_with_label(row) for row in rows])
        else:
            yield from table


def _table_of(block: PageBlock) -> object:
    return block.place.cell.table if block.place.cell else None


def _rows_of(table: Iterable[PageBlock]) -> Iterator[list[PageBlock]]:
    """The blocks of each row of a table; none outside of tables."""
    in_cells = (block for block in table if block.place.cell)
    for _, row in groupby(in_cells, key=lambda block: _cell(block).row):
        yield list(row)


def _is_labelled(row: Sequence[PageBlock]) -> bool:
    """Whether a row has a label in its first cell, and the rest in the second."""
    label = "".join(row[0].lines)
    numbers = [_cell(block).number for block in row]
    is_label = len(label) <= _LONGEST_LABEL and label.endswith((":", "："))
    return is_label and numbers.count(0) == 1 and max(numbers) == 1


def _with_label(row: Sequence[PageBlock]) -> PageBlock:
    """Join a row, with the label in front of the first line; what has none is only a picture."""
    count = len(row[0].lines) + 1
    line = _merged(row)
    line.lines[:count] = [" ".join(line.lines[:count])]
    line.emphases[:count] = [()]
    line.strong.clear()
    line.place = TOP
    return line


def _cell(block: PageBlock) -> TableCell:
    assert block.place.cell, "only cells are collected"
    return block.place.cell


def _as_row(blocks: Sequence[PageBlock]) -> PageBlock:
    cells = [_cell(block).number for block in blocks for _ in block.lines]
    merged = _merged(blocks)
    merged.cells = cells
    return merged


def _data_tables(blocks: Iterable[PageBlock]) -> set[object]:
    """Return the tables with at least three rows, which all seem to be data."""
    tables: dict[object, dict[TableRow, list[PageBlock]]] = {}
    for block in blocks:
        cell = block.place.cell
        if cell and block.lines:
            rows = tables.setdefault(cell.table, {})
            rows.setdefault(cell.row, []).append(block)
    return {
        table
        for table, rows in tables.items()
        if len(rows) >= 3 and all(map(_is_data, rows.values()))
    }


def _is_data(row: Sequence[PageBlock]) -> bool:
    """Whether a row has two to eight cells, not in different cards."""
    cells = {_cell(block).number for block in row}
    cards = {block.card for block in row}
    return 2 <= len(cells) <= 8 and len(cards) == 1


def _joined(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Join the blocks that would be a single paragraph in a pasted brief."""
    group: list[PageBlock] = []
    for block in blocks:
        if group and not _belongs_to(group, block):
            yield _merged(group)
            group = []
        group.append(block)
    if group:
        yield _merged(group)


def _belongs_to(group: Sequence[PageBlock], block: PageBlock) -> bool:
    last = group[-1]
    if not block.lines or not last.lines or block.card != last.card:
        return False
    if block.is_row or last.is_row or block.place.level or last.place.level:
        return False
    # The items of a list are one paragraph even if the page has space between them.
    if block.item or last.item:
        return bool(block.item and last.item)
    if block.gap:
        return False
    if classify_contact(group[0].lines[0]):
        return len(group) < _MOST_CONTACT_LINES and _is_contact_line(block)
    return _is_hard_wrapped(last.lines[-1], block.lines[0])


def _is_contact_line(block: PageBlock) -> bool:
    line = block.lines[0]
    if len(block.lines) > 1 or len(line) > _LONGEST_CONTACT_LINE:
        return False
    return is_reachable(line)


def _is_hard_wrapped(above: str, line: str) -> bool:
    goes_on = line[:1].islower() and not ends_sentence(above)
    return goes_on and len(above) in _HARD_WRAPPED


def _merged(blocks: Sequence[PageBlock]) -> PageBlock:
    first, *others = blocks
    for block in others:
        first.strong |= {len(first.lines) + line for line in block.strong}
        first.lines += block.lines
        first.emphases += block.emphases
        first.links += block.links
        first.pictures += block.pictures
    return first
