"""Find the titles of sections in what is between items: short rows alone in their paragraphs, right above items.

A division goes from row to row, and adds such a row to the item above it. Only all items show whether it belongs there.
"""

from collections.abc import Iterator
from dataclasses import replace

from briefing.collecting.brief.lines.headlines import is_byline

from .evidence import Evidence
from .rating import rated
from .row import Rows, without_addresses_above
from .sections import is_clear_section, may_be_section
from .segments import (
    OTHER,
    SECTION,
    Segment,
    Segments,
    places_of_items,
    rows_in,
)
from .stories import is_text_below

_LEAST_GAIN = 0.5
"""How much better an item must read without a title above it."""
_LEAST = 2
"""Titles that must be between items if none is above the first."""


def with_section_titles(
    segments: Segments, evidence: Evidence
) -> list[Segment]:
    """Segments with the titles of sections taken out of what is above or below them.

    Such a row below the last item, or below each of the others, ends items: it may be where each is from.
    """
    segments = list(_titled_apart(segments, evidence))
    titled = _places_of_titles(segments, evidence)
    result: list[Segment] = []
    for place, segment in enumerate(segments):
        result += _without_title(segment) if place in titled else [segment]
    return result


def _titled_apart(segments: Segments, evidence: Evidence) -> Iterator[Segment]:
    """Segments in which a title that another one begins with is a segment by itself."""
    for place, segment in enumerate(segments):
        is_above_item = _is_above_item(segments, place)
        rest = _below_title(segment, evidence, is_above_item=is_above_item)
        if rest:
            yield Segment(SECTION, segment.rows[:1])
        yield rest or segment


def _below_title(
    segment: Segment, evidence: Evidence, *, is_above_item: bool
) -> Segment | None:
    """A segment without the title that it begins with; None if it begins with none."""
    if not _begins_apart(segment):
        return None
    if segment.is_item:
        return _item_below_title(segment, evidence)
    return _text_below_title(segment, evidence) if is_above_item else None


def _begins_apart(segment: Segment) -> bool:
    """Whether the first row of a segment is a paragraph, above others."""
    rows = segment.rows
    return len(rows) > 1 and rows[0].block != rows[1].block


def _item_below_title(item: Segment, evidence: Evidence) -> Segment | None:
    """An item without the title of a section above it; None unless it reads better so."""
    title, below = item.rows[:2]
    if is_text_below(title, below) or not may_be_section(title, evidence):
        return None
    rest = rated(replace(item, rows=item.rows[1:]), evidence)
    return rest if rest.score >= item.score + _LEAST_GAIN else None


def _text_below_title(other: Segment, evidence: Evidence) -> Segment | None:
    """Rows between items without the title of a section above them; None unless its looks or words say that it
    is one.
    """
    title, *below = other.rows
    if not is_clear_section(title, evidence):
        return None
    return Segment(OTHER, tuple(below))


def _places_of_titles(segments: Segments, evidence: Evidence) -> set[int]:
    """The places of the segments that end with the title of a section."""
    places = places_of_items(segments)
    titled = {
        place
        for place in places
        if _is_above_item(segments, place)
        and _ends_with_title(segments[place], evidence)
    }
    if not titled:
        return titled
    if _begins_with_title(segments[: places[0]], evidence):
        return {places[0] - 1, *titled}
    # With no title above the first item, "Harbour Post", alone below the last one, is rather where that is from.
    if _ends_with_title(segments[places[-1]], evidence):
        return set()
    # The same if such a row is below each item but the last.
    return titled if len(places) - 1 > len(titled) >= _LEAST else set()


def _is_above_item(segments: Segments, place: int) -> bool:
    return any(segment.is_item for segment in segments[place + 1 : place + 2])


def _begins_with_title(opening: Segments, evidence: Evidence) -> bool:
    """Whether the rows above the first item end with what may be the title of its section."""
    return bool(opening) and _is_title_at_end(rows_in(opening), evidence)


def _ends_with_title(item: Segment, evidence: Evidence) -> bool:
    """Whether the last row of an item may be a title: below its link, if it has one, and not part of its head."""
    leading = len(item.rows) - len(without_addresses_above(item.rows))
    is_in_head = len(item.rows) - 1 - leading in item.head.rows
    return not is_in_head and _is_title_at_end(item.rows, evidence)


def _is_title_at_end(rows: Rows, evidence: Evidence) -> bool:
    row = rows[-1]
    is_alone = len(rows) == 1 or rows[-2].block != row.block
    may_begin = row.words[:1].isalpha() and not row.begins_small
    is_title = may_be_section(row, evidence) and not is_byline(row.words)
    return is_alone and may_begin and is_title


def _without_title(segment: Segment) -> list[Segment]:
    """A segment without its last row, and the title of a section that it is."""
    rest = segment.rows[:-1]
    title = segment.rows[-1:]
    found = [Segment(SECTION, title)]
    return [replace(segment, rows=rest), *found] if rest else found
