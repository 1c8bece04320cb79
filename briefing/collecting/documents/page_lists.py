"""The lists of a page: which list is in which item, and what marks their items."""

from dataclasses import dataclass

from .elements import Element


@dataclass(eq=False)
class PageList:
    """A list on a page: `ol` or `ul`, and the number of its last item."""

    tag: str
    last: int = 0
    outer: "PageListItem | None" = None
    """The item of another list that it is in."""
    latest: "PageListItem | None" = None

    def next_item(self) -> "PageListItem":
        """Begin the next item."""
        self.last += 1
        mark = f"{self.last}. " if self.tag == "ol" else "- "
        self.latest = PageListItem(self, mark)
        return self.latest


@dataclass(eq=False)
class PageListItem:
    """An item of a list, compared by identity, and the mark before it: "- ", "3. "."""

    list: PageList
    mark: str


class PageLists:
    """The lists that a page has had so far. Google Docs and Word put their parts or items one below the other, with the
    name and level of the list.
    """

    def __init__(self) -> None:
        self._named: dict[tuple[str, int], PageList] = {}

    def inside(
        self,
        element: Element,
        item: PageListItem | None,
        around: PageList | None,
    ) -> tuple[PageList | None, PageListItem | None]:
        """Return the list and the item that an element is or is in, inside an item or at least inside a list."""
        if element.tag in {"ol", "ul"}:
            return self._begun_by(element, item, around), None
        if element.tag == "li" and around:
            return around, around.next_item()
        if element.is_listed_by_word():
            return around, self._next_item_of(element)
        return around, item

    def _begun_by(
        self,
        element: Element,
        item: PageListItem | None,
        around: PageList | None,
    ) -> PageList:
        """Return the list that an element begins or continues, inside an item or at least inside a list."""
        name, level = element.list_of_document()
        known = self._named.get((name, level))
        if known and element.continues_list():
            return known
        above = self._named.get((name, level - 1)) or around
        outer = item or (above.latest if above else None)
        begun = PageList(element.tag, _start_of_list(element) - 1, outer)
        if name:
            self._named[name, level] = begun
        return begun

    def _next_item_of(self, element: Element) -> PageListItem:
        """Return the item that a paragraph of Word is."""
        name, level = element.list_of_document()
        above = self._named.get((name, level - 1))
        outer = above.latest if above else None
        page_list = self._named.get((name, level))
        # Word gives all lists of one look the same name; below another item begins another list.
        if page_list is None or page_list.outer != outer:
            page_list = self._named[name, level] = PageList("ul", 0, outer)
        return page_list.next_item()


def _start_of_list(element: Element) -> int:
    start = element.get("start")
    is_number = start.isdecimal() and len(start) <= 3
    return int(start) if is_number and element.tag == "ol" else 1
