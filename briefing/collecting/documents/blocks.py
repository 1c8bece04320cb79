"""The blocks of a page, in order, made into the paragraphs of a brief.

Pages are laid out by tables, lists and line breaks, while a paragraph of a pasted brief ends at an empty line. So the
blocks outside the article are dropped, and those that belong together are joined: the items of a list, the lines of a
contact, the parts of a hard-wrapped sentence. Libraries that extract the text of pages (trafilatura, readability-lxml)
keep neither the short lines that briefs consist of, such as sources and dates, nor the positions of pictures.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, auto

from briefing.collecting.brief import contacts
from briefing.collecting.brief.headlines import ends_sentence, listed
from briefing.collecting.brief.paragraphs import EmbeddedPicture, Paragraph
from briefing.collecting.documents.document import Document
from briefing.collecting.text.literal import Link

_LONGEST_CONTACT_LINE = 60
_MOST_CONTACT_LINES = 5
_HARD_WRAPPED = range(40, 121)
"""Lengths of a line that a program may have broken."""


class PagePart(IntEnum):
    """The part of a page that a block is in, the likeliest to be the brief last."""

    PAGE = auto()
    ARTICLE = auto()
    MAIN = auto()


@dataclass(frozen=True, slots=True)
class ListItem:
    """The number of a list on its page, the number of one of its items, and the mark before it ("- ", "3. ")."""

    list: int
    number: int
    mark: str


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page: its bytes, or else its address on the web, and its description."""

    data: bytes
    alt: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines between two block elements, with their links and pictures; a picture alone has no lines."""

    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()
    pictures: tuple[PagePicture, ...] = ()
    part: PagePart = PagePart.PAGE
    gap: bool = False
    """Whether an empty line is above it."""
    item: ListItem | None = None


def document_of(blocks: Sequence[TextBlock]) -> Document:
    """Return the paragraphs and pictures that blocks make."""
    document = Document()
    for block in _joined(_marked(_of_brief(blocks))):
        place = len(document.paragraphs)
        has_text = bool(block.lines)
        for picture in block.pictures:
            embedded = EmbeddedPicture(picture.data, place, has_text, picture.alt, picture.address)
            document.pictures.append(embedded)
        if has_text:
            document.paragraphs.append(Paragraph(block.lines, block.links))
    return document


def _of_brief(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """Keep the page's main part, or its articles if they hold at least half of the text; else everything."""
    length: Counter[PagePart] = Counter()
    for block in blocks:
        length[block.part] += sum(map(len, block.lines))
    least = PagePart.PAGE
    if length[PagePart.MAIN]:
        least = PagePart.MAIN
    elif length[PagePart.ARTICLE] >= length[PagePart.PAGE]:
        least = PagePart.ARTICLE
    return [block for block in blocks if block.part >= least]


def _marked(blocks: Sequence[TextBlock]) -> Iterator[TextBlock]:
    """Put the marks of lists before their items; lists that only lay out a page are no lists afterwards."""
    layout = _layout_lists(blocks)
    for block in blocks:
        if block.item is None or block.item.list in layout:
            yield replace(block, item=None)
        elif block.lines and listed(block.lines[0]) is None:
            yield replace(block, lines=(block.item.mark + block.lines[0], *block.lines[1:]))
        else:
            yield block


def _layout_lists(blocks: Sequence[TextBlock]) -> set[int]:
    """Return the lists that lay out a page: an item of theirs has several blocks."""
    items: set[tuple[int, int]] = set()
    layout = set()
    for block in blocks:
        if block.item and block.lines:
            item = (block.item.list, block.item.number)
            if item in items:
                layout.add(block.item.list)
            items.add(item)
    return layout


def _joined(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Join the blocks that are one paragraph of a pasted brief."""
    group: list[TextBlock] = []
    for block in blocks:
        if group and not _belongs_to(group, block):
            yield _merged(group)
            group = []
        group.append(block)
    if group:
        yield _merged(group)


def _belongs_to(group: Sequence[TextBlock], block: TextBlock) -> bool:
    last = group[-1]
    if not block.lines or not last.lines:
        return False
    if block.item or last.item:
        return bool(block.item and last.item)
    if block.gap:
        return False
    if contacts.classify_contact(group[0].lines[0]):
        return len(group) < _MOST_CONTACT_LINES and _is_contact_line(block)
    return _is_hard_wrapped(last.lines[-1], block.lines[0])


def _is_contact_line(block: TextBlock) -> bool:
    line = block.lines[0]
    return len(block.lines) == 1 and len(line) <= _LONGEST_CONTACT_LINE and contacts.reaches(line)


def _is_hard_wrapped(above: str, line: str) -> bool:
    return len(above) in _HARD_WRAPPED and line[:1].islower() and not ends_sentence(above)


def _merged(blocks: Sequence[TextBlock]) -> TextBlock:
    lines: list[str] = []
    links: list[Link] = []
    pictures: list[PagePicture] = []
    for block in blocks:
        lines += block.lines
        links += block.links
        pictures += block.pictures
    return replace(blocks[0], lines=tuple(lines), links=tuple(links), pictures=tuple(pictures))
