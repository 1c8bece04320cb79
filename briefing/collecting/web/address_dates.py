"""Find the day in a page's address: /2020/10/08/, /20201008/, -8-10-2020, /2020/10/201008-."""

import datetime as dt
import re

from briefing.collecting.text.dates import DateReader
from briefing.collecting.text.wordlists import words_in_order

from .redirectors import original_address

_MONTHS = words_in_order("jan feb mar apr may jun jul aug sep oct nov dec")
_MONTH_NAMES = "|".join(_MONTHS)
_YEAR = r"(?:19|20)\d\d"
_MONTH = r"0?[1-9]|1[0-2]"
_DAY = r"0?[1-9]|[12]\d|3[01]"
# Some addresses have a part of the site after the year: /2020/world/10/08/.
_SECTION = r"(?:(?<=/)[a-z]{3,20}(?:[_-][a-z]{3,20})?/)??"
_IN_ADDRESS = re.compile(
    rf"[/_=-](?P<year>{_YEAR})(?P<separator>[/_.-]){_SECTION}(?P<month>{_MONTH}|{_MONTH_NAMES})(?P=separator)(?P<day>{_DAY})"
    r"(?=[/_.?&-]|$)"
    rf"|[/_=-](?P<year2>{_YEAR})/(?P<month2>{_MONTH_NAMES}|0[1-9]|1[0-2])(?P<day2>0[1-9]|[12]\d|3[01])(?=/)",
    re.IGNORECASE,
)
# "-20201008-", "20201008123456" with the time; but not 202010081, which is a number of another kind.
_PACKED = re.compile(
    rf"(?<!\d)({_YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|$|\d{{4,9}}(?!\d))"
)
# "library-8-10-2020"
_DAY_FIRST = re.compile(rf"(?<!\d)({_DAY})[-.]({_MONTH})[-.]({_YEAR})(?!\d)")
# "/2020/10/201008-library": year and month again, without the century, and then the day.
_REPEATED_MONTH = re.compile(
    r"/((?:19|20)(\d\d))/(0[1-9]|1[0-2])/\2\3(0[1-9]|[12]\d|3[01])(?!\d)"
)
_MONTH_ONLY = re.compile(rf"/({_YEAR})/({_MONTH})/")


def date_in_address(address: str, reader: DateReader) -> dt.date | None:
    """Return the day in an address."""
    url = original_address(address)
    for match in _IN_ADDRESS.finditer(url):
        if _is_month_with_year(match):
            continue
        date = reader.date(
            int(match["year"] or match["year2"]),
            _month_number(match["month"] or match["month2"]),
            int(match["day"] or match["day2"]),
        )
        if date:
            return date
    return _in_numbers(url, reader)


def month_in_address(address: str) -> tuple[int, int] | None:
    """Return the year and month in an address such as /2020/10/library."""
    match = _MONTH_ONLY.search(address)
    return (int(match[1]), int(match[2])) if match else None


def _in_numbers(url: str, reader: DateReader) -> dt.date | None:
    if packed := _PACKED.search(url):
        year, month, day = packed.groups()
    elif day_first := _DAY_FIRST.search(url):
        day, month, year = day_first.groups()
    elif repeated := _REPEATED_MONTH.search(url):
        year, _, month, day = repeated.groups()
    else:
        return None
    return reader.date(int(year), int(month), int(day))


def _is_month_with_year(match: re.Match[str]) -> bool:
    """Whether an address has a month with its year, as in /2021/jan21/, rather than a day."""
    month = match["month2"]
    day = match["day2"]
    return bool(day) and month.isalpha() and match["year2"].endswith(day)


def _month_number(month: str) -> int:
    name = month.lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else int(name)
