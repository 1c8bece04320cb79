"""Guard against items that have their neighbours' links, sources or dates: the worst that can happen to a brief.

If every link stands below its headline but one is left over above the first, and none is below the last, then the links
are rather those of the headlines below them. Nothing tells which is true, so all of them are left out with a note.
Sources with their dates are treated in the same way. Hosts tell, too: if more links lead to the publisher of the item
beside than to their own, they are shifted.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from briefing.collecting.brief.assemble import Brief
from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.labels import classify_title
from briefing.collecting.brief.lists import without_ornaments
from briefing.collecting.brief.structure.names import is_in_hosts, likelihood
from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.source_line import read_source
from briefing.collecting.text.comparing import fold
from briefing.issue.model import Item

_LEAST_ITEMS = 2
_AROUND = 40
"""Rows on either side of a headline in which its own link and source are looked for."""
_NEAR = 4
"""Rows below the last headline in which its own link and source are."""


def without_shifted(
    brief: Brief, rows: Sequence[Row], before: dt.date | None
) -> Brief:
    """Leave out the links or sources of a brief's items if they may belong to their neighbours."""
    items = [parsed.item for parsed in brief.items if parsed.item.heading]
    headlines = _headlines(items, rows)
    if len(items) < _LEAST_ITEMS or len(headlines) < len(items):
        return brief
    linked = {n for n, row in enumerate(rows) if row.is_address}
    sourced = {n for n, row in enumerate(rows) if _names_source(row, before)}
    pairs = list(zip(items, headlines, strict=True))
    links = [_own(rows, linked, pair, _leads) for pair in pairs]
    sources = [_own(rows, sourced, pair, _names) for pair in pairs]
    if _is_shifted(linked, links, headlines) or _lead_to_neighbours(items):
        brief = _changed(brief, _without_link)
    if _is_shifted(sourced, sources, headlines):
        brief = _changed(brief, _without_source)
    return brief


def _own(
    rows: Sequence[Row],
    places: set[int],
    pair: tuple[Item, int],
    has: Callable[[Row, Item], bool],
) -> int | None:
    """The row nearest to an item's headline, among these, that has what the item has."""
    item, headline = pair
    near = range(max(0, headline - _AROUND), headline + _AROUND)
    own = [n for n in places.intersection(near) if has(rows[n], item)]
    return min(own, key=lambda place: abs(place - headline), default=None)


def _leads(row: Row, item: Item) -> bool:
    return item.link in row.addresses


def _names(row: Row, item: Item) -> bool:
    return bool(item.source) and item.source in row.raw


def _is_shifted(
    places: Collection[int],
    own: Sequence[int | None],
    headlines: Sequence[int],
) -> bool:
    """Whether all rows are on one side of their headlines, and one is left over on the other."""
    first, last = headlines[0], headlines[-1]
    pairs = zip(own, headlines, strict=True)
    are_above = {place < line for place, line in pairs if place is not None}
    left_over = set(places).difference(own)
    if not set(headlines).isdisjoint(places):  # such a row has its own
        return False
    if are_above == {True}:
        return not left_over.isdisjoint(range(last + 1, last + _NEAR + 1))
    if are_above == {False}:
        return first - 1 in left_over and own[-1] is None
    return False


def _lead_to_neighbours(items: Sequence[Item]) -> bool:
    """Whether more links lead to the publisher of the item above or below than to their own."""
    own = other = 0
    for place, item in enumerate(items):
        host = urlsplit(item.link).hostname or ""
        beside = [
            *items[max(0, place - 1) : place],
            *items[place + 1 : place + 2],
        ]
        if _publishes(item, host):
            own += 1
        elif any(_publishes(neighbour, host) for neighbour in beside):
            other += 1
    return other > own


def _publishes(item: Item, host: str) -> bool:
    return bool(item.source and host) and is_in_hosts(item.source, host)


def _headlines(items: Sequence[Item], rows: Sequence[Row]) -> list[int]:
    """The row of each item's headline, in order; fewer if one isn't found."""
    places: list[int] = []
    place = 0
    for item in items:
        wanted = _bare(item.heading)
        while place < len(rows) and wanted not in _bare(rows[place].words):
            place += 1
        if place == len(rows):
            break
        places.append(place)
        place += 1
    return places


def _bare(words: str) -> str:
    return fold(without_ornaments(words).strip("*_ "))


def _names_source(row: Row, before: dt.date | None) -> bool:
    """Whether a row is a source and its date."""
    if row.links or classify_title(row.words):
        return False
    source = read_source(row.words.strip("()"), before)
    if source is None or not source.has_date:
        return False
    return likelihood(source.name, "") > 0


def _changed(brief: Brief, change: Callable[[ParsedItem], ParsedItem]) -> Brief:
    return replace(brief, items=list(map(change, brief.items)))


def _without_link(parsed: ParsedItem) -> ParsedItem:
    if not parsed.item.link:
        return parsed
    note = f"left out, as it may be another item's link: {parsed.item.link}"
    item = replace(parsed.item, link="")
    return replace(parsed, item=item).with_notes([note])


def _without_source(parsed: ParsedItem) -> ParsedItem:
    item = parsed.item
    if not item.source and not item.date:
        return parsed
    date = item.date.isoformat() if item.date else ""
    words = ", ".join(filter(None, [item.source, date]))
    note = f"left out, as it may be another item's source: “{words}”"
    item = replace(item, source="", date=None)
    return replace(parsed, item=item).with_notes([note])
