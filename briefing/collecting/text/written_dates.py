"""Find the dates in a brief's lines as people write them in its languages, with or without a year.

The names of months and weekdays are from the CLDR, through Babel. A date without a year is the last
such day before the brief's own date. "03/05/2023" is the reading that is closer to the brief's date.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale
from babel.dates import get_day_names, get_month_names

from briefing.collecting.text.comparing import fold
from briefing.collecting.text.dates import existing_date

LOCALES = (
    "en",
    "en_GB",
    "de",
    "de_AT",
    "tr",
    "zh",
    "ug",
    "ar",
    "ar_SY",
    "fr",
    "es",
    "ru",
)
_FURTHER_MONTHS = {"sept": 9, "jan": 1, "ene": 1, "mrz": 3}
_NEAR = 45
"""Days before the brief's date within which a reading of "03/05/2023" is likely."""
_YEAR = r"(?:19|20)\d\d"
# A number behind a digit, or behind a digit and a dash, belongs to a larger number or to a range.
_ALONE = r"(?<![\d/])(?<!\d[.,])"


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text."""

    start: int
    end: int
    date: dt.date | None
    """None for a range, a month, or a day that can't be known."""


@lru_cache(maxsize=4096)
def find_dates(text: str, before: dt.date | None) -> Sequence[WrittenDate]:
    """Find the dates in a text, from left to right; `before` is the brief's own date."""
    found: list[WrittenDate] = []
    for match in _pattern().finditer(text):
        start, end = _with_weekday(text, match.start(), match.end())
        date = None if match["range"] else _date_of(match, before)
        found.append(WrittenDate(start, end, date))
    return found


def _date_of(match: re.Match[str], before: dt.date | None) -> dt.date | None:
    for form in range(1, 6):
        month = match[f"m{form}"]
        if month:
            day = int(match[f"d{form}"])
            number = int(month) if month.isdecimal() else _months()[_key(month)]
            year = match[f"y{form}"] or (match["y3b"] if form == 3 else None)
            return _complete(year, number, day, before)
    if match["y6"]:
        first, second = int(match["d6"]), int(match["m6"])
        return _slashed(_full_year(match["y6"]), first, second, before)
    return None


def _complete(
    year: str | None, month: int, day: int, before: dt.date | None
) -> dt.date | None:
    if year:
        return existing_date(_full_year(year), month, day)
    if before is None:
        return None
    dates = [existing_date(before.year - back, month, day) for back in (0, 1)]
    return next((date for date in dates if date and date <= before), None)


def _slashed(
    year: int, first: int, second: int, before: dt.date | None
) -> dt.date | None:
    british = existing_date(year, second, first)
    american = existing_date(year, first, second)
    if not british or not american or british == american:
        return british or american
    if before is None:
        return None
    likely = [
        date
        for date in (british, american)
        if 0 <= (before - date).days <= _NEAR
    ]
    return likely[0] if len(likely) == 1 else None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if year > 99 else 2000 + year


def _with_weekday(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a date's span over the weekday before or after it."""
    before = _WORD_BEFORE.search(text[max(0, start - 25) : start])
    if before and _key(before[1]) in _weekdays():
        start -= len(before[0])
    after = _WORD_AFTER.match(text[end : end + 25])
    if after and _key(after[1]) in _weekdays():
        end += after.end()
    return start, end


_WORD_BEFORE = re.compile(r"([^\W\d_]{2,14})\.?,? $")
_WORD_AFTER = re.compile(r"[,،]? ?\(?([^\W\d_]{2,14})\)?")


def _key(name: str) -> str:
    return fold(name).rstrip(".")


@cache
def _months() -> dict[str, int]:
    months = dict(_FURTHER_MONTHS)
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = get_month_names(
                    width, context, locale=Locale.parse(locale)
                )
                for number, name in names.items():
                    if not name.rstrip(".").isdecimal():
                        months[_key(name)] = number
    return months


@cache
def _weekdays() -> frozenset[str]:
    names: set[str] = set()
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            days = get_day_names(width, "format", locale=Locale.parse(locale))
            names.update(map(_key, days.values()))
    return frozenset(names)


@cache
def _pattern() -> re.Pattern[str]:
    """All notations. Groups d1, m1 and y1 are day, month and year in the first one, and so on."""
    names = sorted(_months(), key=len, reverse=True)
    latin = [re.escape(name) for name in names if "月" not in name]
    month = rf"(?:{'|'.join(latin)})(?!\w)\.?"
    day = r"\d{1,2}"
    to = r"(?:[-–—]|bis|al?|to|au|до|ilâ|ile|إلى)"
    year = rf"(?:,? (?:de )?{_YEAR})?(?!\d)"
    ranges = (
        rf"{_ALONE}{day}\.? ?(?:{month} )?{to} ?{day}(?:\. ?|/| (?:de )?)(?:{month}|{day}(?!\d)){year}",
        rf"(?<!\w){month} {day} ?[-–] ?{day}(?:, {_YEAR})?(?!\d)",
        rf"{_YEAR}年{day}月{day}日?[至到—–-]+(?:{_YEAR}年)?(?:{day}月)?{day}日",
    )
    uyghur_year = rf"(?:(?<!\d)(?P<y3>{_YEAR})-?(?:يىلى|йили)[،,]? )?"
    ordinal = r"(?:-|st|nd|rd|th|\.|º|er)?"
    notations = (
        rf"(?P<range>{'|'.join(ranges)})",
        rf"(?<!\d)(?:(?P<y1>{_YEAR})[年-] ?)?(?P<m1>{day})月 ?(?P<d1>{day})[日号]?",
        rf"(?<![\d-])(?P<y2>{_YEAR})[-./](?P<m2>{day})[-./](?P<d2>{day})(?![\d-])",
        rf"{uyghur_year}{_ALONE}(?<!\d[-–])(?P<d3>{day}){ordinal}"
        rf" ?(?:of |de )?(?P<m3>{month})(?:/{month})?(?:,? ?(?:del? )?(?P<y3b>{_YEAR})(?!\d))?",
        rf"(?<!\w)(?P<m4>{month}) (?P<d4>{day})(?:st|nd|rd|th)?(?![\d:])(?:,? (?P<y4>{_YEAR})(?!\d))?",
        rf"{_ALONE}(?P<d5>{day})\. ?(?P<m5>{day})\. ?(?P<y5>{_YEAR}|\d\d)(?![\d.])",
        rf"{_ALONE}(?P<d6>{day})/(?P<m6>{day})/(?P<y6>{_YEAR}|\d\d)(?![\d/])",
        rf"(?<!\w){month}(?:/{month})? {_YEAR}(?!\d)",
    )
    return re.compile("|".join(notations), re.IGNORECASE)
