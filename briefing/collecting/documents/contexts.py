"""What the elements around a place on a page say about the words there: how they look, where they are, and whether they
are part of the text.
"""

from dataclasses import dataclass

from .asides import Aside, aside_of
from .elements import Element
from .page_blocks import TOP, BlockPlace, TableCell, TableRow
from .page_lists import PageList


@dataclass(frozen=True, slots=True)
class Context:
    """The state inside an element."""

    tag: str = ""
    unread: bool = False
    silent: bool = False
    """Whether its words aren't even quoted in a note."""
    keeps_line_ends: bool = False
    bold: bool = False
    italic: bool = False
    place: BlockPlace = TOP
    list: PageList | None = None
    table: object = None
    row: TableRow | None = None
    aside: Aside | None = None
    """What it belongs to that isn't part of the text."""
    path: int = 0
    """The number of the path to the element."""
    first_block: int = 0
    """How many blocks there were when it began."""

    def cell_in(
        self,
        element: Element,
    ) -> tuple[object, TableRow | None, TableCell | None]:
        """The table, the row and the cell that the words in an element directly inside are in."""
        if element.tag == "table":
            return object(), None, None
        if element.tag == "tr":
            return self.table, TableRow(), None
        if element.tag in {"td", "th"} and self.row:
            cell = TableCell(self.row, self.table, self.row.next_number())
            return self.table, self.row, cell
        return self.table, self.row, self.place.cell

    def aside_in(
        self,
        element: Element,
        *,
        in_page: bool,
        is_hidden: bool,
    ) -> tuple[Aside | None, bool]:
        """What an element directly inside belongs to that isn't part of the text, and whether not even a note quotes
        its words.

        `in_page` says that the element isn't inside an article, `is_hidden` that the page doesn't show it. Hidden
        words in something that is left out aren't quoted.
        """
        is_silent = self.silent or element.is_silent()
        if self.aside:
            return self.aside, is_silent or is_hidden
        if is_silent:
            return None, True
        return aside_of(element, in_page=in_page, is_hidden=is_hidden), False
