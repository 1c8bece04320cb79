"""Dates as people write them into files and on the command line."""

import contextlib
import datetime as dt


def parse_day(text: str) -> dt.date:
    """Return the date in a text such as 2026-11-25. Raises ValueError, also for the other forms of ISO 8601 that
    date.fromisoformat accepts.
    """
    if len(text) == 10 and text[4] == text[7] == "-":
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(text)
    raise ValueError(
        f"'{text}' isn't a date; write dates as year-month-day, such as 2026-11-25"
    )
