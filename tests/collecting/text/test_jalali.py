"""Dates of the Persian calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.text.dates import with_ascii_digits
from briefing.collecting.text.jalali import (
    find_jalali,
    from_jalali,
    month_number,
)


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
    assert month_number("آبان") == month_number("عقرب") == 8
    assert month_number("تير") == month_number("تیر") == 4


@pytest.mark.parametrize(
    "text",
    [
        "8 آبان 1399",
        "۸ آبان ماه، ۱۳۹۹",
        "8 عقرب 1399",
        "1399/08/08",
        "1399-8-8",
    ],
)
def test_a_written_date_is_found_where_it_stands(text: str) -> None:
    day = dt.date(2020, 10, 29)
    line = with_ascii_digits(f"تهران، {text} - 12:09")
    assert list(find_jalali(line)) == [(7, day)]


@pytest.mark.parametrize("text", ["8 آبان", "31 آبان 1399", "2020/08/08"])
def test_what_is_not_a_complete_date_of_this_calendar_is_left_out(
    text: str,
) -> None:
    assert list(find_jalali(text)) == []
