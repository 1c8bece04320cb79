"""Find the division of a brief that fits it best: the one whose items read most alike and most completely."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from briefing.collecting.text.comparing import fold

from .days import split_by_days
from .dividing import DIVISIONS, by_table
from .evidence import Evidence
from .joining import with_continuations, with_texts
from .linked import in_brackets
from .linked_below import with_linked_apart
from .outliers import without_outliers
from .parts import parts_of
from .rating import rated, worth
from .row import Rows
from .segments import OTHER, Segment, Segments, items_of, rows_in
from .siblings import with_siblings
from .titles_between_items import with_section_titles
from .trimming import without_ends
from .wrong_starts import against_wrong_starts

_PASSES = 3
"""The items that were found say which names and arrangements are likely, and so what the items are."""
_SAMPLE = 1_000
"""Rows that show how a brief is divided; the rest of a longer one is read in the same way."""
_DIGITS = 6
# With 0, single lines decide: "Subject: overtime" is no longer the text of the item above it.
_LEAST_GAIN_OF_PART = 4.0
"""How much better a part of a document must read if it is divided in another way than the rest."""
_IN_CARDS = 2.0
"""How much speaks for each item in a card: the page itself divides them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows of a brief, divided in one way."""

    division: str
    segments: tuple[Segment, ...]
    score: float

    @property
    def items(self) -> list[Segment]:
        return items_of(self.segments)


def find_reading(
    rows: Rows, before: dt.date | None, divisions: Collection[str]
) -> Reading | None:
    """The best reading of a brief in one of these divisions; None if too little in it repeats.

    `before` is the brief's date.
    """
    sample = rows[:_SAMPLE]
    evidence = Evidence(before)
    best = Reading("", (), 0.0)
    for _ in range(_PASSES):
        readings = [_read(sample, name, evidence) for name in divisions]
        best = max(readings, key=lambda reading: reading.score)
        found = _evidence_of(best, before)
        if found == evidence:
            # Another pass would read the same.
            break
        evidence = found
    # Trying all divisions on all rows would take most of a minute for 8,000 items.
    if len(rows) > len(sample):
        best = _read(rows, best.division, evidence)
    else:
        segments = list(_divided_apart(best, evidence, divisions))
        segments = with_linked_apart(segments, evidence)
        best = replace(best, segments=tuple(segments))
    return best if best.items else None


def _divided_apart(
    reading: Reading, evidence: Evidence, divisions: Collection[str]
) -> Iterator[Segment]:
    """The segments of a reading; those below each heading of a section are divided in their own way, if that is
    better.
    """
    for headings, below in parts_of(reading.segments):
        yield from headings
        if headings and below:
            yield from _best_division(below, evidence, divisions)
        else:
            yield from below


def _best_division(
    segments: Segments, evidence: Evidence, divisions: Collection[str]
) -> Segments:
    """The segments of a part of a document, or those of the best division of its rows, if that is clearly better."""
    rows = rows_in(segments)
    others = [_segments(rows, name, evidence) for name in divisions]
    best = max(others, key=_score_of)
    is_better = _score_of(best) > _score_of(segments) + _LEAST_GAIN_OF_PART
    return best if is_better else segments


def _score_of(segments: Segments) -> float:
    score = sum(map(worth, segments)) - against_wrong_starts(segments)
    # Versions of Python add such numbers with different errors, which mustn't decide between equals.
    return round(score, _DIGITS)


def _evidence_of(reading: Reading, before: dt.date | None) -> Evidence:
    heads = [item.head for item in reading.items]
    return Evidence(
        before,
        Counter(fold(head.source) for head in heads if head.source),
        Counter(head.arrangement for head in heads),
        sum(head.order for head in heads),
        brackets=Counter(
            words for head in heads for words in in_brackets(head)
        ),
    )


def _read(rows: Rows, division: str, evidence: Evidence) -> Reading:
    segments = _segments(rows, division, evidence)
    segments = without_ends(segments, evidence)
    # A brief's own head reads like an item: "Rope Makers' Union, Reading Room" above "Week ending Friday 20 June".
    segments = without_outliers(segments, evidence.before)
    # "6 March. Our letter has been returned." names no source, but begins with its date like the other items.
    segments = with_siblings(segments, evidence)
    segments = with_continuations(segments, evidence)
    score = _score_of(segments)
    if division == "cards":
        score += _IN_CARDS * len(items_of(segments))
    return Reading(division, tuple(segments), score)


def _segments(rows: Rows, division: str, evidence: Evidence) -> list[Segment]:
    """The segments of rows, each with its score, and items with their texts."""
    segments = [
        rated(segment, evidence)
        for segment in _divided(rows, division, evidence)
    ]
    return with_section_titles(with_texts(segments, evidence), evidence)


def _divided(
    rows: Rows, division: str, evidence: Evidence
) -> Iterator[Segment]:
    """The segments of each day, where a brief lists its items by day."""
    for day, below in split_by_days(rows, evidence.before):
        if day:
            yield day
        for is_cell, group in groupby(below, key=lambda row: row.is_cell):
            part = list(group)
            # There may be a table in a brief whose other items are bullets.
            divide = by_table if is_cell else DIVISIONS[division]
            segments = list(divide(part, evidence))
            # Some ways to divide find no segments, such as that by headings in rows without any.
            yield from segments or [Segment(OTHER, tuple(part))]
