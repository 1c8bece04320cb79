"""Judge by the hosts of links which item a link belongs to."""

from briefing.collecting.brief.structure.publisher_hosts import is_in_hosts
from briefing.collecting.text.hosts import host_of
from briefing.issue.model import Item

from .places import Place, Places


def lead_to_neighbours(places: Places) -> bool:
    """Whether more links lead to the publisher of the item above or below than to their own. A neighbour whose own link
    leads to its publisher lacks none.
    """
    own = other = 0
    for number, place in enumerate(places):
        host = host_of(place.item.link)
        if _publishes(place.item, host):
            own += 1
        elif any(
            _publishes(neighbour, host)
            and not _publishes(neighbour, host_of(neighbour.link))
            for neighbour in _neighbours(number, places)
        ):
            other += 1
    return other > own


def leads_to_own(place: Place, places: Places) -> bool:
    """Whether an item's link leads to its publisher, and not to that of an item beside it; `places` are all items."""
    host = host_of(place.item.link)
    beside = _neighbours(places.index(place), places)
    return _publishes(place.item, host) and not any(
        _publishes(neighbour, host) for neighbour in beside
    )


def _neighbours(number: int, places: Places) -> list[Item]:
    """The items above and below the item of this number."""
    above = places[max(0, number - 1) : number]
    beside = [*above, *places[number + 1 :][:1]]
    return [neighbour.item for neighbour in beside]


def _publishes(item: Item, host: str) -> bool:
    return is_in_hosts(item.source, host)
