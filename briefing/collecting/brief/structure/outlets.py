"""Read the titles of sections as sources, where a brief lists its items by publisher."""

from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.structure.names import host_of, is_in_hosts

_NO_SOURCE = "no source"


def with_outlets(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """Items with the title of their section as source, if no item has another and each link's host has that name."""
    if not items or not all(map(_is_from_section, items)):
        return list(items)
    return [
        replace(
            parsed,
            item=replace(parsed.item, source=parsed.section),
            notes=tuple(note for note in parsed.notes if note != _NO_SOURCE),
        )
        for parsed in items
    ]


def _is_from_section(parsed: ParsedItem) -> bool:
    host = host_of(parsed.item)
    return not parsed.item.source and is_in_hosts(parsed.section, host)
