"""Parse and format the time of a send."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import RefusedError
from briefing.sending import schedule
from briefing.sending.ledger.schema import Schedule

NOW = dt.datetime(2020, 10, 9, 8, 30, tzinfo=dt.UTC)
FURTHEST = dt.timedelta(hours=72)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-10-10 08:00+00:00", dt.datetime(2020, 10, 10, 8, tzinfo=dt.UTC)),
        ("2020-10-10T08:00Z", dt.datetime(2020, 10, 10, 8, tzinfo=dt.UTC)),
        ("2020-10-10 08:00+02:00", dt.datetime(2020, 10, 10, 6, tzinfo=dt.UTC)),
        (
            " 2020-10-12 08:30:00+00:00 ",
            dt.datetime(2020, 10, 12, 8, 30, tzinfo=dt.UTC),
        ),
    ],
)
def test_a_time_with_an_offset_is_that_time(text: str, at: dt.datetime) -> None:
    assert schedule.parse(text, NOW, FURTHEST) == at


def test_without_an_offset_it_is_local_time() -> None:
    # Local.
    assert (
        schedule.parse("2020-10-10 20:00", NOW, FURTHEST)
        == dt.datetime(2020, 10, 10, 20).astimezone()
    )


def test_a_time_without_a_date_is_today() -> None:
    now = NOW.astimezone().replace(hour=9, minute=0)
    assert schedule.parse("18:30", now, FURTHEST) == now.replace(
        hour=18, minute=30
    )
    with pytest.raises(RefusedError, match="has passed"):
        schedule.parse("8:59", now, FURTHEST)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "25:00",
        "2020-10-10",
        "20201010",
        "2020-13-01 08:00",
        "8",
        "08:00 pm",
    ],
)
def test_text_that_isnt_a_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(
        RefusedError,
        match="isn't a time; write '18:30' for today, or '2026-11-27 08:00'",
    ):
        schedule.parse(text, NOW, FURTHEST)


@given(st.timedeltas(dt.timedelta(days=-400), dt.timedelta(days=400)))
def test_only_times_within_the_providers_limit_are_accepted(
    distance: dt.timedelta,
) -> None:
    at = NOW + distance
    if dt.timedelta(0) < distance <= FURTHEST:
        assert schedule.parse(at.isoformat(), NOW, FURTHEST) == at
    else:
        with pytest.raises(RefusedError):
            schedule.parse(at.isoformat(), NOW, FURTHEST)


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets this computer's time zone for the test."""

    def set_zone(zone: str) -> None:
        changed.setenv("TZ", zone)
        time.tzset()

    with monkeypatch.context() as changed:
        yield set_zone
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Berlin", "2020-10-10 00:30 CEST (2020-10-09 22:30 UTC)"),
        ("Europe/London", "2020-10-09 23:30 BST (22:30 UTC)"),
        ("UTC", "2020-10-09 22:30 UTC"),
    ],
)
def test_a_time_is_shown_in_local_time_and_in_utc(
    in_zone: Callable[[str], None], zone: str, shown: str
) -> None:
    in_zone(zone)
    at = dt.datetime(2020, 10, 9, 22, 30, tzinfo=dt.UTC)
    assert schedule.format_time(at) == shown


def test_the_time_of_a_schedule_is_its_second_since_1970() -> None:
    assert Schedule(1, "batch", int(NOW.timestamp())).at == NOW
