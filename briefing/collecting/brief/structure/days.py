"""Find the dates above several items: a brief that lists its items by day has "3 May" once, above those of the day."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .row import Row, Rows
from .row_paragraphs import is_above_several, rest_of_paragraph
from .segments import DAY, SECTION, Segment, Segments
from .source_line import date_alone

# With 1, the date of a single item, above its headline, is also that of an undated item below.
_LEAST_LINKED = 2
_LEAST_DAYS = 2


def split_by_days(
    rows: Rows, before: dt.date | None
) -> Iterator[tuple[Segment | None, Rows]]:
    """Each day with the rows below its date; None for those above the first one."""
    day: Segment | None = None
    start = 0
    dates = _dates_above(rows, before)
    are_days = _are_titles(rows, list(dates)) or any(
        _heads_items(rows, place, before) for place in dates
    )
    for place, date in dates.items():
        if are_days or _is_above_list(rows, place):
            yield day, rows[start:place]
            day = Segment(DAY, (rows[place],), date=date)
            start = place + 1
    yield day, rows[start:]


def _dates_above(rows: Rows, before: dt.date | None) -> dict[int, dt.date]:
    """The rows that are a date and begin a paragraph, with their dates."""
    dates: dict[int, dt.date] = {}
    for place, row in enumerate(rows[:-1]):
        # Further down in its paragraph, a date is rather that of an item.
        is_first = not place or rows[place - 1].block != row.block
        if not is_first or row.links or row.is_cell or row.mark:
            continue
        found = date_alone(row.words, before)
        if found and found.date:
            dates[place] = found.date
    return dates


def _are_titles(rows: Rows, dates: Sequence[int]) -> bool:
    """Whether each of several dates is a paragraph of its own, one of them above several paragraphs with a link."""
    if len(dates) < _LEAST_DAYS or any(
        rows[place + 1].block == rows[place].block for place in dates
    ):
        return False
    return is_above_several(rows, dates)


def _is_above_list(rows: Rows, place: int) -> bool:
    return bool(rows[place + 1].mark or rows[place].level)


def _heads_items(rows: Rows, place: int, before: dt.date | None) -> bool:
    """Whether several rows with words and a link, or with an address below them, are below a date in its paragraph.

    If another date is in the paragraph, each is rather that of an item.
    """
    below = rest_of_paragraph(rows, place)
    if any(date_alone(row.words, before) for row in below):
        return False
    linked = sum(row.is_linked for row in below)
    led = sum(
        row.is_address and not above.links for above, row in pairwise(below)
    )
    return max(linked, led) >= _LEAST_LINKED


def days_of(segments: Segments) -> Iterator[Segment | None]:
    """For each segment, the date of the day that it is in; None if it is in none.

    The title of a section ends a day, "No date", unless the day has sections: one is right below its date.
    """
    day: Segment | None = None
    has_sections = False
    for above, segment in zip([None, *segments], segments, strict=False):
        if segment.kind == DAY:
            day = segment
            has_sections = False
        elif day:
            is_title = segment.kind == SECTION
            has_sections |= is_title and above is day
            is_next = is_title and not has_sections
            if is_next or ends_day(segment.rows[0], day.rows[0]):
                day = None
        yield day


def ends_day(row: Row, day: Row) -> bool:
    """Whether a row is a heading that isn't below that of a day. Any heading ends a day that isn't a heading itself."""
    return bool(row.level) and (not day.level or row.level <= day.level)
