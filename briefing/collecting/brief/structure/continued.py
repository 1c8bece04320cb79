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
        joined = _joined(result[-1], segment, evidence) if result else None
        if joined:
            result[-1] = joined
        else:
            result.append(segment)
    return result


def _joined(
    above: Segment, item: Segment, evidence: Evidence
) -> Segment | None:
    """An item with the one below it, if that goes on with its text and both read as an item with a source."""
    if not _goes_on(above, item):
        return None
    rows = (*above.rows, *item.rows)
    joined = rated(replace(above, rows=rows), evidence)
    return joined if joined.is_item and joined.source else None


def _goes_on(above: Segment, item: Segment) -> bool:
    """Whether an item has a text but neither source nor link, and the one below it begins with a text and has them."""
    if not (above.is_item and item.is_item):
        return False
    is_open = not (above.source or above.has_link)
    is_complete = bool(item.source) and item.has_link
    return is_open and is_complete and _is_text_between(above, item)


def _is_text_between(above: Segment, item: Segment) -> bool:
    """Whether an item ends with a text below its headline, and the one below it begins with a text."""
    ends, begins = above.rows[-1], item.rows[0]
    has_text = len(above.rows) > 1 and ends_sentence(ends.words)
    return has_text and ends_sentence(begins.words) and not begins.mark
