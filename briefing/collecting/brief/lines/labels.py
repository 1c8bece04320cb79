"""Recognise lines that name a kind of item, a brief or a section: "Press release", "Weekly Brief, 9
October 2020".
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise

from briefing.collecting.brief.vocabulary import Form, phrases, words
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import is_month, split_date
from briefing.issue.model import Kind

from .line import Line, Role
from .names import LONGEST_NAME, SEPARATORS, is_acronym

_MOST_KNOWN = 10_000
"""Lines whose kind is remembered: they are asked about for each arrangement."""
_AROUND_LABELS = SEPARATORS + "*)!"
_MOST_WORDS_OF_KIND = 2
"""A longer text tells more than its kind: "Statement on the fire"."""
# If a headline names two kinds, the first one in this list wins.
_KINDS = (Kind.PRESS_RELEASE, Kind.APPEAL, Kind.STATEMENT)


def _by_kind(name: str) -> Mapping[Kind, Form]:
    return {kind: Form(f"<{name}-{kind.value}>") for kind in _KINDS}


_IN_HEADLINE = _by_kind("headline")
_AT_START = _by_kind("headline-start")
_NO_KIND = _by_kind("not-a-kind")
_BRIEF_TITLE = Form("<brief_title>")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISSUE_NUMBER = Form(r"[\(][<issue_number>[.][ ]|#]{digits}[\)]")


@lru_cache(maxsize=_MOST_KNOWN)
def kind_of(headline: str) -> Kind | None:
    """The kind that a headline or notice names: "Joint statement on …"; None if it names none."""
    return next((kind for kind in _KINDS if _names_kind(headline, kind)), None)


def is_kind_alone(text: str) -> bool:
    """Whether words only say what an item is: "Press release"."""
    is_short = len(text.split()) <= _MOST_WORDS_OF_KIND
    return (is_short and kind_of(text) is not None) or fold(text) in _labels()


def _names_kind(headline: str, kind: Kind) -> bool:
    # "Appeal court sits on Monday" isn't about an appeal.
    plain = _NO_KIND[kind].remove(headline)
    if _IN_HEADLINE[kind].find(plain):
        return True
    if _AT_START[kind].begins(plain):
        return True
    # "WUC Appeal": elsewhere, such a noun may mean anything.
    nouns = phrases(f"after-acronym-{kind.value}")
    for before, word in pairwise(plain.split()):
        if word.rstrip(".,:;!?") in nouns and is_acronym(before, LONGEST_NAME):
            return True
    return False


@lru_cache(maxsize=_MOST_KNOWN)
def classify_label(text: str) -> Line | None:
    """A line of labels, and perhaps a date: "PRESS RELEASE | For immediate release, 22 September
    2020".
    """
    label, date = split_date(text) or (text, None)
    rest = fold(label).strip(_AROUND_LABELS)
    kind: Kind | None = None
    while rest:
        words, its_kind = _label_at_start(rest)
        rest = rest.removeprefix(words)
        if not words:
            return None
        # A longer word only begins like a label: "Appealing".
        if rest[:1].isalnum():
            return None
        kind = kind or its_kind
        rest = rest.lstrip(_AROUND_LABELS)
    if kind is None:
        return None
    return Line(
        Role.LABEL,
        text,
        date=date,
        kind=kind,
    )


def _label_at_start(text: str) -> tuple[str, Kind | None]:
    found = _any_label().match(text)
    return (found[0], _labels()[found[0]]) if found else ("", None)


@cache
def _any_label() -> re.Pattern[str]:
    """Any label, the longest first, so that "urgent appeal" isn't read as "urgent"."""
    labels = sorted(_labels(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, labels)))


@cache
def _labels() -> Mapping[str, Kind]:
    """The kinds of labels; of two kinds, the first one in _KINDS."""
    kinds: dict[str, Kind] = {}
    for kind in _KINDS:
        for label in words(f"label-{kind.value}"):
            kinds.setdefault(label, kind)
    return kinds


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
