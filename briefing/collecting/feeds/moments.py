"""Read the dates of feeds' entries, as machines or people write them."""

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache

from briefing.collecting.text.dates import (
    existing_date,
    month_numbers,
    without_accents,
)
from briefing.collecting.text.written_dates import mentioned
from briefing.text.header_fields import read_moment

_LONGEST = 100
# Those in which no month has the name of another month.
_LANGUAGES = ("pt", "es", "fr", "it", "nl", "sv", "pl", "cs", "ru", "uk")
_WITH_MONTH = re.compile(
    r"(?<![\d./-])(?P<day>\d{1,2})\.?[\s-]*(?:de\s)?"
    r"(?P<month>[^\W\d_][^\W\d_\u0307\u0300-\u036f]{1,14})\.?,?[\s-]*(?:de\s)?"
    r"(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


def parse_moment(text: str) -> dt.datetime | None:
    """Return the moment in a feed's date (ISO 8601, RFC 2822, or as people write one), with its UTC
    offset, or in UTC if it has none.
    """
    text = " ".join(text.split())[:_LONGEST]
    moment = _iso_moment(text) or read_moment(text) or _written_moment(text)
    if moment and not moment.tzinfo:
        return moment.replace(tzinfo=dt.UTC)
    return moment


def _iso_moment(text: str) -> dt.datetime | None:
    time, space, offset = text.rpartition(" ")
    if space and offset.startswith(("+", "-")):
        text = f"{time}{offset}"
    with suppress(ValueError):
        return dt.datetime.fromisoformat(text)
    return None


def _written_moment(text: str) -> dt.datetime | None:
    day, _, time = text.partition("T")
    digits = day.replace("-", "")
    is_iso_day = bool(time) and len(day) == 10 and digits.isdecimal()
    date = mentioned(day if is_iso_day else text) or _date_with_month(text)
    if not date:
        return None
    return dt.datetime.combine(date, dt.time())


def _date_with_month(text: str) -> dt.date | None:
    """Return the date with a month's name in one of the usual languages of feeds."""
    for match in _WITH_MONTH.finditer(text):
        month = _months().get(without_accents(match["month"]), 0)
        date = existing_date(int(match["year"]), month, int(match["day"]))
        if date:
            return date
    return None


@cache
def _months() -> Mapping[str, int]:
    months: dict[str, int] = {}
    for language in _LANGUAGES:
        months |= month_numbers(language)
    return months
