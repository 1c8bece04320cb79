"""Judge where the items of a reading begin: some may have what belongs to the item above or below."""

from collections.abc import Sequence
from itertools import pairwise

from briefing.collecting.brief.structure.segments import Segment

_WRONG_START = 3.0


def against_starts(segments: Sequence[Segment]) -> float:
    """How much speaks against a reading because items begin in the wrong place: above their heading, although the first
    one doesn't; above their number; with the link of the item above; or below the linked heading that is theirs.
    """
    items = [segment for segment in segments if segment.is_item]
    heads = [item.rows[: item.head.end] for item in items if item.head]
    headed = [rows for rows in heads if any(row.level for row in rows)]
    first_begins = bool(headed) and bool(headed[0][0].level)
    above_heading = sum(not rows[0].level for rows in headed)
    above_number = sum(
        rows[0].mark != "1" and any(row.mark == "1" for row in rows)
        for rows in heads
    )
    same_link = sum(
        bool(_links_of(item)) and _links_of(item) == _links_of(above)
        for above, item in pairwise(items)
    )
    swallowed = sum(
        bool(row.level) and row.is_link
        for item, rows in zip(items, heads, strict=True)
        for row in item.rows[max(1, len(rows)) :]
    )
    wrong = above_heading * first_begins + above_number + same_link + swallowed
    return _WRONG_START * wrong


def _links_of(item: Segment) -> set[str]:
    return {address for row in item.rows for address in row.addresses}
