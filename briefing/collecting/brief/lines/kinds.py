"""Recognise the kinds of items: in headlines, "Joint statement on …", and in lines of their own, "Press release"."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise

from briefing.collecting.brief.vocabulary import Form, phrases, words
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import split_date
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
def classify_kind(text: str) -> Line | None:
    """A line that only names a kind, and perhaps a date: "PRESS RELEASE | For immediate release, 22 September
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
        Role.KIND,
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
