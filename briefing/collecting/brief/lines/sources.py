"""Recognise source lines: a publisher's name and a date, in either order."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from briefing.collecting.brief.vocabulary import Form, phrases
from briefing.collecting.text.written_dates import (
    split_date,
    split_leading_date,
)

from .fields import field_named
from .headlines import is_byline
from .kinds import kind_of
from .line import Line, Role
from .names import (
    SEPARATORS,
    has_publisher_word,
    is_name,
    is_proper_name,
    without_particle,
)
from .titles import is_issue_number

_LABELLED = Form("(<source_label>|<source_field>)[ ](:|：)[ ][{name}]")
_PUBLISHED = Form("(<published>|<dated>)[ <on>]")
_DATE_THEN_PUBLISHER = Form("<published>[ <on>][,] {date}[,] <by> {name}")
_PUBLISHED_BY = Form("<published> <by> {name}[[,] <on>]")
_NAME_THEN_PUBLISHED = Form("{name}{separator}[ ]<published>[ <on>]")
_AFTER_DATE = ("|", "·", "•", ":", "–", "—", "-", ",")
_LONGEST_UNSEPARATED = 4
_LONGEST_AFTER_DATE = 6


@dataclass(frozen=True, slots=True)
class _Source:
    """What a source line says; without a name it is only a date."""

    name: str
    date: dt.date | None


def classify_source(text: str) -> Line | None:
    """Recognise a source line or a bare date. A name needs a date next to it, or "Source:" before
    it.
    """
    words, byline = _split_byline(text)
    source = (
        _name_then_date(words) or _published_by(words) or _date_then_name(words)
    )
    if source is None:
        return None
    return Line(
        Role.SOURCE if source.name else Role.DATE,
        text,
        name=source.name,
        date=source.date,
        byline=byline,
        labelled=_LABELLED.fits(words),
        certain=bool(source.name)
        and ("|" in words or _DATE_THEN_PUBLISHER.fits(words)),
    )


def _name_then_date(text: str) -> _Source | None:
    """ "BBC, 8 October 2020", "Source: BBC", or a date alone."""
    words, date = split_date(text) or (text, None)
    label = _LABELLED.match(words.rstrip())
    if label:
        words = label["name"]
    if date:
        return _dated(words, date, labelled=bool(label))
    return _source(_before_separator(words), None) if label else None


def _dated(words: str, date: dt.date, *, labelled: bool) -> _Source | None:
    """What the words before a date say."""
    name = _before_separator(words)
    is_label = field_named(name) == "date" or _PUBLISHED.fits(name)
    if not name or is_label:
        return _Source("", date)
    published = _PUBLISHED_BY.match(name) or _NAME_THEN_PUBLISHED.match(name)
    if published:
        return _source(published["name"], date)
    if labelled:
        return _source(without_particle(name), date)
    if words.rstrip().endswith(tuple(SEPARATORS)):
        return _source(name, date)
    return _source(name, date, _is_short_name)


def _is_short_name(name: str) -> bool:
    """Whether a name needs no comma before its date: "Example Post 8 October 2020"."""
    words = name.split()
    if len(words) > _LONGEST_UNSEPARATED:
        return False
    if not is_name(name):
        return False
    return not any(word[0].islower() for word in words)


def _published_by(text: str) -> _Source | None:
    """ "Published 2020-11-01 by Lantern Institute"."""
    published = _DATE_THEN_PUBLISHER.match(text)
    if published is None:
        return None
    before, date = split_date(published["date"]) or ("no date", None)
    return (
        None
        if before
        else _source(_before_separator(published["name"]), date, is_proper_name)
    )


def _date_then_name(text: str) -> _Source | None:
    """ "04.11.2020 - Radio Free Coast"; words that aren't written like a name make it a headline."""
    date, words = split_leading_date(text) or (None, "")
    name = _before_separator(words + " ")
    if not words.startswith(_AFTER_DATE):
        return None
    # "04.11.2020 - Ferry Returns To The Old Port Of Delta" is a headline.
    if len(name.split()) > _LONGEST_AFTER_DATE:
        return None
    return _source(name, date, is_proper_name)


def _source(
    name: str,
    date: dt.date | None,
    reads_like_name: Callable[[str], bool] = is_name,
) -> _Source | None:
    is_label = kind_of(name) or field_named(name) or is_issue_number(name)
    if is_label:
        return None
    if not reads_like_name(name):
        return None
    return _Source(name, date)


@cache
def _between_pieces() -> re.Pattern[str]:
    """What is between the pieces of "BBC | 8 October 2020 | By Jane Doe", "8 October 2020 by Jane Doe" and "By Jane Doe
    for BBC".
    """
    authors = "|".join(phrases("author"))
    publishers = "|".join(phrases("written_for"))
    return re.compile(
        r"( ?[|·•] ?| [–—-] "
        rf"|(?:,|(?<=\d)) (?=(?:{authors}) )| (?:{publishers}) )",
        re.IGNORECASE,
    )


def _split_byline(text: str) -> tuple[str, str]:
    """Split a source line into the line without its "By Jane Doe", and the byline."""
    # What is between them has the odd numbers.
    pieces = _between_pieces().split(text)
    for number in range(0, len(pieces), 2):
        if _names_author(pieces[number]) and len(pieces) > 1:
            byline = pieces[number]
            before = max(0, number - 1)
            del pieces[before : before + 2]
            return "".join(pieces).strip(), byline
    return text, ""


def _names_author(piece: str) -> bool:
    """Whether a piece is "By" and the names of people."""
    return is_byline(piece) and not has_publisher_word(piece)


def _before_separator(words: str) -> str:
    """A name without the separator after it; a full stop before a comma belongs to the name
    ("e. V.,").
    """
    name = words.strip(SEPARATORS.replace(".", ""))
    return name if len(name) < len(words.rstrip()) else name.rstrip(".")
