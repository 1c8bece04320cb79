"""Rate one segment of a brief: how well its rows read as an item, and what it says for a reading."""

from .best_head import best_head
from .evidence import Evidence
from .head import Head
from .row import Row, Rows
from .sections import is_clear_section
from .segments import DAY, ITEM, OTHER, SECTION, Segment

LEAST_SCORE = 1.5
"""Rows that read worse than this aren't an item."""
_BEST_SCORE = 5.0
_SENTENCE = 60
"""Characters. Left out rows of at least this length weigh more."""


def rated(segment: Segment, evidence: Evidence) -> Segment:
    """An item with its head and score; what doesn't read like one becomes another segment."""
    if not segment.is_item:
        return segment
    head = best_head(segment.rows, evidence)
    if head is None:
        return Segment(OTHER, segment.rows, score=-2.0)
    first, *others = segment.rows
    score = _score_of_head(segment, head, evidence)
    if first.is_headline and others:
        score = max(score, LEAST_SCORE)
    if score >= LEAST_SCORE:
        return Segment(ITEM, segment.rows, head, score)
    # Of a section only the title is kept, so an address above it would be lost.
    is_title = not others and is_clear_section(first, evidence)
    return Segment(SECTION if is_title else OTHER, segment.rows, head, score)


def _score_of_head(segment: Segment, head: Head, evidence: Evidence) -> float:
    """How well the head and the links of an item read."""
    has_text = bool(head.rest and evidence.usual_arrangement(head.arrangement))
    is_clear = bool(head.source) or has_text
    return min(head.score, _BEST_SCORE) + _score_of_links(
        segment, is_clear=is_clear
    )


def _score_of_links(segment: Segment, *, is_clear: bool) -> float:
    """A link speaks for an item; several on rows of their own are rather several items, unless bullets list them.

    `is_clear`: whether it has a source, or a text behind its headline, as several items have.
    """
    has_link = segment.has_link
    score = 1.0 if has_link else -0.7
    score -= 2.0 * _further_addresses(segment.rows)
    return score if is_clear or has_link else score - 2.0


def _further_addresses(rows: Rows) -> int:
    """How many addresses an item has on rows of their own, beside the first and those that bullets list."""
    linked = [row for row in rows if row.links]
    addresses = {row.addresses[0] for row in linked if row.is_address}
    if len(addresses) < 2:
        return 0
    # Bullets of bare addresses below a text are further links of its item.
    listed = sum(map(_are_listed, rows, rows[1:]))
    return max(0, len(addresses) - listed - 1)


def _are_listed(row: Row, below: Row) -> bool:
    """Whether two rows are addresses in one list."""
    return row.is_address and below.is_address and bool(below.mark)


def worth(segment: Segment) -> float:
    """What a segment says for or against a reading."""
    if segment.is_item:
        return segment.score
    if segment.kind in {SECTION, DAY}:
        return -0.1
    return sum(
        -1.0 if len(row.words) > _SENTENCE else -0.4 for row in segment.rows
    )
