"""Tell the dash before a publisher's name from a bullet: "— Harbour Post, 3 May" ends an item and doesn't begin one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from briefing.collecting.brief.structure.head import Evidence, likely_source
from briefing.collecting.brief.structure.rows import Row

_DASHES = ("—", "–", "―")


def without_dashes(rows: Iterable[Row], before: dt.date | None) -> list[Row]:
    """Rows without the marks that are only dashes before a source and its date; `before` is the brief's date."""
    return [
        replace(row, mark="") if _is_attribution(row, before) else row
        for row in rows
    ]


def _is_attribution(row: Row, before: dt.date | None) -> bool:
    if not (row.mark and row.raw.startswith(_DASHES)):
        return False
    source = likely_source(row.without_addresses, "", Evidence(before))
    return source is not None and source.has_date
