"""Every time has its time zone."""

import datetime as dt
import time
from collections.abc import Iterator

import pytest

from briefing import clock


@pytest.fixture(params=["Etc/GMT+12", "Etc/GMT-14"])
def zone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A time zone: at any moment, at least one of them has another date than UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_times_are_in_utc_or_in_this_computers_time_zone() -> None:
    utc, local = clock.utc_now(), clock.local_now()
    assert utc.tzinfo is dt.UTC
    assert local.utcoffset() == utc.astimezone().utcoffset()


@pytest.mark.usefixtures("zone")
def test_today_is_the_date_in_this_computers_time_zone() -> None:
    local = clock.local_now()
    # It may be midnight in between.
    assert local.date() <= clock.today() <= clock.local_now().date()
