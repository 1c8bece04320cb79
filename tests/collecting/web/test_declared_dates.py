"""On which days a declared moment can be where its page was written."""

import datetime as dt

import pytest

from briefing.collecting.web.declared_dates import DeclaredDate, nearest

DAY = dt.date(2024, 5, 3)
DAY_BEFORE, DAY_AFTER = dt.date(2024, 5, 2), dt.date(2024, 5, 4)


def shown_beside(time: str, shown: dt.date) -> dt.date:
    """The date of a page that declares a moment in UTC and shows a date."""
    declared = DeclaredDate(DAY, f"2024-05-03T{time}Z")
    return nearest(declared, [shown])


@pytest.mark.parametrize(
    ("time", "shown", "date"),
    [
        # 12 hours behind UTC, it is still the day before.
        ("11:59", DAY_BEFORE, DAY_BEFORE),
        ("12:00", DAY_BEFORE, DAY),
        # 14 hours ahead of it, it is the day after.
        ("10:00", DAY_AFTER, DAY_AFTER),
        ("09:59", DAY_AFTER, DAY),
        ("11:59", DAY, DAY),
    ],
)
def test_a_shown_date_counts_if_it_is_the_day_in_some_time_zone(
    time: str, shown: dt.date, date: dt.date
) -> None:
    assert shown_beside(time, shown) == date
