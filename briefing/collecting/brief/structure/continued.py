"""Join items that were divided between two paragraphs: with the headline in one, the source and link in the next."""

from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.rating import rated
from briefing.collecting.brief.structure.segments import Segment


def with_continuations(
    segments: Sequence[Segment], evidence: Evidence
) -> list[Segment]:
    """Segments in which no item begins with the second paragraph of the text of the item above it."""
    result: list[Segment] = []
    for segment in segments:
        above = result[-1] if result else None
        if above and _goes_on(above, segment):
            rows = (*above.rows, *segment.rows)
            joined = rated(replace(above, rows=rows), evidence)
            if joined.is_item and joined.head and joined.head.source:
                result[-1] = joined
                continue
        result.append(segment)
    return result


def _goes_on(above: Segment, item: Segment) -> bool:
    """Whether an item has a text but neither source nor link, and the one below it begins with a text and has them."""
    if not (above.is_item and item.is_item and above.head and item.head):
        return False
    ends = above.rows[-1]
    is_open = not above.head.source and not above.has_link
    is_text = len(above.rows) > 1 and ends_sentence(ends.words)
    begins = item.rows[0]
    is_prose = ends_sentence(begins.words) and not begins.mark
    is_complete = bool(item.head.source) and item.has_link
    return is_open and is_text and is_prose and is_complete
