"""Dates as titles: a brief that lists its items by day has the date above those of the day."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.source_line import strip_separators
from briefing.collecting.text.written_dates import find_dates

_LONGEST = 60
_LEAST_LINKED = 2
_NO_DATE = "no date"


def date_alone(text: str, before: dt.date | None) -> dt.date | None:
    """The date that is all of a text; `before` is the brief's own date."""
    for found in find_dates(text[: _LONGEST + 1], before)[:1]:
        rest = text[: found.start] + text[found.end :]
        return None if strip_separators(rest) else found.date
    return None


def split_by_days(
    rows: Sequence[Row], before: dt.date | None
) -> Iterator[tuple[Row | None, Sequence[Row]]]:
    """The date above the items of each day, with the rows below it; None for those above the first one."""
    day: Row | None = None
    start = 0
    for place, row in enumerate(rows):
        if _is_day(rows, place) and date_alone(row.words, before):
            yield day, rows[start:place]
            day, start = row, place + 1
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


def with_day(parsed: ParsedItem, day: dt.date | None) -> ParsedItem:
    """An item with the date of its day, unless it has its own."""
    if day is None or parsed.item.date:
        return parsed
    notes = tuple(note for note in parsed.notes if note != _NO_DATE)
    return replace(parsed, item=replace(parsed.item, date=day), notes=notes)
