"""Dates as people write them."""

import datetime as dt

import pytest

from briefing.text.days import parse_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", dt.date(2026, 11, 25)),
        ("2024-02-29", dt.date(2024, 2, 29)),
        ("0001-01-01", dt.date(1, 1, 1)),
    ],
)
def test_a_date_is_year_month_day(text: str, day: dt.date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "2026-11",
            "20261125",
            "2026-W48-3",
            "2026-11-5",
            "26-11-2025",
            "25 November 2026",
            "2026/11/25",
        ),
        *(
            "2026-11-25T",
            " 2026-11-25",
            "2026-13-01",
            "2025-02-29",
            "２０２６-１１-２５",
            "2026-11-25\n",
        ),
    ],
)
def test_any_other_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(
        ValueError, match="write dates as year-month-day, such as 2026-11-25"
    ):
        parse_day(text)
