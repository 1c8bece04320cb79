"""Take items out of a reading that aren't like the others."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.structure.head import Head
from briefing.collecting.brief.structure.rating import LEAST_SCORE
from briefing.collecting.brief.structure.rows import same_address
from briefing.collecting.brief.structure.segments import OTHER, Segment

_LEAST_ITEMS = 3
"""What occurs only twice may be a coincidence."""
_LEAST_LIKE_OTHERS, _LEAST_SOURCED, _LEAST_UNLIKE_OTHERS = 1.6, 3.0, 3.5
"""The scores of items without a link: in an arrangement that others have, with source and date, in one of its own."""
_MOST_HEAD = 3
"""Rows. What is above the items and has the brief's own date is no longer."""
_USUAL = 0.6
"""The share of items from which on the others need a reason to be items."""


def without_outliers(
    segments: list[Segment], before: dt.date | None
) -> list[Segment]:
    """Where most items have a link, a weak one without a link isn't one; nor is a sentence among bullets, nor the
    brief's own head.
    """
    segments = _without_own_head(_without_unmarked(segments), before)
    items = [segment for segment in segments if segment.is_item]
    linked = [segment for segment in items if segment.has_link]
    if len(linked) < 0.6 * len(items):
        return segments
    usual = Counter(item.head.arrangement for item in linked if item.head)
    are_marked = len(linked) >= _LEAST_ITEMS and all(map(_has_mark, linked))
    return [
        Segment(OTHER, segment.rows)
        if _is_outlier(segment, usual, before)
        and not (are_marked and _is_marked_with_source(segment))
        else segment
        for segment in segments
    ]


def _without_own_head(
    segments: list[Segment], before: dt.date | None
) -> list[Segment]:
    """Segments whose first item isn't the title, publisher and date of the brief, arranged like no other item."""
    items = [segment for segment in segments if segment.is_item]
    if len(items) < _LEAST_ITEMS:
        return segments
    first, *others = items
    if first.has_link or not _is_own_head(first.head, others, before):
        return segments
    return [
        Segment(OTHER, first.rows) if segment is first else segment
        for segment in segments
    ]


def _is_own_head(
    head: Head | None, others: Sequence[Segment], before: dt.date | None
) -> bool:
    if head is None or not _has_own_date(head, before):
        return False
    arrangements = {item.head.arrangement for item in others if item.head}
    unlinked = sum(not item.has_link for item in others)
    are_linked = unlinked <= 1 < len(others)
    return are_linked or head.arrangement not in arrangements


def _without_unmarked(segments: list[Segment]) -> list[Segment]:
    """Where most headlines have a bullet, are links or have a source and a date, a sentence without that isn't one,
    unless it has a source.
    """
    for begins in (_has_mark, _is_linked, _is_complete):
        items = [segment for segment in segments if segment.is_item]
        usual = sum(map(begins, items))
        if usual < _LEAST_ITEMS or usual < _USUAL * len(items):
            continue
        segments = [
            Segment(OTHER, segment.rows)
            if segment.is_item and not begins(segment) and _is_bare(segment)
            else segment
            for segment in segments
        ]
    return segments


def _has_mark(item: Segment) -> bool:
    return bool(item.rows[0].mark)


def _is_marked_with_source(item: Segment) -> bool:
    return _has_mark(item) and item.head is not None and bool(item.head.source)


def _is_linked(item: Segment) -> bool:
    head = item.head
    return head is not None and any(
        text == head.title for text, _ in item.rows[0].links
    )


def _is_complete(item: Segment) -> bool:
    """Whether an item has a source and a date, or shows its address."""
    head = item.head
    if head is not None and head.source and head.date:
        return True
    links = [link for row in item.rows for link in row.links]
    return any(same_address(*link) for link in links)


def _is_bare(item: Segment) -> bool:
    """Whether an item begins with a sentence or an announcement, and says neither where it is from nor when."""
    head = item.head
    is_sourced = head is not None and bool(head.source or head.date)
    words = item.rows[0].without_addresses
    is_prose = ends_sentence(words) or words.endswith((":", "："))
    return is_prose and not is_sourced


def _is_outlier(
    segment: Segment, usual: Counter[str], before: dt.date | None
) -> bool:
    head = segment.head
    if not segment.is_item or segment.has_link or head is None:
        return False
    if _has_own_date(head, before) and len(segment.rows) <= _MOST_HEAD:
        # The brief's own title, date and publisher.
        return True
    is_marked = _has_mark(segment)
    least = _least_score(head, usual[head.arrangement], is_marked=is_marked)
    return segment.score < least


def _has_own_date(head: Head, before: dt.date | None) -> bool:
    """Whether the date in a head is that of the brief."""
    return head.date is not None and head.date == before


def _least_score(head: Head, count: int, *, is_marked: bool) -> float:
    """The score that an item without a link needs; `count` items with a link are arranged like it."""
    is_sourced = bool(head.source and head.date)
    if is_sourced and (count > 1 or is_marked):
        return LEAST_SCORE
    if count >= _LEAST_ITEMS:
        return _LEAST_LIKE_OTHERS
    return _LEAST_SOURCED if is_sourced else _LEAST_UNLIKE_OTHERS
