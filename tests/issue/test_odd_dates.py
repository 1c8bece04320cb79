"""Dates of an issue that are probably slips."""

import datetime as dt

import pytest

from briefing.issue.model import Item
from briefing.issue.odd_dates import is_far_ahead, is_long_ago

TODAY = dt.date(2026, 11, 30)


def of(*days: str) -> list[Item]:
    return [Item(date=dt.date.fromisoformat(day)) for day in days]


def test_an_issue_may_be_dated_up_to_a_week_ahead() -> None:
    assert not is_far_ahead(dt.date(2026, 12, 7), TODAY)
    assert is_far_ahead(dt.date(2026, 12, 8), TODAY)


@pytest.mark.parametrize(
    ("day", "items", "odd"),
    [
        ("2026-09-29", of("2026-11-28"), False),
        ("2026-09-28", of("2026-11-28"), True),
        ("2025-11-30", of("2026-11-28", "2025-11-28"), True),
        ("2020-10-09", of("2020-10-08", "2019-10-08"), False),
        ("2020-10-09", of("2020-10-16"), False),
        ("2020-10-09", of("2020-10-17"), True),
        ("2020-10-09", of("2020-08-07"), True),
        ("2020-10-09", [], True),
        ("2020-10-09", [Item()], True),
    ],
)
def test_an_issue_may_be_of_an_earlier_time_if_its_news_is(
    day: str, items: list[Item], odd: bool
) -> None:
    assert is_long_ago(dt.date.fromisoformat(day), items, TODAY) is odd
