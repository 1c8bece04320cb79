"""Find the division of a brief that fits it best: the one whose items read most alike and most completely."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from briefing.collecting.brief.assemble import CARDS
from briefing.collecting.brief.headlines import ends_sentence, is_byline
from briefing.collecting.brief.structure.between import with_titles
from briefing.collecting.brief.structure.continued import with_continuations
from briefing.collecting.brief.structure.days import split_by_days
from briefing.collecting.brief.structure.dividing import (
    DIVISIONS,
    by_table,
)
from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.heads import leads_elsewhere
from briefing.collecting.brief.structure.linked import in_brackets
from briefing.collecting.brief.structure.outliers import without_outliers
from briefing.collecting.brief.structure.parts import divided_apart
from briefing.collecting.brief.structure.rating import rated, value
from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.segments import (
    DAY,
    ITEM,
    OTHER,
    Rows,
    Segment,
)
from briefing.collecting.brief.structure.siblings import with_siblings
from briefing.collecting.brief.structure.starts import against_starts
from briefing.collecting.brief.structure.trimming import without_ends
from briefing.collecting.text.comparing import fold

_PASSES = 3
"""The items that were found say which names and arrangements are likely, and so what the items are."""
_SAMPLE = 1_000
"""Rows that show how a brief is divided; the rest of a longer one is read in the same way."""
_DIGITS = 6
_IN_CARDS = 2.0
"""How much speaks for each item in a card."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows of a brief, divided in one way."""

    division: str
    segments: tuple[Segment, ...]
    score: float

    @property
    def items(self) -> list[Segment]:
        return [segment for segment in self.segments if segment.is_item]


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
        evidence = _evidence_of(best, before)
    if len(rows) > len(sample):
        best = _read(rows, best.division, evidence)
    else:
        best = _with_own_divisions(best, evidence, divisions)
    return best if best.items else None


def _with_own_divisions(
    reading: Reading, evidence: Evidence, divisions: Collection[str]
) -> Reading:
    """A reading in which the rows below each heading of a section are divided in their own way, if that is better."""

    def divide(rows: Rows) -> Iterator[list[Segment]]:
        for name in divisions:
            yield _segments(rows, name, evidence)

    segments = divided_apart(reading.segments, divide, _score_of)
    return replace(reading, segments=tuple(segments))


def _score_of(segments: Sequence[Segment]) -> float:
    score = sum(map(value, segments)) - against_starts(segments)
    # Versions of Python add such numbers with different errors, which mustn't decide between equals.
    return round(score, _DIGITS)


def _evidence_of(reading: Reading, before: dt.date | None) -> Evidence:
    heads = [item.head for item in reading.items if item.head]
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
    segments = without_outliers(segments, evidence.before)
    segments = with_siblings(segments, evidence)
    segments = with_continuations(segments, evidence)
    score = _score_of(segments)
    if division == CARDS:
        score += _IN_CARDS * sum(segment.is_item for segment in segments)
    return Reading(division, tuple(segments), score)


def _segments(rows: Rows, division: str, evidence: Evidence) -> list[Segment]:
    """The segments of rows, each with its score, and items with their texts."""
    segments = [
        rated(segment, evidence)
        for segment in _divided(rows, division, evidence)
    ]
    return with_titles(_with_texts(segments, evidence), evidence)


def _divided(
    rows: Rows, division: str, evidence: Evidence
) -> Iterator[Segment]:
    """The segments of each day, where a brief lists its items by day."""
    for day, below in split_by_days(rows, evidence.before):
        if day:
            yield Segment(DAY, (day.row,), date=day.date)
        for is_cell, group in groupby(below, key=lambda row: row.is_cell):
            part = list(group)
            divide = by_table if is_cell else DIVISIONS[division]
            segments = list(divide(part, evidence))
            yield from segments or [Segment(OTHER, tuple(part))]


def _with_texts(
    segments: Sequence[Segment], evidence: Evidence
) -> list[Segment]:
    """Sentences and lists directly below an item belong to it."""
    result: list[Segment] = []
    for segment in segments:
        if result and result[-1].is_item and _is_text(segment, result[-1]):
            joined = Segment(ITEM, (*result[-1].rows, *segment.rows))
            longer = rated(joined, evidence)
            if longer.is_item:
                result[-1] = longer
                continue
        result.append(segment)
    return result


def _is_text(segment: Segment, item: Segment) -> bool:
    if segment.kind != OTHER or segment.rows[0].card != item.rows[-1].card:
        return False
    return all(_is_text_row(row, item, segment.rows[0]) for row in segment.rows)


def _is_text_row(row: Row, item: Segment, first: Row) -> bool:
    """Whether a row below an item belongs to its text; `first` is the first of the rows there."""
    if row.is_cell:
        return False
    if row.field:
        return row.field != "title"
    if leads_elsewhere(row):
        return _is_own_address(row, item, first)
    is_text = ends_sentence(row.words) or is_byline(row.words)
    is_list = bool(row.mark) and not (row.mark == item.rows[0].mark == "1")
    return is_list or is_text


def _is_own_address(row: Row, item: Segment, first: Row) -> bool:
    """Whether an address below an item belongs to it."""
    if row.block == item.rows[-1].block:
        return True
    # A bare address may as well be above its headline, unless text is above it in its paragraph.
    is_below_text = row is not first and row.block == first.block
    is_clear = bool(row.without_addresses) or is_below_text
    return is_clear and not item.has_link
