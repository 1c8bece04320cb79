"""Join to an item what is below it and belongs to it: sentences and lists, or the second half of an item that was
divided between two paragraphs.
"""

from collections.abc import Callable
from dataclasses import replace

from briefing.collecting.brief.lines.headlines import is_byline
from briefing.collecting.brief.lines.sentences import ends_sentence

from .best_head import leads_elsewhere
from .evidence import Evidence
from .rating import rated
from .row import Row
from .segments import OTHER, Segment, Segments


def with_texts(segments: Segments, evidence: Evidence) -> list[Segment]:
    """Segments in which sentences and lists directly below an item belong to it."""
    return _joined(segments, _is_text, evidence)


def with_continuations(segments: Segments, evidence: Evidence) -> list[Segment]:
    """Segments in which no item begins with the second paragraph of the text of the item above it."""
    return _joined(segments, _continues_text, evidence)


def _joined(
    segments: Segments,
    is_part: Callable[[Segment, Segment], bool],
    evidence: Evidence,
) -> list[Segment]:
    """Segments in which each item is one with those below it that are part of it."""
    result: list[Segment] = []
    for segment in segments:
        above = result[-1] if result else None
        if above and above.is_item and is_part(above, segment):
            rows = (*above.rows, *segment.rows)
            joined = rated(replace(above, rows=rows), evidence)
            # Two items that would lose a source by becoming one stay two.
            has_lost_source = segment.is_item and not joined.source
            if joined.is_item and not has_lost_source:
                result[-1] = joined
                continue
        result.append(segment)
    return result


def _is_text(item: Segment, below: Segment) -> bool:
    """Whether what is below an item belongs to its text."""
    first = below.rows[0]
    if below.kind != OTHER or first.card != item.rows[-1].card:
        return False
    return all(_is_text_row(row, item, first) for row in below.rows)


def _is_text_row(row: Row, item: Segment, first: Row) -> bool:
    """Whether a row below an item belongs to its text; `first` is the first of the rows there."""
    if row.is_cell:
        return False
    if row.field:
        return row.field != "title"
    if leads_elsewhere(row):
        return _is_own_address(row, item, first)
    is_text = ends_sentence(row.words) or is_byline(row.words)
    # Below an item with a number, another number counts the next item.
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


def _continues_text(above: Segment, item: Segment) -> bool:
    """Whether an item has a text but neither source nor link, and the one below it begins with a text and has them."""
    is_open = not (above.source or above.has_link)
    is_complete = item.is_item and bool(item.source) and item.has_link
    return is_open and is_complete and _is_text_between(above, item)


def _is_text_between(above: Segment, item: Segment) -> bool:
    """Whether an item ends with a text below its headline, and the one below it begins with a text."""
    ends = above.rows[-1]
    begins = item.rows[0]
    has_text = len(above.rows) > 1 and ends_sentence(ends.words)
    return has_text and ends_sentence(begins.words) and not begins.mark
