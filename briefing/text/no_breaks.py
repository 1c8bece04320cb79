"""Keep together what a line shouldn't break apart: a date, a telephone number, a number and its
unit, the last words of a heading.

Spaces and hyphens are replaced with ones that don't break. Chinese is written without spaces, and a
line may break between any two characters, so they are joined by an invisible character (UAX #14).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from .scripts import may_be_east_asian

if TYPE_CHECKING:
    # Slow to load; commands need this module for their output, but no locale.
    from babel import Locale

NO_BREAK_SPACE = "\u00a0"
NO_BREAK_HYPHEN = "\u2011"
JOINER = "\u2060"

LONGEST_IN_HEADING = 15
"""The most characters that stay together in a heading: more may not fit on a narrow phone."""
SHORTEST_HEADING = 4
"""In words: a shorter heading may as well break before its last word."""

_ADDRESS = r"https?://\S+"
_TELEPHONE = (
    r"(?<![\w.,/-])(?:\+\d{1,3}|\(?0\d{1,5}\)?)"
    r"(?:[ ./-]?[ (]?\d{2,5}\)?){1,6}(?!\w)"
)
_NUMBER = r"(?<![\w.,])\d[\d.,]*+"
_THOUSANDS = r"(?<![\w.,])\d{1,3}(?: \d{3})++(?!\w)"
_BEFORE_NUMBER = (
    r"(?<!\w)(?:§{1,2}|№|[€$£¥₺]|Nr\.|No\.|Art\.|Abs\.|pp?\.|Seite|page"
    r"|Article|Section|Madde) \d"
)
_UNITS = (
    r"[%‰€$£¥₺°]|°[CF]|[kcm]?m[²³]?|ha|[km]?g|t|l|[kMGT]?B|[kM]?W|px|km/h"
    r"|a\.m\.|p\.m\.|am|pm|per ?cent|(?:m|b|tr)illion|dollars?|euros?|pounds?"
    r"|Uhr|Mio\.|Mrd\.|Million(?:en)?|Milliarden?|Prozent|Euro|Dollar"
    r"|bin|milyon|milyar|lira|avro|dolar|yuan"
    r"|مىڭ|مىليون|مىليارد|پىرسەنت|دوللار|ياۋرو|يۈەن|كىلومېتىر|مېتىر"
)
_IN_LANGUAGE = {
    "de": (r"(?<!\w)(?:z\. B\.|d\. h\.|u\. a\.|[vn]\. Chr\.)",),
    "zh": (
        r"(?:\d{2,4}\s?年)?\s?\d{1,2}\s?月\s?\d{1,2}\s?[日号]",
        r"\d{2,4}\s?年\s?\d{1,2}\s?月",
        rf"{_NUMBER}[年月日时分秒元万亿米吨人名岁个次件家条]",
    ),
    # A hyphen joins an ordinal number to its word.
    "ug": (r"\d-(?=[\u0600-\u06ff])",),
}

_WIDE = r"[\u3400-\u9fff]"
_BESIDE_WIDE = rf"(?<=\d)(?={_WIDE})|(?<={_WIDE})(?=\d)"
_BETWEEN_WIDE = rf"(?<={_WIDE})(?={_WIDE})"
_LAST_WIDE = rf"(?<={_WIDE}{{11}}){_WIDE}[^\w\u3400-\u9fff]*+$"
_ORDINAL_HYPHEN = re.compile(r"(?<=\d)-(?=[\u0600-\u06ff]|$)")
_BLANK = re.compile(r"[ \t]")


def kept_together(text: str, locale: "Locale") -> str:
    """Return a text in which no line breaks within a date, a telephone number or a number with its
    unit.
    """
    return _pattern(locale).sub(_joined, text)


def word_kept_together(word: str) -> str:
    """Return a Chinese word in which no line breaks; other words never break."""
    if not may_be_east_asian(word):
        return word
    return re.sub(_BETWEEN_WIDE, JOINER, word)


def heading_kept_together(text: str, locale: "Locale") -> str:
    """Return a heading that is kept together like a text, and in which no short word is alone on the
    last line. It may break within a date that is too long for a narrow phone.
    """
    joined = _pattern(locale).sub(_joined_in_heading, text)
    if may_be_east_asian(joined) and re.search(_LAST_WIDE, joined):
        return re.sub(_LAST_WIDE, lambda last: JOINER + last[0], joined)
    words = joined.split(" ")
    last_words = NO_BREAK_SPACE.join(words[-2:])
    if len(words) < SHORTEST_HEADING or len(last_words) > LONGEST_IN_HEADING:
        return joined
    return " ".join([*words[:-2], last_words])


def _joined(match: re.Match[str]) -> str:
    text = match[0]
    if "://" in text:
        return text
    joined = _BLANK.sub(NO_BREAK_SPACE, text)
    joined = _ORDINAL_HYPHEN.sub(NO_BREAK_HYPHEN, joined)
    if not may_be_east_asian(joined):
        return joined
    return re.sub(_BESIDE_WIDE, JOINER, joined)


def _joined_in_heading(match: re.Match[str]) -> str:
    """Join all, or all but the last word if that would be too long."""
    joined = _joined(match)
    start, space, last = joined.rpartition(NO_BREAK_SPACE)
    if len(joined) > LONGEST_IN_HEADING and space:
        return f"{start} {last}"
    return joined


@lru_cache(maxsize=32)
def _pattern(locale: "Locale") -> re.Pattern[str]:
    """Return the pattern of what stays together in a language."""
    kinds = [
        _ADDRESS,
        _TELEPHONE,
        *_dates(locale),
        rf"{_NUMBER} (?:{_UNITS})(?!\w)",
        _THOUSANDS,
        _BEFORE_NUMBER,
        *_IN_LANGUAGE.get(locale.language, ()),
    ]
    return re.compile("|".join(kinds))


def _dates(locale: "Locale") -> Iterator[str]:
    names = "|".join(map(re.escape, _names_of_months(locale)))
    month = rf"(?:{names})"
    yield rf"(?<!\w)\d{{1,2}}(?:\.|st|nd|rd|th)? {month}(?:,? \d{{4}})?"
    yield rf"(?<!\w){month} \d{{1,2}}(?:, \d{{4}})?(?!\w)"
    yield rf"\d{{4}}-يىلى \d{{1,2}}-{month}"


def _names_of_months(locale: "Locale") -> list[str]:
    """Return the months' names and abbreviations, longer ones first."""
    names: set[str] = set()
    for width in ("wide", "abbreviated"):
        names.update(locale.months["format"][width].values())
    return sorted(names, key=len, reverse=True)
