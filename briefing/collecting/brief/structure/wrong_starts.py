"""Judge where the items of a reading begin: some may have what belongs to the item above or below."""

from itertools import pairwise

from .publisher_names import likelihood
from .row import (
    Row,
    addresses_in,
    without_addresses_above,
)
from .segments import SECTION, Segment, Segments, items_of
from .stories import is_text_below

# With 1, a brief's own title above its bullets is an item: "Cuttings, 7 March".
_WRONG_START = 3.0
_LEAST_OF_HEADLINE = 4
"""Words. An emphasised link with fewer is rather a button."""


def against_wrong_starts(segments: Segments) -> float:
    """How much speaks against a reading because items begin in the wrong place: above a bullet like that of another;
    within a bullet; with the link of the item above, with its text, or with its source and date; above a linked
    heading; with only the link that the item above in their paragraph lacks; or below the heading that is theirs.
    """
    items = items_of(segments)
    wrong = [
        _above_bullets(items),
        _within_bullets(segments),
        _with_links_of_others(items),
        *map(_begins_with_text, items),
        *map(_completes, segments, segments[1:]),
        *map(_linked_headings, items),
        *map(_share_link, items, items[1:]),
        _below_headlines(segments),
    ]
    return _WRONG_START * sum(wrong)


def _above_bullets(items: Segments) -> int:
    """How many items without a bullet have one below, if others begin with one."""
    marks = [[row.mark for row in item.rows] for item in items]
    if not any(first == "*" for first, *_ in marks):
        return 0
    # The title of a brief may read like a headline of the bullets below it: "Cuttings, 7 March".
    return sum(first != "*" and "*" in below for first, *below in marks)


def _within_bullets(segments: Segments) -> int:
    """How many items begin without a mark in a paragraph that begins with a bullet or a number."""
    firsts = _first_rows(segments)
    begun = [item.rows[0] for item in items_of(segments)]
    return sum(not row.mark and bool(firsts[row.block].mark) for row in begun)


def _first_rows(segments: Segments) -> dict[int, Row]:
    """The first row of each paragraph, by its number."""
    firsts: dict[int, Row] = {}
    for segment in segments:
        for row in segment.rows:
            firsts.setdefault(row.block, row)
    return firsts


def _with_links_of_others(items: Segments) -> int:
    """How many items have just the links of the item above."""
    links = [set(addresses_in(item.rows)) for item in items]
    return sum(bool(own) and own == above for above, own in pairwise(links))


def _begins_with_text(item: Segment) -> bool:
    """Whether an item begins with what a label says is a text, above the label of its headline."""
    fields = [row.field for row in item.rows]
    return fields[0] == "text" and "title" in fields


def _completes(above: Segment, item: Segment) -> bool:
    """Whether what was read as an item is rather the author, source and date of the linked headline above it."""
    if not (above.is_item and item.is_item and _is_only_linked(above)):
        return False
    is_source = item.has_source_and_date and not item.has_link
    return is_source and likelihood(item.head.headline, "") > 0


def _is_only_linked(item: Segment) -> bool:
    """Whether an item has a link, but neither source nor date."""
    return item.has_link and not (item.source or item.published)


def _share_link(above: Segment, item: Segment) -> bool:
    """Whether two items are in one paragraph, and the lower one has only a link, and the upper one none: they are
    rather one item.
    """
    are_together = above.rows[-1].block == item.rows[0].block
    return are_together and _is_only_linked(item) and not above.has_link


def _below_headlines(segments: Segments) -> int:
    """How many items begin with prose below a heading that no other item is below."""
    found = 0
    for place in range(1, len(segments)):
        above = segments[place - 1]
        item = segments[place]
        is_below = above.kind == SECTION and item.is_item
        if is_below and is_text_below(above.rows[0], item.rows[0]):
            following = segments[place + 1 : place + 2]
            found += not any(other.is_item for other in following)
    return found


def _linked_headings(item: Segment) -> int:
    """How many rows below an item's head are linked headings, or emphasised links that are long enough for a
    headline.
    """
    rows = without_addresses_above(item.rows)
    end = max(1, item.head.end)
    return sum(
        row.is_link and bool(row.level or (row.is_strong and _is_long(row)))
        for row in rows[end:]
    )


def _is_long(row: Row) -> bool:
    return not row.is_address and len(row.words.split()) >= _LEAST_OF_HEADLINE
