"""The time of this computer's clock."""

import datetime as dt
from collections.abc import Callable

Now = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the time of this computer's clock, in UTC."""
    return dt.datetime.now(dt.UTC)
