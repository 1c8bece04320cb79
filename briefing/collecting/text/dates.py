"""Dates as people write them in English, German and Turkish; the names of months and days are those of the CLDR.

Only a whole date counts: day, month and a year of four digits ("31.10.20" is one too, as German and Turkish write it).
A range ("22–24 September 2020") isn't one day, a day that doesn't exist (31 February) isn't one either, and
"08/10/2020" is two, so that it is none.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Literal

from babel import Locale
from babel.dates import get_day_names, get_month_names

# en_GB writes "Sept", de_AT "Jänner".
_LOCALES = ("en", "en_GB", "de", "de_AT", "tr")
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")

# Longer than any date: how much of a line's end is searched for one.
_LONGEST = 80

_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:19|20)\d\d"
# The combining dot is what lower-casing makes of a Turkish capital İ.
_NAME = r"(?:[^\W\d_]|\u0307){3,12}\.?"
# A digit, or a digit with a dash, right before a day: a larger number or a range.
_BEFORE = r"(?<!\d)(?<!\d[-–.,/])(?<!\d [-–] )"
_DATE = re.compile(
    rf"{_BEFORE}(?P<day>{_DAY}) ?(?:of )?(?P<month>{_NAME}),? ?(?P<year>{_YEAR})(?!\d)"
    rf"|\b(?P<month_us>{_NAME}) (?P<day_us>{_DAY}),? (?P<year_us>{_YEAR})(?!\d)"
    rf"|(?<![\d-])(?P<iso>{_YEAR}-\d\d-\d\d)(?![\d-])"
    rf"|{_BEFORE}(?P<dotted>\d{{1,2}}\. ?\d{{1,2}}\. ?{_YEAR})(?!\d)"
    rf"|{_BEFORE}(?P<short>\d{{1,2}}\.\d{{1,2}}\.\d\d)(?![\d.])"
    rf"|(?<![\d/])(?P<slashed>\d{{1,2}}/\d{{1,2}}/{_YEAR})(?![\d/])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")


def fold(text: str) -> str:
    """`text` for comparing: lower case, composed, and with one i for the four of Turkish."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return folded.replace("\u0307", "").replace("ı", "i")


def split_date(line: str) -> tuple[str, dt.date] | None:
    """What stands before the date at the end of `line` (without the weekday), and the date; None where none does."""
    text = _without_weekday_after(_tidy(line).rstrip(" .,;)"))
    tail = max(0, len(text) - _LONGEST)
    for start, end, date in _dates(text[tail:]):
        if tail + end == len(text):
            return _without_weekday_before(text[: tail + start].rstrip()), date
    return None


def split_leading_date(line: str) -> tuple[dt.date, str] | None:
    """The date at the start of `line` (a weekday may stand before it) and what stands behind; None where none does."""
    text = _tidy(line)
    for start, end, date in _dates(text[:_LONGEST]):
        if not start or fold(text[:start].strip(" ,.")) in _weekdays():
            return date, text[end:].strip()
        break
    return None


def mentioned(text: str) -> dt.date | None:
    """The first whole date anywhere in `text`: a hint for the editor, never the date of an item."""
    return next((date for _, _, date in _dates(_tidy(text))), None)


def is_month(word: str) -> bool:
    """Whether `word` is the name of a month, whole or abbreviated, in any of the languages."""
    return fold(word.strip(".,:")) in _months()


def _dates(text: str) -> Iterator[tuple[int, int, dt.date]]:
    for match in _DATE.finditer(text):
        date = _date(match)
        if date:
            yield match.start(), match.end(), date


def _date(match: re.Match[str]) -> dt.date | None:
    month_name = match["month"] or match["month_us"]
    if month_name:
        month = _months().get(fold(month_name).rstrip("."), 0)
        day = _NUMBER.match(match["day"] or match["day_us"])
        return _existing(int(match["year"] or match["year_us"]), month, int(day[0]) if day else 0)
    first, second, third = (int(number) for number in _NUMBER.findall(match[0]))
    if match["iso"]:
        return _existing(first, second, third)
    if match["dotted"] or match["short"]:
        return _existing(third if match["dotted"] else 2000 + third, second, first)
    readings = {_existing(third, second, first), _existing(third, first, second)} - {None}
    return readings.pop() if len(readings) == 1 else None


def _existing(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _without_weekday_after(text: str) -> str:
    before, _, last = text.rpartition(" ")
    return before.rstrip(" ,.(") if fold(last.strip("(.")) in _weekdays() else text


def _without_weekday_before(text: str) -> str:
    """Drop "…, Thursday," and "…, Donnerstag, den"; "Bild am Sonntag" keeps its name, as no separator stands before."""
    bare = text.rstrip(" ,.")
    before, _, last = bare.rpartition(" ")
    if fold(last) in {"den", "the"}:
        bare = before.rstrip(" ,.")
        before, _, last = bare.rpartition(" ")
    before = before.rstrip()
    if fold(last.strip("(.")) in _weekdays() and (not before or before[-1] in ",.;:|·•–—-/"):
        return before
    return text


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def month_names(locale: Locale | str) -> Iterator[tuple[str, int]]:
    """What a locale calls the months, in full and short, and their numbers."""
    for width in _WIDTHS:
        for context in _CONTEXTS:
            yield from ((name, number) for number, name in get_month_names(width, context, locale=locale).items())


@cache
def _months() -> dict[str, int]:
    return {fold(name).rstrip("."): number for locale in _LOCALES for name, number in month_names(locale)}


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(
        fold(name).rstrip(".")
        for locale in _LOCALES
        for width in _WIDTHS
        for context in _CONTEXTS
        for name in get_day_names(width, context, locale=locale).values()
    )
