"""Tell the dash before a publisher's name from a bullet: "— Harbour Post, 3 May" ends an item and doesn't begin one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.values import values_alone

_DASHES = ("—", "–", "―", "--")


def without_dashes(rows: Iterable[Row], before: dt.date | None) -> list[Row]:
    """Rows without the dashes that are only before a source and its date; `before` is the brief's date."""
    return [_without_dash(row, before) for row in rows]


def _without_dash(row: Row, before: dt.date | None) -> Row:
    if not row.raw.startswith(_DASHES):
        return row
    bare = replace(row, mark="", words=row.words.lstrip("—–―- "))
    found = values_alone(bare.without_addresses, "", Evidence(before))
    is_source = found is not None and found.source and found.has_date
    return bare if is_source else row
