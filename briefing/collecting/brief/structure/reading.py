"""Find the division of a brief that fits it best: the one whose items read most alike and most completely."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from briefing.collecting.brief.assemble import CARDS
from briefing.collecting.brief.headlines import ends_sentence, is_byline
from briefing.collecting.brief.structure.between import with_titles
from briefing.collecting.brief.structure.days import split_by_days
from briefing.collecting.brief.structure.dividing import (
    DIVISIONS,
    by_table,
)
from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.heads import (
    best_head,
    clear_head,
    leads_elsewhere,
)
from briefing.collecting.brief.structure.outliers import without_outliers
from briefing.collecting.brief.structure.parts import divided_apart
from briefing.collecting.brief.structure.rows import (
    Row,
    without_addresses_above,
)
from briefing.collecting.brief.structure.sections import (
    is_clear_section,
    may_be_section,
)
from briefing.collecting.brief.structure.segments import (
    DAY,
    ITEM,
    OTHER,
    SECTION,
    Rows,
    Segment,
    score_of_links,
    starts_of_paragraphs,
)
from briefing.collecting.brief.structure.starts import (
    against_starts,
    is_story,
    is_text_below,
)
from briefing.collecting.text.comparing import fold

LEAST_SCORE = 1.5
"""Rows that read worse than this aren't an item."""
_PASSES = 3
"""The items that were found say which names and arrangements are likely, and so what the items are."""
_SAMPLE = 1_000
"""Rows that show how a brief is divided; the rest of a longer one is read in the same way."""
_MOST_OPENING = 8
"""Paragraphs above the first item that may have been taken for part of it."""
_OWN_DATE = -3.0
"""How much worse a first item may read without what is above it and has the brief's own date."""
_BEST_SCORE = 5.0
_IN_CARDS = 2.0
"""How much speaks for each item in a card."""
_LEAST_ALIKE = 2
"""Items of as many paragraphs, from which on another one isn't longer."""
_SENTENCE = 60
"""Characters. Left out rows of at least this length weigh more."""


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
    return sum(map(_value, segments)) - against_starts(segments)


def _evidence_of(reading: Reading, before: dt.date | None) -> Evidence:
    heads = [item.head for item in reading.items if item.head]
    return Evidence(
        before,
        Counter(fold(head.source) for head in heads if head.source),
        Counter(head.arrangement for head in heads),
    )


def _read(rows: Rows, division: str, evidence: Evidence) -> Reading:
    segments = _segments(rows, division, evidence)
    segments = _without_ends(segments, evidence)
    segments = without_outliers(segments, evidence.before)
    score = _score_of(segments)
    if division == CARDS:
        score += _IN_CARDS * sum(segment.is_item for segment in segments)
    return Reading(division, tuple(segments), score)


def _segments(rows: Rows, division: str, evidence: Evidence) -> list[Segment]:
    """The segments of rows, each with its score, and items with their texts."""
    segments = [
        _rated(segment, evidence)
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


# --- One segment


def _rated(segment: Segment, evidence: Evidence) -> Segment:
    """An item with its head and score; what doesn't read like an item is none."""
    if not segment.is_item:
        return segment
    head = best_head(segment.rows, evidence)
    if head is None:
        return Segment(OTHER, segment.rows, score=-2.0)
    is_told = bool(head.rest) and bool(evidence.usual(head.arrangement))
    score = min(head.score, _BEST_SCORE) + score_of_links(
        segment, is_clear=bool(head.source) or is_told
    )
    rows = without_addresses_above(segment.rows)
    is_whole = rows[0].is_in_part or (rows[0].level and is_story(rows[1:]))
    if not is_whole:
        score -= 2.5 * _heads_below(rows, head.end, evidence)
    kind = ITEM if score >= LEAST_SCORE else OTHER
    return Segment(kind, segment.rows, head, score)


def _heads_below(rows: Rows, end: int, evidence: Evidence) -> int:
    """How many rows below the head look like the head of another item; prose below a heading is its text.

    An item is counted again with each text that it gains: of the rows that were counted before, only the last two may
    look different, because of what is below them now.
    """
    first = max(1, end)
    key = rows[0].number, first
    known, count = evidence.heads_below.get(key, ((), 0))
    if rows[: len(known)] != known:
        known, count = (), 0
    settled = max(first, len(rows) - 2)
    count += _heads_in(
        rows, range(max(first, len(known) - 2), settled), evidence
    )
    evidence.heads_below[key] = rows, count
    return count + _heads_in(rows, range(settled, len(rows)), evidence)


def _heads_in(rows: Rows, places: range, evidence: Evidence) -> int:
    return sum(
        clear_head(rows[place : place + 3], evidence) is not None
        for place in places
        if not is_text_below(rows[0], rows[place])
    )


def _value(segment: Segment) -> float:
    """What a segment says for or against a reading."""
    if segment.is_item:
        return segment.score
    if segment.kind in {SECTION, DAY}:
        return -0.1
    return sum(
        -1.0 if len(row.words) > _SENTENCE else -0.4 for row in segment.rows
    )


# --- All segments


def _with_texts(
    segments: Sequence[Segment], evidence: Evidence
) -> list[Segment]:
    """Sentences and lists directly below an item belong to it."""
    result: list[Segment] = []
    for segment in segments:
        if result and result[-1].is_item and _is_text(segment, result[-1]):
            joined = Segment(ITEM, (*result[-1].rows, *segment.rows))
            rated = _rated(joined, evidence)
            if rated.is_item:
                result[-1] = rated
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
        # A bare address may as well be above its headline, unless text is above it in its paragraph.
        is_below_text = row is not first and row.block == first.block
        is_clear = bool(row.without_addresses) or is_below_text
        is_own = is_clear and not item.has_link
        return is_own or row.block == item.rows[-1].block
    is_text = ends_sentence(row.words) or is_byline(row.words)
    is_list = bool(row.mark) and not (row.mark == item.rows[0].mark == "1")
    return is_list or is_text


def _without_ends(segments: list[Segment], evidence: Evidence) -> list[Segment]:
    """The first item without what is above it, and the last one without what is below."""
    places = [
        number for number, segment in enumerate(segments) if segment.is_item
    ]
    if not places:
        return segments
    first, last = places[0], places[-1]
    others = [segments[number] for number in places[:-1]]
    result = list(segments)
    result[last : last + 1] = _without_closing(segments[last], others, evidence)
    below = [segments[number] for number in places[1:]]
    usual = _usual_arrangement(below)
    result[first : first + 1] = _without_opening(result[first], below, evidence)
    if first and result[first - 1].kind == OTHER:
        result[first - 1 : first] = _item_below_opening(
            result[first - 1], usual, evidence
        )
    return result


def _is_paragraph(item: Segment) -> bool:
    return item.rows[0].block == item.rows[-1].block


def _usual_arrangement(items: Iterable[Segment]) -> str:
    """The arrangement that most items have; "" if there is none."""
    count = Counter(item.head.arrangement for item in items if item.head)
    (usual, _), *_ = count.most_common(1) or [("", 0)]
    return usual


def _without_opening(
    item: Segment, others: Sequence[Segment], evidence: Evidence
) -> list[Segment]:
    """An item without the rows above it that are the brief's: without them it reads better, or like most others."""
    best = [item]
    if item.rows[0].card >= 0:
        return best
    are_paragraphs = len(others) > 1 and all(map(_is_paragraph, others))
    for start in starts_of_paragraphs(item.rows)[:_MOST_OPENING]:
        rated = _rated(Segment(ITEM, item.rows[start:]), evidence)
        above = item.rows[:start]
        if is_text_below(above[-1], item.rows[start]):
            continue
        least = _least_gain(rated, best[-1], others, evidence)
        if len(above) == 1 and may_be_section(above[0], evidence):
            # A title alone above the first headline is the brief's.
            least = min(least, 0.0)
        if _ends_with_section(above, others, evidence):
            least = _OWN_DATE
        if are_paragraphs and _is_paragraph(rated):
            least = min(least, 0.0)
        if rated.is_item and rated.score >= best[-1].score + least:
            best = [Segment(OTHER, above), rated]
    return best


def _ends_with_section(
    above: Rows, others: Sequence[Segment], evidence: Evidence
) -> bool:
    """Whether what is above a first item ends with the title of a section, in a paragraph that no other item begins
    with.
    """
    title = above[-1]
    is_alone = len(above) > 1 and above[-2].block != title.block
    are_titled = any(
        is_clear_section(item.rows[0], evidence) for item in others
    )
    return is_alone and is_clear_section(title, evidence) and not are_titled


def _least_gain(
    rated: Segment,
    best: Segment,
    others: Sequence[Segment],
    evidence: Evidence,
) -> float:
    """How much better the rest of an item must read than all of it; less than nothing if it reads like most others."""
    date = best.head.date if best.head else None
    is_own = date is not None and date == evidence.before
    are_dated = any(item.head and item.head.date for item in others)
    if is_own and others and not are_dated:
        return _OWN_DATE
    usual = _usual_arrangement(others)
    if not _is_usual(rated, usual) or _is_usual(best, usual):
        return 0.4
    return _OWN_DATE if is_own else -1.0


def _item_below_opening(
    other: Segment, usual: str, evidence: Evidence
) -> list[Segment]:
    """Rows above the first item, without an item at their end that reads like most others."""
    for start in starts_of_paragraphs(other.rows)[:_MOST_OPENING]:
        rated = _rated(Segment(ITEM, other.rows[start:]), evidence)
        if rated.is_item and _is_usual(rated, usual):
            return [Segment(OTHER, other.rows[:start]), rated]
    return [other]


def _is_usual(item: Segment, usual: str) -> bool:
    return item.head is not None and item.head.arrangement == usual


def _without_closing(
    item: Segment, others: Sequence[Segment], evidence: Evidence
) -> list[Segment]:
    """Paragraphs of the last item that no other item has anything like are the brief's end."""
    end = min(_end_of_links(item, others), _usual_end(item, others))
    if end == len(item.rows):
        return [item]
    rated = _rated(replace(item, rows=item.rows[:end]), evidence)
    return [rated, Segment(OTHER, item.rows[end:])]


def _end_of_links(item: Segment, others: Sequence[Segment]) -> int:
    """The number of rows up to the end of the paragraph with the last link; all if others have text below theirs."""
    if any(_rows_linked(other) < len(other.rows) for other in others):
        return len(item.rows)
    return _rows_linked(item)


def _rows_linked(item: Segment) -> int:
    """The number of rows up to the end of the paragraph with the last link; all if there is none."""
    linked = [row.block for row in item.rows if row.links]
    if not linked:
        return len(item.rows)
    return sum(row.block <= linked[-1] for row in item.rows)


def _usual_end(item: Segment, others: Sequence[Segment]) -> int:
    """The number of rows in as many paragraphs as each other item has; all if those differ, or if a link is below."""
    lengths = {len(starts_of_paragraphs(other.rows)) for other in others}
    starts = starts_of_paragraphs(item.rows)
    if len(others) < _LEAST_ALIKE or len(lengths) > 1:
        return len(item.rows)
    end = [*starts, len(item.rows)][min(*lengths, len(starts))]
    has_link = any(row.links for row in item.rows[end:])
    return len(item.rows) if has_link else end
