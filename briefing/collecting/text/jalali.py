"""The solar calendar of Iran and Afghanistan (Solar Hijri), with the names of its months in Persian and Dari.

Years begin at the vernal equinox. From 1210 to 1633 (1831 to 2254), leap years follow each other as in this arithmetic
rule: Kazimierz M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and Planets 74 (1996), 223–230. Babel
doesn't know this calendar's names; the packages for it (jdatetime, persiantools) are far larger than what is needed.
"""

import datetime as dt
import re
from collections.abc import Iterator

from .comparing import fold

_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_DARI = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"
_MONTHS = {
    fold(name): number
    for names in (_PERSIAN, _DARI)
    for number, name in enumerate(names.split(), start=1)
}
_MONTH_NAMES = "|".join(_MONTHS).replace("ی", "[یي]")
"""The names of the months as a part of a regular expression. Persian words are also written with the
letter of Arabic keyboards.
"""
_YEAR = r"1[34]\d\d"
WITH_NAME = rf"(?<!\d)(?P<jd1>\d{{1,2}}) ?(?P<jm1>{_MONTH_NAMES})(?: ماه)?[،,]? ?(?P<jy1>{_YEAR})(?!\d)"
"""How a date with the name of its month is written, as a regular expression for `date_in`."""
IN_NUMBERS = rf"(?<![\d/-])(?P<jy2>{_YEAR})[/-](?P<jm2>\d{{1,2}})[/-](?P<jd2>\d{{1,2}})(?![\d/-])"
_WRITTEN = re.compile(f"{WITH_NAME}|{IN_NUMBERS}")

_YEARS = range(1210, 1634)
_BEFORE_YEAR_1 = dt.date(2026, 3, 20).toordinal() - 1404 * 365 - 341
"""1 Farvardin 1405 is 21 March 2026, and 341 of the years before were leap years."""


def find_jalali(text: str) -> Iterator[tuple[int, dt.date]]:
    """Yield the complete dates of this calendar in a text with digits from 0 to 9, each with its position."""
    for match in _WRITTEN.finditer(text):
        date = date_in(match)
        if date:
            yield match.start(), date


def date_in(match: re.Match[str]) -> dt.date | None:
    """Return the date that matches `WITH_NAME` or `IN_NUMBERS`; None if it doesn't exist, or nothing matches these."""
    if match["jy1"]:
        month = month_number(match["jm1"])
        return from_jalali(int(match["jy1"]), month, int(match["jd1"]))
    if match["jy2"]:
        return from_jalali(*(int(match[f"j{part}2"]) for part in "ymd"))
    return None


def month_number(name: str) -> int:
    """Return the number of a month by its name."""
    return _MONTHS[fold(name).replace("ي", "ی")]


def from_jalali(year: int, month: int, day: int) -> dt.date | None:
    """Return a day of this calendar as a date; None for one that doesn't exist, or before or after the rule's years."""
    if year not in _YEARS or not 1 <= month <= 12:
        return None
    if not 1 <= day <= _days_in(year, month):
        return None
    months_before = 30 * (month - 1) + min(month - 1, 6)
    leap_years = (8 * year + 21) // 33
    days = 365 * (year - 1) + leap_years + months_before + day
    return dt.date.fromordinal(_BEFORE_YEAR_1 + days)


def _days_in(year: int, month: int) -> int:
    if month <= 6:
        return 31
    is_leap = (25 * year + 11) % 33 < 8
    return 30 if month < 12 or is_leap else 29
