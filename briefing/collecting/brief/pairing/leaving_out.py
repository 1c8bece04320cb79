"""Take doubtful values out of items, with a note that quotes each."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from briefing.collecting.brief.lines.marks import list_item
from briefing.collecting.brief.model import ParsedItem
from briefing.collecting.brief.structure.publisher_names import (
    CAPITALISED,
    likelihood,
)
from briefing.collecting.brief.structure.row import Rows

from .places import DATE, LINK, SOURCE, Place

_NOTHING: Mapping[str, Any] = {LINK: "", SOURCE: "", DATE: None}
# "Court sits · Radio Karsa" is a headline with its source.
_NOT_IN_NAMES = re.compile(r"[·|;#<>]| [–—-] ")


def _quoted(place: Place, kind: str, rows: Rows) -> str:
    row = place.values.get(kind)
    return place.item.source if row is None else rows[row].words


def without_false_name(parsed: ParsedItem) -> ParsedItem:
    """An item without a source that is rather a headline, or a headline with its source."""
    item = parsed.item
    is_headline = (
        bool(item.source)
        and not item.heading
        and likelihood(item.source, "") < CAPITALISED
    )
    # "1. Harbour Post"
    is_listed = list_item(item.source) is not None
    if not (is_headline or is_listed or _NOT_IN_NAMES.search(item.source)):
        return parsed
    date = f", {item.date}" if item.date else ""
    note = (
        f"left out, as it may be another item's source: “{item.source}{date}”"
    )
    item = replace(item, source="", date=None)
    return replace(parsed, item=item).with_notes([note])


def without_values(
    place: Place, kinds: Collection[str], rows: Rows
) -> ParsedItem:
    """An item without some of its values, which a note quotes."""
    item = place.item
    notes: list[str] = []
    for kind in kinds:
        words = item.link if kind == LINK else f"“{_quoted(place, kind, rows)}”"
        note = f"left out, as it may be another item's {kind}: {words}"
        notes.append(note)
    item = replace(item, **{kind: _NOTHING[kind] for kind in kinds})
    return replace(place.parsed, item=item).with_notes(notes)
