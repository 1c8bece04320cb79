"""The place of each link that was pasted with others: they stay in their order, though some pages
answer sooner. No I/O.
"""

from collections import OrderedDict

from briefing.issue.parts import END, Parts

LinkItems = dict[int, str]
"""The ids of items by the numbers of their links in a list."""
MOST_LISTS = 20
"""Lists of links that are remembered."""


class LinkOrder:
    """The items that links have become, by the list that they were in and their number there."""

    def __init__(self) -> None:
        self._lists: OrderedDict[str, LinkItems] = OrderedDict()

    def items_of(self, key: str) -> LinkItems:
        """Return the items of a list so far, to be added to."""
        items = self._lists.setdefault(key, {})
        self._lists.move_to_end(key)
        while len(self._lists) > MOST_LISTS:
            self._lists.popitem(last=False)
        return items


def item_above(number: int, items: LinkItems, parts: Parts) -> str:
    """Return the id of the item that a link's item comes below: that of the nearest link before it,
    or else whatever is above that of the nearest link after it.
    """
    there = {each: item for each, item in items.items() if parts.place_of(item)}
    before = [each for each in there if each < number]
    if before:
        return there[max(before)]
    if not there:
        return END
    place = parts.place_of(there[min(there)])
    return place.after if place else END
