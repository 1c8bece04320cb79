"""Recognise titles: of a brief, "Weekly Brief, 9 October 2020"; of an issue, "May issue"; of a section, "In brief"."""

import re

from briefing.collecting.brief.vocabulary import Form, words
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import is_month, split_date

from .line import Line, Role
from .names import LONGEST_NAME, SEPARATORS

_BRIEF_TITLE = Form("<brief_title>")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISSUE_NUMBER = Form(r"[\(][<issue_number>[.][ ]|#]{digits}[\)]")


def classify_title(text: str) -> Line | None:
    """A brief's title: its words, with a date or at most a number."""
    title, date = split_date(text) or (text, None)
    place = _BRIEF_TITLE.find(title)
    if place is None:
        return None
    if len(title) > LONGEST_NAME:
        return None
    start, end = place
    rest = title[:start] + title[end:]
    if not date and not is_issue_number(rest.strip(SEPARATORS)):
        return None
    return Line(Role.TITLE, text, date=date)


def is_issue_number(text: str) -> bool:
    """Whether words say which issue of a newsletter this is: "No. 12"."""
    return _ISSUE_NUMBER.fits(text)


def is_issue_date(text: str) -> bool:
    """Whether words only say of which month an issue is, or of which year besides: "May", "May issue", "2023, May"."""
    parts = [fold(part.strip(SEPARATORS)) for part in text.split()]
    months = [part for part in parts if is_month(part)]
    others = set(parts) - set(months) - words("issue_number")
    return len(months) == 1 and all(map(_YEAR.fullmatch, others))


def is_usual_section(text: str) -> bool:
    """Whether a line is a usual heading of a brief's section: "In brief"."""
    return fold(text.strip(SEPARATORS + "!*")) in words("section_title")


def may_be_section(text: str) -> bool:
    """Whether a line is a few words in capitals, which may be the heading of a section or a
    headline.
    """
    if not text.isupper():
        return False
    if len(text) > 40:
        return False
    return len(text.split()) <= 4 and not any(map(str.isdigit, text))
