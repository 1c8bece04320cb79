"""Tell the dash before a publisher's name from a bullet: "— Harbour Post, 3 May" ends an item and doesn't begin one."""

import datetime as dt
from dataclasses import replace

from .evidence import Evidence
from .row import Row, Rows
from .values import Values, values_alone

_DASHES = ("—", "–", "―", "--")
_LEAST = 2
"""If so many sources with a date are behind dashes, dashes aren't bullets, and other sources need no date."""


def without_dashes_before_sources(
    rows: Rows, before: dt.date | None
) -> list[Row]:
    """Rows without the dashes before sources, if several of these have a date; `before` is the brief's date."""
    sources = {
        row.number: _values(row, before)
        for row in rows
        if row.raw.startswith(_DASHES)
    }
    dated = [found for found in sources.values() if found and found.has_date]
    if len(dated) < _LEAST:
        return list(rows)
    return [_without_dash(row, sources.get(row.number)) for row in rows]


def _bare(row: Row) -> Row:
    return replace(row, mark="", words=row.words.lstrip("—–―- "))


def _values(row: Row, before: dt.date | None) -> Values | None:
    """The source behind a dash."""
    words = _bare(row).without_addresses
    found = values_alone(words, Evidence(before))
    return found if found and found.name else None


def _without_dash(row: Row, found: Values | None) -> Row:
    if found is None:
        return row
    bare = _bare(row)
    # Without a date, and without its dash, a name could be a headline.
    return bare if found.has_date else replace(bare, field="source")
