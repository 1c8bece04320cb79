"""Remove the brief's own opening from the first item of a reading, and its closing from the last one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from .evidence import Evidence
from .rating import rated
from .row import Row, Rows
from .row_paragraphs import is_one_paragraph, starts_of_paragraphs
from .sections import is_clear_section, may_be_section
from .segments import ITEM, OTHER, Segment, Segments, items_of, places_of_items
from .stories import is_text_below

_MOST_OPENING = 8
"""Paragraphs above the first item that may have been taken for part of it."""
_OWN_DATE = -3.0
"""How much worse a first item may read without what is above it and has the brief's own date."""
_LEAST_GAIN = 0.4
"""How much better a first item must read without what is above it, for no other reason."""
_LEAST_ALIKE = 2
"""Items of as many paragraphs, from which on another one isn't longer."""


def without_ends(segments: list[Segment], evidence: Evidence) -> list[Segment]:
    """The first item without what is above it, and the last one without what is below."""
    places = places_of_items(segments)
    if not places:
        return segments
    items = items_of(segments)
    last = places[-1]
    closing = _without_closing(items[-1], items[:-1], evidence)
    whole = [*segments[:last], *closing, *segments[last + 1 :]]
    return _without_brief_opening(whole, places[0], items[1:], evidence)


def _without_brief_opening(
    segments: Segments, first: int, others: Segments, evidence: Evidence
) -> list[Segment]:
    """Segments whose first item, in a place, begins where it reads like the others: further down or further up."""
    above = list(segments[:first])
    item = _without_opening(segments[first], others, evidence)
    if above and above[-1].kind == OTHER:
        above[-1:] = _item_below_opening(above[-1], others, evidence)
    return [*above, *item, *segments[first + 1 :]]


def _usual_arrangement(items: Iterable[Segment]) -> str:
    """The arrangement that most items have; "" if there is none."""
    count = Counter(item.arrangement for item in items)
    (usual, _), *_ = count.most_common(1) or [("", 0)]
    return usual


def _without_opening(
    item: Segment, others: Segments, evidence: Evidence
) -> list[Segment]:
    """An item without the rows above it that are the brief's: without them it reads better, or like most others."""
    best = [item]
    # A card of a newsletter contains nothing of the opening.
    if item.rows[0].card >= 0:
        return best
    usual = _usual_arrangement(others)
    for start in starts_of_paragraphs(item.rows)[:_MOST_OPENING]:
        above = item.rows[:start]
        if is_text_below(above[-1], item.rows[start]):
            continue
        found = rated(Segment(ITEM, item.rows[start:]), evidence)
        if not found.is_item:
            continue
        least = min(
            _least_gain(best[-1], found, others, usual, evidence),
            _least_gain_below(above, found, others, evidence),
        )
        if found.score >= best[-1].score + least:
            best = [Segment(OTHER, above), found]
    return best


def _least_gain_below(
    above: Rows, found: Segment, others: Segments, evidence: Evidence
) -> float:
    """How much better the rest of an item must read than all of it, because of the rows above it."""
    if _ends_with_section(above, others, evidence):
        return _OWN_DATE
    # A title alone above the first headline is the brief's, unless it looks like the headlines of the others.
    is_title = len(above) == 1 and may_be_section(above[0], evidence)
    is_below_title = is_title and not _is_like_headlines(above[0], others)
    if is_below_title or _are_paragraphs(found, others):
        return 0.0
    return _LEAST_GAIN


def _is_like_headlines(row: Row, others: Segments) -> bool:
    """Whether a row is emphasised as a whole, as the first rows of most other items are."""
    emphasised = sum(item.rows[0].is_strong for item in others)
    return row.is_strong and emphasised * 2 > len(others)


def _are_paragraphs(item: Segment, others: Segments) -> bool:
    return len(others) > 1 and all(
        is_one_paragraph(segment.rows) for segment in [item, *others]
    )


def _ends_with_section(
    above: Rows, others: Segments, evidence: Evidence
) -> bool:
    """Whether what is above a first item ends with the title of a section, in a paragraph that no other item begins
    with.
    """
    title = above[-1]
    is_alone = len(above) > 1 and above[-2].block != title.block
    if not (is_alone and is_clear_section(title, evidence)):
        return False
    return not any(is_clear_section(item.rows[0], evidence) for item in others)


def _least_gain(
    best: Segment,
    found: Segment,
    others: Segments,
    usual: str,
    evidence: Evidence,
) -> float:
    """How much better the rest of an item must read than all of it; less than nothing if it loses the brief's own date,
    or if only the rest has the usual arrangement.
    """
    is_more_usual = found.arrangement == usual != best.arrangement
    is_own = best.is_dated(evidence.before)
    if is_own and others and not any(item.published for item in others):
        return _OWN_DATE
    if not is_more_usual:
        return _LEAST_GAIN
    return _OWN_DATE if is_own else -1.0


def _item_below_opening(
    other: Segment, items: Segments, evidence: Evidence
) -> list[Segment]:
    """Rows above the first item, without an item at their end that reads like most others."""
    usual = _usual_arrangement(items)
    for start in starts_of_paragraphs(other.rows)[:_MOST_OPENING]:
        found = rated(Segment(ITEM, other.rows[start:]), evidence)
        if found.is_item and found.arrangement == usual:
            return [Segment(OTHER, other.rows[:start]), found]
    return [other]


def _without_closing(
    item: Segment, others: Segments, evidence: Evidence
) -> list[Segment]:
    """Paragraphs of the last item that no other item has anything like are the brief's end."""
    end = min(_end_of_links(item, others), _usual_end(item, others))
    if end == len(item.rows):
        return [item]
    found = rated(replace(item, rows=item.rows[:end]), evidence)
    return [found, Segment(OTHER, item.rows[end:])]


def _end_of_links(item: Segment, others: Segments) -> int:
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


def _usual_end(item: Segment, others: Segments) -> int:
    """The number of rows in as many paragraphs as each other item has; all if those differ, or if a link is below."""
    lengths = {len(starts_of_paragraphs(other.rows)) for other in others}
    starts = starts_of_paragraphs(item.rows)
    if len(others) < _LEAST_ALIKE or len(lengths) > 1:
        return len(item.rows)
    end = [*starts, len(item.rows)][min(*lengths, len(starts))]
    has_link = any(row.links for row in item.rows[end:])
    return len(item.rows) if has_link else end
