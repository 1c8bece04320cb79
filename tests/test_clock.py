"""Every time has its time zone."""

import datetime as dt

import pytest

from briefing import clock


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
