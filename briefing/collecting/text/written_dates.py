"""Find the dates in a brief's lines as people write them in its languages, with or without a year.

A date without a year is the last such day before the brief's own date, but is unknown if it comes again soon: it may be
that of an event. "03/05/2023" is the reading that is closer to the brief's date. Dates of the Persian calendar need a
year: many of its months' names in Dari are ordinary words.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from briefing.text.normal_forms import normalized

from . import jalali
from .date_names import months, name_key, weekdays
from .dates import existing_date, full_year, with_ascii_digits
from .wordlists import any_of, words_in_order

_ROMAN = words_in_order("I II III IV V VI VII VIII IX X XI XII")
"""Months, as in Polish: "9 III 2026"."""
_LONGEST = 80
"""Characters. No date is longer, so only this much of a line's start or end is searched."""
_NEAR = 45
"""Days before the brief's date within which a reading of "03/05/2023" is likely."""
_FRESH = 10
"""Days within which it is likelier than an older one."""
_SOON = 60
"""Days after the brief's date. A day without a year that is so soon is rather that of an event than a year old."""
_FORMS_WITH_YEAR = (1, 2, 3, 4, 5, 10, 11, 14, 17)
"""Numbers of the notations that can have a year; see `_pattern`."""
_SHORT_FORMS = (9, 12, 13, 15)
_YEAR = r"(?:19|20)\d\d"
_DIGIT = re.compile(r"\d")
# A number after a digit, or after a digit and a dash, belongs to a larger number or to a range.
_ALONE = r"(?<![\d/])(?<!\d[.,])"
_ERA = re.compile(r" ?(?:م|г\.|года|r\.|roku|р\.|року)(?!\w)")
"""What may follow a year: "2 مارس 2026م", "9 III 2026 r."."""
_LONGEST_LUNAR = 45
_LUNAR = re.compile(
    r"(?<!\d)\d{1,2} [^\W\d_]{3,9}(?: [^\W\d_]{3,7})?,? 14\d\d ?هـ?[،,]? الموافق:? ?ل?$"
)
_LONGEST_BEFORE = 25
_SHORTEST_WEEKDAY = 5
"""Letters of a weekday directly after a word."""
_WORD_BEFORE = re.compile(
    r"(?:(?:^|[,،，、.;:|·•–—/(（-]) ?|\b(?P<above>[^\W\d_]{1,20}) )"
    r"(?P<word>(?P<name>[^\W\d_]{2,14})\.?,? (?:(?:den|the) )?)$"
)
_WORD_AFTER = re.compile(r"[,،]? ?[(（]?([^\W\d_]{2,14})[)）]?")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text."""

    start: int
    end: int
    date: dt.date | None
    """None for a period, a month, or a day that can't be known."""
    is_period: bool = False
    """Whether it is several days: "19–23 June"."""


@lru_cache(maxsize=4096)
def find_dates(text: str, before: dt.date | None) -> Sequence[WrittenDate]:
    """Find the dates in a text, from left to right; `before` is the brief's own date."""
    found: list[WrittenDate] = []
    if _DIGIT.search(text) is None:
        return found
    text = with_ascii_digits(text)
    for match in _pattern().finditer(text):
        is_period = match["range"] is not None
        date = None if is_period else _date_of(match, before)
        if date is None and _is_date_or_nothing(match):
            continue
        if _is_fraction(match):
            continue
        # What belongs to the date is part of it, so that nothing of it is left beside a source or headline.
        start = _with_lunar_date(text, match.start())
        era = _ERA.match(text, match.end())
        end = era.end() if era else match.end()
        start, end = _with_weekday(text, start, end)
        found.append(WrittenDate(start, end, date, is_period))
    return found


def _is_date_or_nothing(match: re.Match[str]) -> bool:
    """Whether numbers in this notation mean nothing, not even an unknown day, unless they are a date."""
    return any(match[group] for group in ("d9", "d15", "d16"))


def _is_fraction(match: re.Match[str]) -> bool:
    """Whether numbers may be other than a day and a month: "Part 3/5", "nearly every bus is late by 10/12"."""
    day = match["d15"] or match["d9"]
    month = match["m15"] or match["m9"]
    if not day:
        return False
    if day <= month and "/" in match[0] and len(day + month) == 2:
        return True
    if not match["d15"]:
        return False
    start = match.start()
    words = match.string[max(0, start - _LONGEST) : start].split()
    return words[-1].islower()


def split_date(line: str) -> tuple[str, dt.date] | None:
    """Split a line that ends with a complete date into the text before it and the date; None if it doesn't."""
    text = _tidy(line).rstrip(" .,;)")
    tail = max(0, len(text) - _LONGEST)
    for found in find_dates(text[tail:], None):
        if found.date and tail + found.end == len(text):
            return text[: tail + found.start].rstrip(), found.date
    return None


def split_leading_date(line: str) -> tuple[dt.date, str] | None:
    """Split a line that starts with a complete date into the date and the text after it; None if it doesn't."""
    text = _tidy(line)
    for found in find_dates(text[:_LONGEST], None)[:1]:
        if found.date and not found.start:
            return found.date, text[found.end :].strip()
    return None


def mentioned(text: str) -> dt.date | None:
    """The first complete date anywhere in a text. It is a hint for the editor, never an item's date."""
    dates = (found.date for found in find_dates(_tidy(text), None))
    return next(filter(None, dates), None)


def is_month(word: str) -> bool:
    """Whether a word is the name of a month, in full or abbreviated."""
    return name_key(word.strip(".,:")) in months()


def is_weekday(word: str) -> bool:
    """Whether a word is the name of a weekday, in full or abbreviated."""
    return name_key(word.strip(".,:")) in weekdays()


def _tidy(text: str) -> str:
    return " ".join(normalized("NFC", text).split())


def _date_of(match: re.Match[str], before: dt.date | None) -> dt.date | None:
    for form in _FORMS_WITH_YEAR:
        if match[f"m{form}"]:
            return _date_with_year(match, form, before)
    for form in _SHORT_FORMS:
        if match[f"d{form}"]:
            day = int(match[f"d{form}"])
            month = int(match[f"m{form}"])
            return _short(day, month, before)
    if match["d16"] and before:
        return _on_weekday(name_key(match["w16"]), int(match["d16"]), before)
    if match["y6"]:
        first = int(match["d6"])
        second = int(match["m6"])
        return _slashed(full_year(match["y6"]), first, second, before)
    return jalali.date_in(match)


def _date_with_year(
    match: re.Match[str], form: int, before: dt.date | None
) -> dt.date | None:
    """The date in a notation that can have a year."""
    day = int(match[f"d{form}"])
    month = _month_number(match[f"m{form}"])
    year = match[f"y{form}"] or match.groupdict().get(f"y{form}b")
    return _complete(year, month, day, before)


def _month_number(month: str) -> int:
    if month in _ROMAN:
        return _ROMAN.index(month) + 1
    return int(month) if month.isdecimal() else months()[name_key(month)]


def _short(first: int, second: int, before: dt.date | None) -> dt.date | None:
    """The date of "05.10", "05/10" or "7/22", which has no year: only one shortly before the brief's date."""
    if before is None:
        return None
    likely = (
        date
        for year in (before.year, before.year - 1)
        if (date := _slashed(year, first, second, before))
        and 0 <= (before - date).days <= _NEAR
    )
    return next(likely, None)


def _on_weekday(name: str, day: int, before: dt.date) -> dt.date | None:
    """The date of "Monday 15", which has no month: the last such day before the brief's date, if it was a Monday."""
    for age in range(_NEAR):
        date = before - dt.timedelta(days=age)
        if date.day == day:
            return date if date.weekday() in weekdays()[name] else None
    return None


def _complete(
    year: str | None, month: int, day: int, before: dt.date | None
) -> dt.date | None:
    if year:
        return existing_date(full_year(year), month, day)
    if before is None:
        return None
    soon = before + dt.timedelta(days=_SOON)
    for number in range(before.year + 1, before.year - 2, -1):
        date = existing_date(number, month, day)
        if date and date <= soon:
            # What is soon hasn't been published: it is the day of an event.
            return date if date <= before else None
    return None


def _slashed(
    year: int, first: int, second: int, before: dt.date | None
) -> dt.date | None:
    british = existing_date(year, second, first)
    american = existing_date(year, first, second)
    if not british or not american or british == american:
        return british or american
    return before and _likelier(british, american, before)


def _likelier(
    british: dt.date, american: dt.date, before: dt.date
) -> dt.date | None:
    """The reading of a date that is nearer to the brief's; None if neither clearly is."""
    ages = {
        age: date
        for date in (british, american)
        if 0 <= (age := (before - date).days) <= _NEAR
    }
    is_clear = len(ages) == 1 or min(ages, default=_NEAR) <= _FRESH
    return ages[min(ages)] if ages and is_clear else None


def _with_lunar_date(text: str, start: int) -> int:
    """Where a date begins, with the same day of the lunar calendar before it: "13 رمضان 1447هـ الموافق 2 مارس 2026"."""
    first = max(0, start - _LONGEST_LUNAR)
    lunar = _LUNAR.search(text[first:start])
    return first + lunar.start() if lunar else start


def _with_weekday(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a date's span over the weekday before or after it."""
    after = _WORD_AFTER.match(text[end : end + _LONGEST_BEFORE])
    if after and name_key(after[1]) in weekdays():
        end += after.end()
    return _start_with_weekday(text, start), end


def _start_with_weekday(text: str, start: int) -> int:
    """Where the weekday before a date begins: not that of "Bild am Sonntag, 8. Oktober"."""
    first = max(0, start - _LONGEST_BEFORE)
    before = _WORD_BEFORE.search(text[first:start])
    if before is None:
        return start
    if name_key(before["name"]) not in weekdays():
        return start
    if before["above"]:
        # "The Sun, 8 October"
        is_full = len(before["name"]) >= _SHORTEST_WEEKDAY
        is_whole = is_full and not before["above"].islower()
    else:
        is_whole = before[0] != before["word"] or not first
    return first + before.start("word") if is_whole else start


@cache
def _pattern() -> re.Pattern[str]:
    """All notations. Groups d1, m1 and y1 are day, month and year in the first one, and so on."""
    # Chinese months have a notation of their own below: "10月8日".
    month = rf"{any_of(name for name in months() if '月' not in name)}(?!\w)\.?"
    day = r"\d{1,2}"
    to = r"(?:[-–—]|bis|al?|to|au|до|ilâ|ile|إلى)"
    year = rf"(?:,? (?:de )?{_YEAR})?(?!\d)"
    ranges = (
        rf"{_ALONE}{day}\.? ?(?:{month} )?{to} ?{day}(?:\. ?|/| (?:de )?)(?:{month}|{day}(?!\d)){year}",
        rf"(?<!\w){month} {day} ?[-–] ?{day}(?:, {_YEAR})?(?!\d)",
        rf"(?:{_YEAR}年|(?<!\d)){day}月{day}日?[至到—–-]+(?:{_YEAR}年)?(?:{day}月)?{day}日",
    )
    # "2020-يىلى 8-ئۆكتەبىر": the year comes first.
    uyghur_year = rf"(?:(?<!\d)(?P<y3>{_YEAR})-? ?(?:يىلى|йили|жылғы)[،,]? )?"
    # Times and numbers look like short dates, so these count only between marks or line ends.
    short_end = r"(?=\.?\s*(?:[|｜:–—)）\]]|\W?https?:|$))"
    before_page = r"\.(?=, [^()\n]{1,20}\))"
    short_start = r"(?:^|(?<=[(（\[])|(?<=[,،，|｜–—·] )|(?<=[|｜]))"
    ordinal = r"(?:-|st|nd|rd|th|\.|º|er)?"
    notations = (
        rf"(?P<range>{'|'.join(ranges)})",
        rf"(?<!\d)(?:(?P<y1>{_YEAR})[年-] ?)?(?P<m1>{day})月 ?(?P<d1>{day})[日号]?",
        rf"(?<![\d-])(?P<y2>{_YEAR})[-./](?P<m2>{day})[-./](?P<d2>{day})(?![\d-])",
        rf"(?<![\d-])(?P<d11>{day})-(?P<m11>{day})-(?P<y11>{_YEAR})(?![\d-])",
        rf"{uyghur_year}{_ALONE}(?<!\d[-–])(?P<d3>{day}){ordinal}"
        rf" ?(?:of |de )?(?P<m3>{month})(?:/{month})?(?:,? ?(?:del? )?(?P<y3b>{_YEAR})(?!\d))?",
        rf"(?:(?:^|(?<=[(\[]))(?P<y4b>{_YEAR}), )?"
        rf"(?<!\w)(?P<m4>{month}) (?P<d4>{day})(?:st|nd|rd|th)?+(?!:?\d)(?:,? (?P<y4>{_YEAR})(?!\d))?",
        rf"{_ALONE}(?P<d5>{day})\. ?(?P<m5>{day})\. ?(?P<y5>{_YEAR}|\d\d)(?!\d|\.\d)",
        rf"{_ALONE}(?P<d17>{day})[. ] ?(?P<m17>(?-i:{'|'.join(_ROMAN[::-1])}))[. ] ?(?P<y17>{_YEAR})(?!\d)",
        rf"{_ALONE}(?P<d6>{day})/(?P<m6>{day})/(?P<y6>{_YEAR}|\d\d)(?![\d/])",
        rf"{_ALONE}{jalali.WITH_NAME}",
        jalali.IN_NUMBERS,
        rf"(?<!\d)(?P<y10>{_YEAR})-?يىلى[،,]? (?P<m10>{day})-ئاي(?:نىڭ)? (?P<d10>{day})-كۈنى",
        rf"(?:{short_start}|(?<=[^\W\d] )(?=[\d.]+\.(?![\w.])))"
        rf"(?P<d9>\d{{1,2}})[./](?P<m9>0[1-9]|1[0-2]|[1-9](?=\.)|(?<=/)[1-9])(?![\d/])(?:\.?{short_end}|{before_page})",
        # After a name, what can't be a fraction: "Harbour Post 30/10".
        rf"(?<=[^\W\d] )(?P<d15>\d{{1,2}})/(?P<m15>1[0-2]|[1-9])(?![\d/]){short_end}",
        rf"{short_start}(?P<w16>{any_of(weekdays())})\.?,? (?P<d16>{day})(?:{ordinal})(?!\d)(?=\s*[,،，]|{short_end})",
        rf"{short_start}(?P<m12>1[0-2]|[1-9])/(?P<d12>1[3-9]|2\d|3[01])(?![\d/]){short_end}",
        r"(?<=[(（\[])(?P<m13>1[0-2]|[1-9])/(?P<d13>[12]\d|3[01]|[1-9])(?=[,，] )",
        rf"(?<!\w)(?P<m14>{month})/(?P<d14>{day})/ ?(?P<y14>{_YEAR})(?!\d)",
        rf"(?<!\w){month}(?:/{month})? {_YEAR}(?!\d)",
    )
    return re.compile("|".join(notations), re.IGNORECASE)
