"""The names of months and weekdays in the languages of briefs, from the CLDR through Babel."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal, TypeAlias

from babel import Locale
from babel.dates import get_day_names, get_month_names

from .comparing import fold
from .wordlists import words_in_order

Width: TypeAlias = Literal["wide", "abbreviated"]

_LOCALES = words_in_order("en en_GB de de_AT tr zh ug ar ar_SY fr es ru")
_WIDE_LOCALES = words_in_order("it pt nl pl uk fa kk")
"""Their short names are words of other languages: "out" is October, "set" September."""
_FURTHER_MONTHS = {"sept": 9, "jan": 1, "ene": 1, "mrz": 3}


def name_key(name: str) -> str:
    """Return a name in the form of the keys of `months` and `weekdays`: folded, without an abbreviation's dot."""
    return fold(name).rstrip(".")


@cache
def months() -> Mapping[str, int]:
    """The names of months, with their numbers."""
    numbers = dict(_FURTHER_MONTHS)
    for locale, width in _names_in():
        for number, name in month_names(locale, width):
            if not name.rstrip(".").isdecimal():
                numbers[name_key(name)] = number
    return numbers


def month_names(locale: Locale, *widths: Width) -> Iterator[tuple[int, str]]:
    """Yield the names of months, as they are in dates and by themselves, with their numbers."""
    for width in widths:
        yield from get_month_names(width, "format", locale).items()
        yield from get_month_names(width, "stand-alone", locale).items()


@cache
def weekdays() -> Mapping[str, set[int]]:
    """The names of weekdays, with the numbers that they have in any language; Monday is 0."""
    names: dict[str, set[int]] = defaultdict(set)
    for locale, width in _names_in():
        days = get_day_names(width, "format", locale=locale)
        for number, name in days.items():
            names[name_key(name)].add(number)
    return dict(names)


def _names_in() -> Iterator[tuple[Locale, Width]]:
    """The locales with the width of the names of months and days that briefs in them have."""
    for code in _LOCALES:
        yield Locale.parse(code), "wide"
        yield Locale.parse(code), "abbreviated"
    for code in _WIDE_LOCALES:
        yield Locale.parse(code), "wide"
