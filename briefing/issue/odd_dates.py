"""Dates of an issue that are probably slips."""

import datetime as dt
from collections.abc import Iterable

from .model import Item

_SOON = dt.timedelta(days=7)
_LONG_AGO = dt.timedelta(days=62)


def is_far_ahead(day: dt.date, today: dt.date) -> bool:
    """Whether an issue is dated more than a week from today."""
    return day - today > _SOON


def is_long_ago(day: dt.date, items: Iterable[Item], today: dt.date) -> bool:
    """Whether an issue is dated more than two months ago, although its news isn't from then."""
    newest = max((item.date for item in items if item.date), default=today)
    is_of_that_time = day - _LONG_AGO <= newest <= day + _SOON
    return today - day > _LONG_AGO and not is_of_that_time
