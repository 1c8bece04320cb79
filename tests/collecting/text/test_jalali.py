"""Dates of the Persian calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.text.jalali import MONTHS, from_jalali


@pytest.mark.parametrize(
    ("year", "new_year"),
    # As the official calendar had it: Nowruz is on the 20th or 21st of March.
    [
        (1342, "1963-03-21"),
        (1358, "1979-03-21"),
        (1375, "1996-03-20"),
        (1376, "1997-03-21"),
        (1400, "2021-03-21"),
        (1403, "2024-03-20"),
        (1404, "2025-03-21"),
        (1405, "2026-03-21"),
        (1408, "2029-03-20"),
    ],
)
def test_a_year_begins_at_nowruz(year: int, new_year: str) -> None:
    assert from_jalali(year, 1, 1) == dt.date.fromisoformat(new_year)


@given(st.integers(1210, 1632))
def test_the_days_of_a_year_follow_each_other_without_a_gap(year: int) -> None:
    days = [
        from_jalali(year, month, day)
        for month in range(1, 13)
        for day in range(1, 32)
    ]
    dates = [date for date in days if date]
    assert len(dates) in {365, 366}
    first = dates[0].toordinal()
    assert [date.toordinal() - first for date in dates] == list(
        range(len(dates))
    )
    next_year = from_jalali(year + 1, 1, 1)
    assert next_year == dates[-1] + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1404, 12, 30),
        (1405, 7, 31),
        (1405, 13, 1),
        (1405, 0, 1),
        (1405, 1, 0),
        (1100, 1, 1),
    ],
)
def test_a_day_that_does_not_exist_is_none(
    year: int, month: int, day: int
) -> None:
    assert from_jalali(year, month, day) is None


def test_the_months_have_their_names_in_persian_and_dari() -> None:
    assert len(MONTHS) == 24
    assert MONTHS["آبان"] == MONTHS["عقرب"] == 8
