"""Part from an item the paragraphs below it that have links of their own, where items are a paragraph each.

"The [ferry] stops in May." isn't about what the next paragraph says: "Two readers keep [a list of trams]."
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from .evidence import Evidence
from .rating import rated
from .row import Row, Rows, same_address
from .row_paragraphs import is_one_paragraph, starts_of_paragraphs
from .segments import OTHER, Segment, Segments, items_of
from .siblings import LEAST_ITEMS, are_paragraphs, as_item


def with_linked_apart(segments: Segments, evidence: Evidence) -> list[Segment]:
    """Segments in which a linked sentence below another one is an item as well; below a list and below the last item,
    it belongs to none.
    """
    items = items_of(segments)
    if len(items) < LEAST_ITEMS or not are_paragraphs(items):
        return list(segments)
    parts: list[Segment] = []
    for place, segment in enumerate(segments):
        below = segments[place + 1 :]
        if segment.is_item and not _may_continue(segment, below, items):
            parts += _parted(segment, items, evidence)
        else:
            parts.append(segment)
    return parts


def _parted(
    segment: Segment, items: Segments, evidence: Evidence
) -> Iterator[Segment]:
    """An item without the linked sentences below it, and these."""
    item, *apart = _divided(segment)
    yield rated(item, evidence) if apart else segment
    belongs_to_none = segment is items[-1] or segment.rows[0].mark
    for part in apart:
        yield part if belongs_to_none else as_item(part, evidence)


def _may_continue(item: Segment, below: Segments, items: Segments) -> bool:
    """Whether the paragraphs of an item may be about the same: between two bullets, or behind bold words, unless each
    other item is a paragraph.
    """
    first = item.rows[0]
    if first.mark:
        return bool(below) and below[0].rows[0].mark == first.mark
    *others, last = items
    is_end = item is last and all(
        is_one_paragraph(other.rows) for other in others
    )
    return bool(first.lead) and not is_end


def _divided(segment: Segment) -> Iterator[Segment]:
    """An item before the linked sentences below it, and each of these."""
    rows = segment.rows
    ends = [*_starts_of_linked(rows), len(rows)]
    yield replace(segment, rows=rows[: ends[0]])
    for start, end in pairwise(ends):
        yield Segment(OTHER, rows[start:end])


def _starts_of_linked(rows: Rows) -> Iterator[int]:
    """Where a paragraph of an item begins with a linked sentence, as the item does."""
    for start in starts_of_paragraphs(rows):
        row = rows[start]
        is_sentence = not row.mark and _is_linked_within(row)
        if is_sentence and _is_linked_within(rows[0]):
            yield start


def _is_linked_within(row: Row) -> bool:
    """Whether some words of a row are a link, and others aren't."""
    return any(
        len(words) < len(row.words) and not same_address(words, address)
        for words, address in row.links
    )
