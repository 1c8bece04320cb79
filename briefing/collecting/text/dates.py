"""Read dates as people and machines write them. The names of months and weekdays are from the CLDR,
through Babel.

`mentioned` finds complete dates in English, German or Turkish: day, month and a year of four digits, or "31.10.20" as
German and Turkish write it. It ignores ranges ("22–24 September 2020"), days that don't exist (31 February), and
"08/10/2020", which can be either of two dates. What pasted briefs need is in `written_dates`.

`DateReader` reads the lines around the headline of a web page, in any language that Babel knows;
`parse_moment` reads the dates in feeds.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from itertools import filterfalse
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

from briefing.collecting.text.comparing import fold
from briefing.normal_forms import normalized

# en_GB writes "Sept", de_AT "Jänner".
_BRIEF_LOCALES = ("en", "en_GB", "de", "de_AT", "tr")
_Width = Literal["wide", "abbreviated"]
_Context = Literal["format", "stand-alone"]
_FORMS: tuple[tuple[_Width, _Context], ...] = (
    ("wide", "format"),
    ("wide", "stand-alone"),
    ("abbreviated", "format"),
    ("abbreviated", "stand-alone"),
)
# Those in which no month has the name of another month.
_FEED_LOCALES = ("pt", "es", "fr", "it", "nl", "sv", "pl", "cs", "ru", "uk")
_EXTRA_MONTHS = {
    "en": {"sept": 9},
    "de": {"janner": 1, "feber": 2, "marz": 3, "mrz": 3},
}

_MAX_MOMENT = 100

_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:19|20)\d\d"
# Lower-casing a Turkish capital İ leaves a combining dot.
_NAME = r"(?:[^\W\d_]|\u0307){3,12}\.?"
# After a digit, or a digit and a dash, a number isn't a day but part of a larger number or a range.
_BEFORE = r"(?<!\d)(?<!\d[-–.,/])(?<!\d [-–] )"
_IN_BRIEF = re.compile(
    rf"{_BEFORE}(?P<day>{_DAY}) ?(?:of )?(?P<month>{_NAME}),? ?(?P<year>{_YEAR})(?!\d)"
    rf"|\b(?P<month_us>{_NAME}) (?P<day_us>{_DAY}),? (?P<year_us>{_YEAR})(?!\d)"
    rf"|(?<![\d-])(?P<iso>{_YEAR}-\d\d-\d\d)(?![\d-])"
    rf"|{_BEFORE}(?P<dotted>\d{{1,2}}\. ?\d{{1,2}}\. ?{_YEAR})(?!\d)"
    rf"|{_BEFORE}(?P<short>\d{{1,2}}\.\d{{1,2}}\.\d\d)(?![\d.])"
    rf"|(?<![\d/])(?P<slashed>\d{{1,2}}/\d{{1,2}}/{_YEAR})(?![\d/])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")

_FROM_MACHINE = re.compile(
    r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?!\d)"
    r"|((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?!\d)"
    r"|((?:19|20)\d\d)(\d\d)(\d\d)(?:T|\d{6}|$|\s)"
)
_LETTERS = r"[^\W\d_][^\W\d_\u0307\u0300-\u036f]{1,14}"
# d1, m1 and y1 are day, month and year in the first notation, and so on. In the last one, the order
# of the first two numbers depends on the language.
_ON_PAGE = re.compile(
    r"(?<![\d./-])(?P<d1>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s,/-]*(?:of\s|de\s|di\s|d[’'])?\s*"
    rf"(?P<m1>{_LETTERS})\.?,?\s*(?:del?\s|of\s|г\.?\s)?[\s,/-]*(?P<y1>{_YEAR})(?!\d)"
    rf"|(?<!\w)(?P<m2>{_LETTERS})\.?\s*(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)(?:de\s)?(?P<y2>{_YEAR})(?!\d)"
    rf"|(?<!\d)(?P<y3>{_YEAR})\s?[年년.]\s?(?P<m3>\d{{1,2}})\s?[月월.]\s?(?P<d3>\d{{1,2}})(?:\s?[日일]|(?!\d))"
    rf"|(?<![\d-])(?P<y4>{_YEAR})[-/](?P<m4>\d{{1,2}})[-/](?P<d4>\d{{1,2}})(?!\d)"
    rf"|(?<![\d.])(?P<d5>\d{{1,2}})\.\s?(?P<m5>\d{{1,2}})\.\s?(?P<y5>{_YEAR}(?!\d)|\d\d(?![\d.]))"
    rf"|(?<![\d/-])(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-](?P<y6>{_YEAR})(?![\d/])",
    re.IGNORECASE,
)


_IN_FEED = re.compile(
    rf"(?<![\d./-])(?P<day>\d{{1,2}})\.?[\s-]*(?:de\s)?"
    rf"(?P<month>{_LETTERS})\.?,?[\s-]*(?:de\s)?(?P<year>{_YEAR})(?!\d)",
    re.IGNORECASE,
)


def existing_date(year: int, month: int, day: int) -> dt.date | None:
    """Return this date; None for one that doesn't exist, such as 31 February."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


# --- Briefs


def mentioned(text: str) -> dt.date | None:
    """Return the first complete date anywhere in a text."""
    for _, _, date in _dates_in_brief(_tidy(text)):
        return date
    return None


def is_month(word: str) -> bool:
    """Whether a word is the name of a month, in full or abbreviated."""
    return fold(word.strip(".,:")) in _brief_months()


def _dates_in_brief(text: str) -> Iterator[tuple[int, int, dt.date]]:
    for match in _IN_BRIEF.finditer(text):
        date = _brief_date(match)
        if date:
            yield match.start(), match.end(), date


def _brief_date(match: re.Match[str]) -> dt.date | None:
    name = match["month"] or match["month_us"]
    if name:
        return _named_date(match, name)
    first, second, third = map(int, _NUMBER.findall(match[0]))
    if match["iso"]:
        return existing_date(first, second, third)
    if match["dotted"]:
        return existing_date(third, second, first)
    if match["short"]:
        return existing_date(2000 + third, second, first)
    return _slashed_date(first, second, third)


def _named_date(match: re.Match[str], name: str) -> dt.date | None:
    month = _brief_months().get(fold(name).rstrip("."), 0)
    year = match["year"] or match["year_us"]
    day = _NUMBER.match(match["day"] or match["day_us"])
    return existing_date(int(year), month, int(day[0]) if day else 0)


def _slashed_date(first: int, second: int, year: int) -> dt.date | None:
    british = existing_date(year, second, first)
    american = existing_date(year, first, second)
    return _unambiguous(british, american)


def _tidy(text: str) -> str:
    composed = normalized("NFC", text)
    return " ".join(composed.split())


# --- Web pages


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the dates of a page in one language, and ignores those out of its range."""

    language: str = ""
    """With the region, if it is known: American dates begin with the month. English is always
    read as well.
    """
    earliest: dt.date = dt.date.min
    latest: dt.date = dt.date.max

    def parse(self, text: str) -> dt.date | None:
        """Return the date in a text that machines write (`parse_machine_date`), else the first date
        near its start.
        """
        date = self.parse_machine_date(text)
        return date or self.find_first(text[:200])

    def parse_machine_date(self, text: str) -> dt.date | None:
        """Return the day of a moment in ISO 8601 or in seconds since 1970, in the time zone in
        which it is written.
        """
        text = text.strip()
        match = _FROM_MACHINE.match(text)
        if match:
            year, month, day = map(int, filter(None, match.groups()))
            return self.date(year, month, day)
        if not _is_epoch(text):
            return None
        seconds = int(text[:10])
        moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
        return self.date(moment.year, moment.month, moment.day)

    def find(self, text: str) -> Iterator[tuple[int, dt.date]]:
        """Yield the complete dates in a text, each with its position."""
        months = {**_months("en"), **_months(self.language)}
        for match in _ON_PAGE.finditer(text):
            date = self._date(match, months)
            if date:
                yield match.start(), date

    def find_first(self, text: str) -> dt.date | None:
        for _, date in self.find(text):
            return date
        return None

    def date(self, year: int, month: int, day: int) -> dt.date | None:
        """Return this date if it exists and is in range."""
        found = existing_date(year, month, day)
        if found and self.earliest <= found <= self.latest:
            return found
        return None

    def _date(
        self, match: re.Match[str], months: Mapping[str, int]
    ) -> dt.date | None:
        for form in "12345":
            if match[f"y{form}"]:
                return self.date(
                    _full_year(match[f"y{form}"]),
                    _month_number(match[f"m{form}"], months),
                    int(match[f"d{form}"]),
                )
        return self._ambiguous_date(
            int(match["y6"]),
            int(match["first"]),
            int(match["second"]),
        )

    def _ambiguous_date(
        self, year: int, first: int, second: int
    ) -> dt.date | None:
        """Read 8/10/2020 in the order of the language; return None for English of an unknown
        region, if either order is possible.
        """
        region = self.language.lower().replace("_", "-")
        british = self.date(year, second, first)
        american = self.date(year, first, second)
        if region == "en-us":
            return american or british
        if region in {"en", ""}:
            return _unambiguous(british, american)
        return british or american


def _unambiguous(
    british: dt.date | None, american: dt.date | None
) -> dt.date | None:
    """Return the date if the two readings don't contradict each other; else None."""
    if british and american and british != american:
        return None
    return british or american


def _is_epoch(text: str) -> bool:
    """Whether a text is a moment after 2001 in seconds or milliseconds since 1970."""
    if len(text) not in {10, 13}:
        return False
    return text.isdecimal() and text.startswith("1")


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if year > 99 else 2000 + year


def _month_number(name: str, months: Mapping[str, int]) -> int:
    if name.isdecimal():
        return int(name)
    return months.get(_without_accents(name), 0)


def _without_accents(name: str) -> str:
    decomposed = normalized("NFD", name.casefold())
    letters = filterfalse(unicodedata.combining, decomposed)
    bare = "".join(letters).rstrip(".")
    return bare.replace("ı", "i")


# --- Feeds


def parse_moment(text: str) -> dt.datetime | None:
    """Return the moment in a feed's date (ISO 8601, RFC 2822, or as people write one), with its UTC
    offset, or in UTC if it has none.
    """
    text = " ".join(text.split())[:_MAX_MOMENT]
    moment = _iso_moment(text) or _mail_moment(text) or _written_moment(text)
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


def _mail_moment(text: str) -> dt.datetime | None:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime(text)
    return None


def _written_moment(text: str) -> dt.datetime | None:
    day, _, time = text.partition("T")
    digits = day.replace("-", "")
    is_iso_day = bool(time) and len(day) == 10 and digits.isdecimal()
    date = mentioned(day if is_iso_day else text) or _date_in_feed(text)
    if not date:
        return None
    return dt.datetime.combine(date, dt.time())


def _date_in_feed(text: str) -> dt.date | None:
    """Return the date with a month's name in one of the usual languages of feeds."""
    for match in _IN_FEED.finditer(text):
        month = _feed_months().get(_without_accents(match["month"]), 0)
        date = existing_date(int(match["year"]), month, int(match["day"]))
        if date:
            return date
    return None


# --- Names


def _month_names(locale: Locale | str) -> Iterator[tuple[str, int]]:
    """Yield the names of months, in full and abbreviated, with their numbers."""
    for width, context in _FORMS:
        names = get_month_names(width, context, locale=locale)
        for number, name in names.items():
            yield name, number


@cache
def _brief_months() -> dict[str, int]:
    months = {}
    for locale in _BRIEF_LOCALES:
        for name, number in _month_names(locale):
            months[fold(name).rstrip(".")] = number
    return months


@lru_cache(maxsize=32)
def _months(language: str) -> Mapping[str, int]:
    """Return the months of a language, without accents; none if Babel doesn't know the language."""
    code, _, _ = language.lower().replace("_", "-").partition("-")
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    months = {}
    for name, number in _month_names(locale):
        months[_without_accents(name)] = number
    return months | _EXTRA_MONTHS.get(code, {})


@cache
def _feed_months() -> Mapping[str, int]:
    months: dict[str, int] = {}
    for language in _FEED_LOCALES:
        months |= _months(language)
    return months
