"""Rate one segment of a brief: how well its rows read as an item, and what it says for a reading."""

from .head import Evidence, Head
from .heads import best_head, clear_head
from .row import Row, Rows, without_addresses_above
from .sections import is_clear_section
from .segments import DAY, ITEM, OTHER, SECTION, Segment
from .starts import is_story, is_text_below

LEAST_SCORE = 1.5
"""Rows that read worse than this aren't an item."""
_BEST_SCORE = 5.0
_SENTENCE = 60
"""Characters. Left out rows of at least this length weigh more."""


def rated(segment: Segment, evidence: Evidence) -> Segment:
    """An item with its head and score; what doesn't read like an item is none."""
    if not segment.is_item:
        return segment
    head = best_head(segment.rows, evidence)
    if head is None:
        return Segment(OTHER, segment.rows, score=-2.0)
    rows = without_addresses_above(segment.rows)
    score = _score_of_head(segment, head, evidence)
    is_story_below = rows[0].level > 0 and is_story(rows[1:])
    # A cell, a card, or the heading above a story says where the item ends, whatever is in it.
    if not (rows[0].is_in_part or is_story_below):
        score -= 2.5 * _heads_below(rows, head, evidence)
    if score >= LEAST_SCORE:
        return Segment(ITEM, segment.rows, head, score)
    # Of a section only the title is kept, so an address above it would be lost.
    is_title = len(segment.rows) == 1 and is_clear_section(rows[0], evidence)
    return Segment(SECTION if is_title else OTHER, segment.rows, head, score)


def _score_of_head(segment: Segment, head: Head, evidence: Evidence) -> float:
    """How well the head and the links of an item read."""
    has_text = bool(head.rest and evidence.usual(head.arrangement))
    is_clear = bool(head.source) or has_text
    return min(head.score, _BEST_SCORE) + _score_of_links(
        segment, is_clear=is_clear
    )


def _score_of_links(segment: Segment, *, is_clear: bool) -> float:
    """A link speaks for an item; several on rows of their own are rather several items, unless bullets list them.

    `is_clear`: whether it has a source, or a text behind its headline, as several items have.
    """
    alone = [row for row in segment.rows if row.is_address]
    addresses = len({row.addresses[0] for row in alone})
    # Bullets of bare addresses below a text are further links of its item.
    addresses -= sum(map(_are_listed, segment.rows, segment.rows[1:]))
    score = 1.0 if segment.has_link else -0.7
    score -= 2.0 * max(0, addresses - 1)
    return score if is_clear or segment.has_link else score - 2.0


def _are_listed(row: Row, below: Row) -> bool:
    """Whether two rows are addresses in one list."""
    return row.is_address and below.is_address and bool(below.mark)


def _heads_below(rows: Rows, head: Head, evidence: Evidence) -> int:
    """How many rows below the head look like the head of another item; prose below a heading is its text, and what the
    head itself takes its source from isn't another's.

    An item is counted again with each text that it gains: of the rows that were counted before, only the last two may
    look different, because of what is below them now.
    """
    first = max(1, head.end)
    key = rows[0].number, head.rows
    known, count = evidence.heads_below.get(key, ((), 0))
    if rows[: len(known)] != known:
        known = ()
        count = 0
    settled = max(first, len(rows) - 2)
    count += _heads_in(
        rows, range(max(first, len(known) - 2), settled), head, evidence
    )
    evidence.heads_below[key] = rows, count
    return count + _heads_in(rows, range(settled, len(rows)), head, evidence)


def _heads_in(rows: Rows, places: range, own: Head, evidence: Evidence) -> int:
    return sum(
        _is_other_head(rows, place, own, evidence)
        for place in places
        if not is_text_below(rows[0], rows[place])
    )


def _is_other_head(
    rows: Rows, place: int, own: Head, evidence: Evidence
) -> bool:
    """Whether a row below an item's own head begins another one."""
    head = clear_head(rows[place : place + 3], evidence)
    return head is not None and own.rows.isdisjoint(
        place + number for number in head.rows
    )


def value(segment: Segment) -> float:
    """What a segment says for or against a reading."""
    if segment.is_item:
        return segment.score
    if segment.kind in {SECTION, DAY}:
        return -0.1
    return sum(
        -1.0 if len(row.words) > _SENTENCE else -0.4 for row in segment.rows
    )
