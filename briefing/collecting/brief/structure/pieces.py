"""The pieces of a row between its separators, and which of several names is the source: the last in "Jane Doe, Harbour
Post".
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .evidence import Evidence

OPENING = "(（[【{"
CLOSING = ")）]】}"
BRACKETS = frozenset(OPENING + CLOSING)
COMMAS = frozenset(",،，、")
WITHIN_SENTENCES = COMMAS | {" "}
"""Separators around which a sentence continues."""
# "!" is the space behind a mark that ends a sentence; see `separators._separators`.
_WEAK = WITHIN_SENTENCES | {".", "。", "!"}
_BETWEEN_SOURCES = {"/", "、"}
_MOST_VALUES = 4
"""Pieces without labels: source, date, author and a tag."""
MOST_NAMES = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """The words between two separators."""

    text: str
    start: int = 0
    end: int = 0
    before: str = ""
    """The separator before it, without spaces; "" for none, " " beside a date."""
    is_inside: bool = False
    """Whether it is in brackets."""
    date: dt.date | None = None
    is_date: bool = False
    name: str = ""
    """The words as a publisher's name."""
    likely: float = 0.0
    """How likely this is the publisher."""
    is_author: bool = False
    is_label: bool = False
    """Whether it only leads to others, or on: "Source", "read more"."""
    is_tag: bool = False
    """Whether it only says what kind of item it is, or how long: "PDF", "9 minutes"."""

    @property
    def is_name(self) -> bool:
        """Whether it may be a publisher's name."""
        return self.likely > 0

    @property
    def is_value(self) -> bool:
        """Whether it may be beside a headline without belonging to it."""
        is_known = self.is_date or self.is_author or self.is_label
        return is_known or self.is_tag or self.is_name


def is_weak(separator: str) -> bool:
    """Whether a separator is as usual within a sentence as between its parts: a comma, a stop, a space."""
    return separator[-1:] in _WEAK


def leading_values(pieces: Sequence[Piece]) -> int:
    """How many pieces at the beginning may be the values of one item: not two dates."""
    count = names = dates = labels = 0
    for piece in pieces:
        names += piece.is_name
        dates += piece.is_date
        labels += piece.is_label
        is_too_much = count - labels >= _MOST_VALUES
        if not piece.is_value or names > MOST_NAMES or dates > 1 or is_too_much:
            break
        count += 1
    return count


def source_of(names: Sequence[Piece], text: str, evidence: Evidence) -> Piece:
    """The likeliest publisher, or the last name if it is the source in other items; "Harbour Post / Tidal" is one. Of
    equally likely names, the last is the publisher. Without names, a piece without words.
    """
    if not names:
        return Piece("")
    first = names[0]
    last = names[-1]
    if len(names) == 2 and last.before in _BETWEEN_SOURCES:
        return replace(first, end=last.end, name=text[first.start : last.end])
    if _only_explains(last, first):
        return first
    if evidence.are_sources_last:
        return last
    # `max` returns the first of equals: reversed, the last.
    return max(reversed(names), key=lambda piece: piece.likely)


def _only_explains(last: Piece, first: Piece) -> bool:
    """Whether the brackets behind a name only explain it: "via Harbour Post (The Valley's Newspaper)"."""
    # The name lacks only a word such as "via".
    is_led = first.text != first.name
    return is_led and last.is_inside and not first.is_inside


def further(values: Sequence[Piece], source: Piece) -> Iterator[str]:
    """What is beside a headline and is neither source nor date; labels only lead to these, unless tags are there."""
    are_tagged = any(piece.is_tag for piece in values)
    for piece in values:
        says_more = are_tagged or not piece.is_label
        is_known = piece.date is not None or is_part(piece, source)
        if says_more and not is_known:
            yield piece.text


def is_part(piece: Piece, source: Piece) -> bool:
    """Whether a piece is the source, or part of its name."""
    return source.start <= piece.start < source.end
