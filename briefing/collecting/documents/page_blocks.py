"""The blocks that a page consists of, and where on it they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto

from briefing.collecting.brief.paragraphs import EmbeddedPicture
from briefing.collecting.text.emphasis import Emphasis
from briefing.collecting.text.literal import Link

from .elements import Element
from .page_lists import PageListItem


class PagePart(IntEnum):
    """The part of a page that contains a block; the likeliest to contain the brief comes last."""

    PAGE = auto()
    ARTICLE = auto()
    MAIN = auto()

    def inside(self, element: Element) -> "PagePart":
        """Return the part that the text of an element in this part is in."""
        names = {element.tag, element.role}
        if "main" in names:
            return PagePart.MAIN
        return max(self, PagePart.ARTICLE) if "article" in names else self


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
class BlockPlace:
    """Where on a page a block is."""

    part: PagePart = PagePart.PAGE
    item: PageListItem | None = None
    level: int = 0
    """The level of the heading."""
    cell: TableCell | None = None
    is_caption: bool = False
    """Whether the page says that it is the caption of a picture."""


TOP = BlockPlace()


@dataclass(slots=True)
class PageBlock:
    """Lines between two block elements, with links and pictures; or only a picture."""

    lines: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    strong: set[int] = field(default_factory=set)
    """The numbers of the lines that are bold as a whole."""
    emphases: list[tuple[Emphasis, ...]] = field(default_factory=list)
    """What is emphasised in each line."""
    pictures: list[EmbeddedPicture] = field(default_factory=list)
    logo: str = ""
    """What a small picture above it says."""
    place: BlockPlace = TOP
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
    def is_only_words(self) -> bool:
        """Whether it has no links and pictures, and isn't a heading."""
        return not (self.links or self.pictures or self.place.level)

    @property
    def item(self) -> PageListItem | None:
        """The item of a list that the block is in."""
        return self.place.item


PageBlocks = Sequence[PageBlock]


def merged(blocks: PageBlocks) -> PageBlock:
    """Add the lines of blocks to the first one."""
    first, *others = blocks
    for block in others:
        first.strong |= {len(first.lines) + line for line in block.strong}
        first.lines += block.lines
        first.emphases += block.emphases
        first.links += block.links
        first.pictures += block.pictures
    return first
