"""Days as they are written in many languages, for the machine and for people.

`dates` knows the languages of pasted briefs thoroughly; this knows the months of any language that Babel has (CLDR),
which is enough for the line below a headline.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from briefing.collecting.text.dates import month_names

FIRST = dt.date(1993, 1, 1)
"""There were no web pages before."""

_ISO = re.compile(
    r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?!\d)|((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?!\d)|((?:19|20)\d\d)(\d\d)(\d\d)(?:T|\d{6}|$|\s)"
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_YEAR = r"(?P<{0}>(?:19|20)\d\d)(?!\d)"
_NAME = r"(?P<{0}>[^\W\d_][^\W\d_\u0307\u0300-\u036f]{{1,14}})\.?"
_WRITTEN = re.compile(
    r"(?<![\d./-])(?P<d1>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s,/-]*(?:of\s|de\s|di\s|d[’'])?\s*"
    + _NAME.format("m1")
    + r",?\s*(?:del?\s|of\s|г\.?\s)?[\s,/-]*"
    + _YEAR.format("y1")
    + r"|(?<!\w)"
    + _NAME.format("m2")
    + r"\s*(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+)(?:de\s)?"
    + _YEAR.format("y2")
    + r"|(?<!\d)(?P<y3>(?:19|20)\d\d)\s?[年년.]\s?(?P<m3>\d{1,2})\s?[月월.]\s?(?P<d3>\d{1,2})(?:\s?[日일]|(?!\d))"
    + r"|(?<![\d-])(?P<y4>(?:19|20)\d\d)[-/](?P<m4>\d{1,2})[-/](?P<d4>\d{1,2})(?!\d)"
    + r"|(?<![\d.])(?P<d5>\d{1,2})\.\s?(?P<m5>\d{1,2})\.\s?(?P<y5>(?:19|20)\d\d(?!\d)|\d\d(?![\d.]))"
    + r"|(?<![\d/-])(?P<a6>\d{1,2})[/-](?P<b6>\d{1,2})[/-](?P<y6>(?:19|20)\d\d)(?![\d/])",
    re.IGNORECASE,
)


def of_machine(text: str) -> dt.date | None:
    """The day of a moment that a machine wrote, in the zone that it was written in: ISO 8601, RFC 2822, an epoch."""
    text = text.strip()
    match = _ISO.match(text)
    if match:
        return existing(*(int(one) for one in match.groups() if one))
    if _EPOCH.fullmatch(text):
        moment = dt.datetime.fromtimestamp(int(text[:10]), dt.UTC)
        return existing(moment.year, moment.month, moment.day)
    return None


def written(text: str, language: str = "") -> Iterator[tuple[int, dt.date]]:
    """The whole days in a text of a language and where each begins; those of English and of ISO 8601 in any text."""
    months = {**_months("en"), **_months(language)}
    for match in _WRITTEN.finditer(text):
        day = _day(match, months, language)
        if day:
            yield match.start(), day


def existing(year: int, month: int, day: int) -> dt.date | None:
    """That day, if there is one, and it isn't before the web nor to come (a day's grace for other zones)."""
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return found if FIRST <= found <= dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1) else None


def _day(match: re.Match[str], months: dict[str, int], language: str) -> dt.date | None:
    for form in "12345":
        if match[f"y{form}"]:
            name = match[f"m{form}"]
            month = int(name) if name.isdecimal() else months.get(_folded(name), 0)
            year = int(match[f"y{form}"])
            return existing(year if year > 99 else 2000 + year, month, int(match[f"d{form}"]))
    year, first, second = (int(match[one]) for one in ("y6", "a6", "b6"))
    readings = [existing(year, second, first), existing(year, first, second)]
    region = language.lower().replace("_", "-")
    if region == "en-us":
        readings.reverse()
    elif region in {"en", ""} and all(readings) and readings[0] != readings[1]:
        return None  # British or American: two days
    return next((one for one in readings if one), None)


def _folded(name: str) -> str:
    bare = unicodedata.normalize("NFD", name.casefold())
    return "".join(one for one in bare if not unicodedata.combining(one)).rstrip(".").replace("ı", "i")


@lru_cache(maxsize=32)
def _months(language: str) -> dict[str, int]:
    code = language.replace("_", "-").partition("-")[0].lower()
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    found = {_folded(name): number for name, number in month_names(locale)}
    if code == "en":
        found["sept"] = 9
    if code == "de":
        found.update({"janner": 1, "feber": 2, "marz": 3, "mrz": 3})
    return found
