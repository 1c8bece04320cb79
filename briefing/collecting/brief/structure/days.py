"""Dates as titles: a brief that lists its items by day has the date above those of the day."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.source_line import date_alone

_LEAST_LINKED = 2


@dataclass(frozen=True, slots=True)
class Day:
    """A date above the items of a day."""

    row: Row
    date: dt.date


def split_by_days(
    rows: Sequence[Row], before: dt.date | None
) -> Iterator[tuple[Day | None, Sequence[Row]]]:
    """Each day with the rows below its date; None for those above the first one."""
    day: Day | None = None
    start = 0
    for place, row in enumerate(rows):
        found = date_alone(row.words, before) if _is_day(rows, place) else None
        if found and found.date:
            yield day, rows[start:place]
            day, start = Day(row, found.date), place + 1
    yield day, rows[start:]


def _is_day(rows: Sequence[Row], place: int) -> bool:
    """Whether a row begins a paragraph, and a list is below it."""
    row = rows[place]
    if row.links or row.is_cell or row.mark or place + 1 == len(rows):
        return False
    if place and rows[place - 1].block == row.block:
        return False
    return bool(rows[place + 1].mark or row.level) or _begins_list(rows, place)


def _begins_list(rows: Sequence[Row], place: int) -> bool:
    """Whether several rows below, in the same paragraph, have a link in their words."""
    block = rows[place].block
    below = takewhile(lambda row: row.block == block, rows[place + 1 :])
    linked = sum(bool(row.links) and not row.is_address for row in below)
    return linked >= _LEAST_LINKED


def ends_day(row: Row, day: Row) -> bool:
    """Whether a row is a heading that isn't below that of a day. Any heading ends a day that is no heading itself."""
    return bool(row.level) and (not day.level or row.level <= day.level)
