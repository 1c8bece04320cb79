"""Read the titles of sections as sources, where a brief lists its items by publisher."""

from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.structure.names import (
    host_of,
    is_in_hosts,
    likelihood,
)

_NO_SOURCE = "no source"


def with_outlets(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """Items with the title of their section as source, if no item has another and most links' hosts have that name."""
    confirmed = sum(map(_is_from_section, items))
    are_sourced = any(parsed.item.source for parsed in items)
    if are_sourced or confirmed * 2 <= len(items):
        return list(items)
    return [
        _with_outlet(parsed) if likelihood(parsed.section, "") else parsed
        for parsed in items
    ]


def _with_outlet(parsed: ParsedItem) -> ParsedItem:
    item = replace(parsed.item, source=parsed.section)
    return replace(parsed, item=item).without_note(_NO_SOURCE)


def _is_from_section(parsed: ParsedItem) -> bool:
    return is_in_hosts(parsed.section, host_of(parsed.item))
