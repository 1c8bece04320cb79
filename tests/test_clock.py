"""Every time has its time zone."""

import datetime as dt

from briefing import clock


def test_times_are_in_utc_or_in_this_computers_time_zone() -> None:
    utc, local = clock.utc_now(), clock.local_now()
    assert utc.tzinfo is dt.UTC
    assert local.utcoffset() == utc.astimezone().utcoffset()
    # It may be midnight in between.
    assert local.date() <= clock.today() <= clock.local_now().date()
