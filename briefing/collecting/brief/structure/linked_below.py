"""Separate an item from the paragraphs below it that have links of their own, where items are a paragraph each.

"The [ferry] stops in May." isn't about what the next paragraph says: "Two readers keep [a list of trams]."
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, zip_longest

from .evidence import Evidence
from .rating import rated
from .row import Row, Rows, same_address
from .row_paragraphs import is_one_paragraph, starts_of_paragraphs
from .segments import OTHER, Segment, Segments, items_of
from .siblings import LEAST_ITEMS, are_paragraphs, as_item


def with_linked_apart(segments: Segments, evidence: Evidence) -> list[Segment]:
    """Segments in which a linked sentence below another one is an item of its own. Below a list or in the last item,
    it belongs to no item.
    """
    items = items_of(segments)
    if len(items) < LEAST_ITEMS or not are_paragraphs(items):
        return list(segments)
    parts: list[Segment] = []
    for segment, below in zip_longest(segments, segments[1:]):
        if segment.is_item and not _may_continue(segment, below, items):
            parts += _parted(segment, items, evidence)
        else:
            parts.append(segment)
    return parts


def _parted(
    segment: Segment, items: Segments, evidence: Evidence
) -> Iterator[Segment]:
    """An item without the linked sentences below it, and each of these."""
    item, *apart = _divided(segment)
    yield rated(item, evidence) if apart else segment
    belongs_to_none = segment is items[-1] or segment.rows[0].mark
    for part in apart:
        yield part if belongs_to_none else as_item(part, evidence)


def _may_continue(
    item: Segment, below: Segment | None, items: Segments
) -> bool:
    """Whether all paragraphs of an item may be about the same thing: between two bullets, or if it begins with bold
    words. These say nothing in the last item, below which the brief ends, if each of the others is one paragraph.
    """
    first = item.rows[0]
    if first.mark:
        return below is not None and below.rows[0].mark == first.mark
    *others, last = items
    is_end = item is last and all(
        is_one_paragraph(other.rows) for other in others
    )
    return bool(first.lead) and not is_end


def _divided(segment: Segment) -> Iterator[Segment]:
    """The rows of an item up to the first linked sentence below it, and those from each such sentence on."""
    rows = segment.rows
    ends = [*_starts_of_linked(rows), len(rows)]
    yield replace(segment, rows=rows[: ends[0]])
    for start, end in pairwise(ends):
        yield Segment(OTHER, rows[start:end])


def _starts_of_linked(rows: Rows) -> Iterator[int]:
    """Where a paragraph of an item begins with a linked sentence, if the item does as well."""
    if not _is_linked_within(rows[0]):
        return
    for start in starts_of_paragraphs(rows):
        row = rows[start]
        if not row.mark and _is_linked_within(row):
            yield start


def _is_linked_within(row: Row) -> bool:
    """Whether some words of a row are a link, and others aren't."""
    return any(
        len(words) < len(row.words) and not same_address(words, address)
        for words, address in row.links
    )
