"""The dates that a page's head declares, and on which day each of them can be where the page was written."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

_DAY = dt.timedelta(days=1)

# Time zones range from 12 hours behind UTC to 14 hours ahead of it.
_EARLIEST_NOON = "12:00"
_LATEST_MIDNIGHT = "10:00"
_UTC = re.compile(
    r"[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?\s*(?:Z|\+00:?00|UTC|GMT)$"
)
_TIME = re.compile(r"\d:\d\d")


@dataclass(frozen=True, slots=True)
class DeclaredDate:
    """A date that the page's head declares."""

    date: dt.date
    text: str
    """The text that it was read from."""

    @property
    def utc_time(self) -> str:
        """The time of day, if it is in UTC: "22:00"."""
        match = _UTC.search(self.text)
        return match[1] if match else ""

    @property
    def has_time(self) -> bool:
        return _TIME.search(self.text) is not None


def with_date(declared: Sequence[DeclaredDate], date: dt.date) -> DeclaredDate:
    """Return the declaration of a date; the first one if there is none."""
    same = (candidate for candidate in declared if candidate.date == date)
    return next(same, declared[0])


def nearest(declared: DeclaredDate, shown: Sequence[dt.date]) -> dt.date:
    """Return the declared date if it is shown, else a shown one that it can be in a time zone."""
    date = declared.date
    possible = []
    if declared.utc_time < _EARLIEST_NOON:
        possible.append(date - _DAY)
    if declared.utc_time >= _LATEST_MIDNIGHT:
        possible.append(date + _DAY)
    if date in shown:
        return date
    return next(filter(possible.__contains__, shown), date)


def are_swapped(date: dt.date, other: dt.date) -> bool:
    """Whether two dates differ only in which number is the day: 8/10 and 10/8."""
    numbers = (date.year, date.month, date.day)
    return numbers == (other.year, other.day, other.month)
