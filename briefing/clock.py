"""The time of this computer's clock."""

import datetime as dt
from collections.abc import Callable

Now = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


def local_now() -> dt.datetime:
    """Return the time in this computer's time zone."""
    return dt.datetime.now().astimezone()


def today() -> dt.date:
    """Return the date in this computer's time zone."""
    return local_now().date()
