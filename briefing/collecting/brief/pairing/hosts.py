"""Judge by the hosts of links which item a publisher's name belongs to."""

from collections.abc import Sequence

from briefing.collecting.brief.pairing.places import LINK, Place
from briefing.collecting.brief.structure.names import host_of, is_in_hosts
from briefing.issue.model import Item

_LEAST_AGREEING = 2
"""Links that must lead to the publisher in the row beside them."""


def confirm_sides(
    pairs: Sequence[tuple[Place, int]], places: Sequence[Place]
) -> bool:
    """Whether the links in the headlines say that each publisher's row belongs to its item, and not to the one on its
    other side: all rows are on the same side, and the links lead to these publishers. `places` are all items.
    """
    sides = {row < place.first for place, row in pairs}
    if len(sides) != 1:
        return False
    hosts_beyond = _hosts_beyond(places, is_above=sides.pop())
    if not all(_is_linked(place) for place, _ in pairs):
        return False
    own = other = 0
    for place, _ in pairs:
        source = place.parsed.item.source
        is_own = is_in_hosts(source, host_of(place.parsed.item))
        is_other = is_in_hosts(source, hosts_beyond[place.number])
        own += is_own and not is_other
        other += is_other and not is_own
    return own >= _LEAST_AGREEING and not other


def _is_linked(place: Place) -> bool:
    """Whether an item's link is in its headline."""
    link = place.values.get(LINK)
    return link is not None and place.is_in_headline(link)


def _hosts_beyond(places: Sequence[Place], *, is_above: bool) -> dict[int, str]:
    """The host of the item on the other side of each item's row; "" if there is none. By the items' numbers."""
    hosts = [host_of(place.parsed.item) for place in places]
    beyond = ["", *hosts[:-1]] if is_above else [*hosts[1:], ""]
    numbers = [place.number for place in places]
    return dict(zip(numbers, beyond, strict=True))


def lead_to_neighbours(places: Sequence[Place]) -> bool:
    """Whether more links lead to the publisher of the item above or below than to their own. A neighbour whose own link
    leads to its publisher lacks none.
    """
    own = other = 0
    for number, place in enumerate(places):
        host = host_of(place.parsed.item)
        if _publishes(place.parsed.item, host):
            own += 1
        elif any(
            _publishes(neighbour, host)
            and not _publishes(neighbour, host_of(neighbour))
            for neighbour in _neighbours(number, places)
        ):
            other += 1
    return other > own


def leads_to_own(place: Place, places: Sequence[Place]) -> bool:
    """Whether an item's link leads to its publisher, and not to that of an item beside it; `places` are all items."""
    host = host_of(place.parsed.item)
    beside = _neighbours(places.index(place), places)
    return _publishes(place.parsed.item, host) and not any(
        _publishes(neighbour, host) for neighbour in beside
    )


def _neighbours(number: int, places: Sequence[Place]) -> list[Item]:
    """The items above and below the item of this number."""
    beside = [*places[max(0, number - 1) : number], *places[number + 1 :][:1]]
    return [neighbour.parsed.item for neighbour in beside]


def _publishes(item: Item, host: str) -> bool:
    return bool(item.source and host) and is_in_hosts(item.source, host)
