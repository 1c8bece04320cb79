"""Read the dates of a web page: what machines write into it, and the lines around its headline in any
language that Babel knows. The names of months are from the CLDR. Dates in briefs are read by
`written_dates`, those in feeds by `feeds.moments`.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import filterfalse

from babel import Locale, UnknownLocaleError

from briefing.text.normal_forms import normalized

from .date_names import month_names
from .jalali import find_jalali

_EXTRA_MONTHS = {
    "en": {"sept": 9},
    "de": {"janner": 1, "feber": 2, "marz": 3, "mrz": 3},
}

# Where the same language has other names of months.
_REGIONS = {"ar": ("ar", "ar_SY", "ar_DZ", "ar_MA")}

# Whose dates are those of the Persian calendar, in Iran and Afghanistan.
_PERSIAN = ("fa", "ps")

_DIGITS = {
    ord(zero) + digit: str(digit)
    for zero in "\u0660\u06f0\uff10"  # Arabic, Persian and full-width
    for digit in range(10)
}
_YEAR = r"(?:19|20)\d\d"

# "2020-10-08T09:00", "2020/10/08 09:00", "20201008T0900", "20201008090000"
_FROM_MACHINE = re.compile(
    r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?!\d)"
    r"|((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?!\d)"
    r"|((?:19|20)\d\d)(\d\d)(\d\d)(?:T|\d{6}|$|\s)"
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
"""A moment after 2001 in seconds or milliseconds since 1970."""
_LETTERS = r"[^\W\d_][^\W\d_\u0307\u0300-\u036f]{1,14}"
# d1, m1 and y1 are day, month and year in the first notation, and so on. In the last one, the order
# of the first two numbers depends on the language. m1 also takes two Arabic names of a month, as in
# "14 نيسان / أبريل 2020", and a name of two words, as in "تشرين الأول". A day before which
# something was, as in "2020年10月8号以前", isn't taken.
_ON_PAGE = re.compile(
    r"(?<![\d./-])(?P<d1>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s,/-]*+(?:(?:of\s|de\s|di\s|d[’'])\s*+)?"
    rf"(?P<m1>{_LETTERS}(?:\sال\w{{3,5}})?)(?:\s/\s{_LETTERS})?\.?,?\s*+(?:del?\s|of\s|г\.?\s)?[\s,/-]*+(?P<y1>{_YEAR})(?!\d)"
    rf"|(?<!\w)(?P<m2>{_LETTERS})\.?\s*(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)(?:de\s|\d\d:\d\d(?::\d\d)?\s)?(?P<y2>{_YEAR})(?!\d)"
    rf"|(?<!\d)(?P<y3>{_YEAR})\s?[年년.]\s?(?P<m3>\d{{1,2}})\s?[月월.]\s?(?P<d3>\d{{1,2}})(?:\s?[日일]|(?!\d))"
    r"(?![日号]?(?:以前|之前))"
    rf"|(?<![\d-])(?P<y4>{_YEAR})[-/](?P<m4>\d{{1,2}})[-/](?P<d4>\d{{1,2}})(?!\d)"
    rf"|(?<![\d.])(?P<d5>\d{{1,2}})(?:\.\s?|\s\|\s)(?P<m5>\d{{1,2}})(?:\.\s?|\s\|\s)(?P<y5>{_YEAR}(?!\d)|\d\d(?![\d.]))"
    rf"|(?<![\d/-])(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-](?P<y6>{_YEAR})(?![\d/])",
    re.IGNORECASE,
)


def existing_date(year: int, month: int, day: int) -> dt.date | None:
    """Return this date; None for one that doesn't exist, such as 31 February."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def full_year(digits: str) -> int:
    """The year that digits mean: two of them are of this century."""
    year = int(digits)
    return year if year > 99 else 2000 + year


def with_ascii_digits(text: str) -> str:
    """Return a text with the digits 0 to 9 instead of Arabic, Persian and full-width ones."""
    return text.translate(_DIGITS)


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
        if not _EPOCH.fullmatch(text):
            return None
        seconds = int(text[:10])
        moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
        return self.date(moment.year, moment.month, moment.day)

    def find(self, text: str) -> Iterator[tuple[int, dt.date]]:
        """Yield the complete dates in a text, each with its position."""
        text = with_ascii_digits(text)
        if self.language.startswith(_PERSIAN):
            yield from self._find_jalali(text)
        months = {**month_numbers("en"), **month_numbers(self.language)}
        for match in _ON_PAGE.finditer(text):
            date = self._date(match, months)
            if date:
                yield match.start(), date

    def _find_jalali(self, text: str) -> Iterator[tuple[int, dt.date]]:
        for place, date in find_jalali(text):
            if self.earliest <= date <= self.latest:
                yield place, date

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
                year = full_year(match[f"y{form}"])
                month = _month_number(match[f"m{form}"], months)
                date = self.date(year, month, int(match[f"d{form}"]))
                return date or self._american_date(match, year)
        return self._ambiguous_date(
            int(match["y6"]),
            int(match["first"]),
            int(match["second"]),
        )

    def _american_date(self, match: re.Match[str], year: int) -> dt.date | None:
        """Read 10.15.2020, which can only begin with the month; not "Release 1.15.20"."""
        month = match["d5"] or ""
        if len(month) != 2:
            return None
        return self.date(year, int(month), int(match["m5"]))

    def _ambiguous_date(
        self, year: int, first: int, second: int
    ) -> dt.date | None:
        """Read 8/10/2020 in the order of the language; return None for English of an unknown
        region, if either order is possible.
        """
        region = self.language.lower().replace("_", "-")
        british = self.date(year, second, first)
        american = self.date(year, first, second)
        # "8/10/2020" can be two days, "25/10/2020" and "8/8/2020" only one.
        is_ambiguous = british and american and british != american
        if is_ambiguous and region in {"en", ""}:
            return None
        if region == "en-us":
            return american or british
        return british or american


def _month_number(name: str, months: Mapping[str, int]) -> int:
    if name.isdecimal():
        return int(name)
    return months.get(without_accents(name), 0)


def without_accents(name: str) -> str:
    decomposed = normalized("NFD", name.casefold())
    letters = filterfalse(unicodedata.combining, decomposed)
    bare = "".join(letters).rstrip(".")
    return bare.replace("ı", "i")


# --- Names


@lru_cache(maxsize=32)
def month_numbers(language: str) -> Mapping[str, int]:
    """Return the months of a language, without accents; none if Babel doesn't know the language."""
    code, _, _ = language.lower().replace("_", "-").partition("-")
    try:
        locales = list(map(Locale.parse, _REGIONS.get(code, (code,))))
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    months = {}
    for locale in locales:
        for number, name in month_names(locale, "wide", "abbreviated"):
            months[without_accents(name)] = number
    return months | _EXTRA_MONTHS.get(code, {})
