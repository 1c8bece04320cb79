"""Links that were pasted together keep their order, whichever page answers first."""

from itertools import permutations

from briefing.issue.edits import AddItem, Applied
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import END, START, Parts
from briefing.preview.link_order import (
    MOST_LISTS,
    LinkOrder,
    item_above,
)


def issue() -> Parts:
    section = Section(items=(Item(heading="There before"),))
    return Parts.number(Issue(sections=(section,)))


def with_link(parts: Parts, items: dict[int, str], number: int) -> Parts:
    """Add the item of a link, as the page does."""
    above = item_above(number, items, parts)
    edit = AddItem({"heading": f"Link {number}"}, START, above)
    done = edit.applied_to(parts)
    assert isinstance(done, Applied)
    (new,) = {part.id for part in done.parts.items} - {
        part.id for part in parts.items
    }
    items[number] = new
    return done.parts


def headings(parts: Parts) -> list[str]:
    return [part.item.heading for part in parts.items]


def test_whatever_comes_first_the_links_are_in_order_below_what_was_there() -> (
    None
):
    for order in permutations(range(4)):
        items: dict[int, str] = {}
        parts = issue()
        for number in order:
            parts = with_link(parts, items, number)
        expected = ["There before", "Link 0", "Link 1", "Link 2", "Link 3"]
        assert headings(parts) == expected


def test_an_item_that_was_removed_meanwhile_is_not_a_landmark() -> None:
    items: dict[int, str] = {}
    parts = with_link(issue(), items, 0)
    parts = parts.without_item(items[0])
    assert item_above(1, items, parts) == END


def test_only_the_latest_lists_are_remembered() -> None:
    order = LinkOrder()
    order.items_of("first")[0] = "i1"
    assert order.items_of("first") == {0: "i1"}
    for number in range(MOST_LISTS):
        order.items_of(str(number))
    assert order.items_of("first") == {}
