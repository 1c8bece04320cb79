"""Take items out of a reading that aren't like the others: "Rope Makers' Union" above "Week ending Friday 20 June",
where all others have a link.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial

from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
)

from .evidence import without_date
from .rating import LEAST_SCORE
from .row import same_address
from .segments import OTHER, Segment, Segments, items_of

_LEAST_ITEMS = 3
"""What occurs only twice may be a coincidence."""
# With 1.5 for the last, a brief's own head is an item: "CUTTINGS No. 4" above "Rope Makers' Federation".
_LEAST_LIKE_OTHERS, _LEAST_SOURCED, _LEAST_UNLIKE_OTHERS = 1.6, 3.0, 3.5
"""The scores of items without a link: in an arrangement that others have, with source and date, in one of its own."""
_MOST_HEAD = 3
"""Rows. What is above the items and has the brief's own date isn't longer than this."""
_USUAL = 0.6
"""The share of items from which on the others need a reason to be items."""


def without_outliers(
    segments: list[Segment], before: dt.date | None
) -> list[Segment]:
    """Where most items have a link, a weak one without a link isn't one; nor is a sentence among bullets, nor the
    brief's own head.
    """
    segments = _without_own_head(_without_unmarked(segments), before)
    items = items_of(segments)
    linked = [item for item in items if item.has_link]
    if len(linked) < _USUAL * len(items):
        return segments
    is_outlier = partial(
        _is_outlier,
        before=before,
        usual=Counter(item.arrangement for item in linked),
        are_marked=len(linked) >= _LEAST_ITEMS and all(map(_has_mark, linked)),
    )
    return _left_out(segments, is_outlier)


def _left_out(
    segments: Segments, is_outlier: Callable[[Segment], bool]
) -> list[Segment]:
    """Segments in which the items that are outliers aren't items any more."""
    return [
        Segment(OTHER, segment.rows)
        if segment.is_item and is_outlier(segment)
        else segment
        for segment in segments
    ]


def _without_own_head(
    segments: list[Segment], before: dt.date | None
) -> list[Segment]:
    """Segments whose first item isn't the title, publisher and date of the brief, arranged like no other item."""
    items = items_of(segments)
    if len(items) < _LEAST_ITEMS:
        return segments
    first, *others = items
    if not _is_own_head(first, others, before):
        return segments
    return _left_out(segments, lambda item: item is first)


def _is_own_head(
    first: Segment, others: Segments, before: dt.date | None
) -> bool:
    if first.has_link or not first.is_dated(before):
        return False
    arrangements = {item.arrangement for item in others}
    unlinked = sum(not item.has_link for item in others)
    return unlinked <= 1 or first.arrangement not in arrangements


def _without_unmarked(segments: list[Segment]) -> list[Segment]:
    """Where most headlines have a bullet, are links or have a source and a date, a sentence without that isn't one,
    unless it has a source.
    """
    for begins in (_has_mark, _is_linked, _is_complete):
        segments = _without_bare(segments, begins)
    return segments


def _without_bare(
    segments: list[Segment], begins: Callable[[Segment], bool]
) -> list[Segment]:
    """Segments without bare sentences as items, if most items begin in a certain way."""
    items = items_of(segments)
    usual = sum(map(begins, items))
    if usual < max(_LEAST_ITEMS, _USUAL * len(items)):
        return segments
    return _left_out(segments, lambda item: _is_bare(item) and not begins(item))


def _has_mark(item: Segment) -> bool:
    return bool(item.rows[0].mark)


def _is_linked(item: Segment) -> bool:
    return any(text == item.head.headline for text, _ in item.rows[0].links)


def _is_complete(item: Segment) -> bool:
    """Whether an item has a source and a date, or shows its address."""
    if item.has_source_and_date:
        return True
    return any(same_address(*link) for row in item.rows for link in row.links)


def _is_bare(item: Segment) -> bool:
    """Whether an item begins with a sentence or an announcement, and says neither where it is from nor when."""
    if item.source or item.published:
        return False
    words = item.rows[0].without_addresses
    return ends_sentence(words) or ends_with_colon(words)


def _is_outlier(
    item: Segment,
    before: dt.date | None,
    usual: Counter[str],
    *,
    are_marked: bool,
) -> bool:
    """Whether an item without a link isn't one; `usual` are the arrangements of those with a link, and `are_marked`
    says whether all these have a bullet.
    """
    if item.has_link or (are_marked and _has_mark(item) and item.source):
        return False
    if item.is_dated(before) and len(item.rows) <= _MOST_HEAD:
        # The brief's own title, date and publisher.
        return True
    is_alike = _has_mark(item) or not are_marked
    count = _count_alike(item.arrangement, usual) if is_alike else 0
    return item.score < _least_score(item, count)


def _count_alike(arrangement: str, usual: Counter[str]) -> int:
    """How many items have an arrangement, or one that differs only in that it has a date."""
    return sum(
        count
        for name, count in usual.items()
        if arrangement in {name, without_date(name)}
    )


def _least_score(item: Segment, count: int) -> float:
    """The score that an item without a link needs; `count` items with a link are arranged like it."""
    is_sourced = item.has_source_and_date
    if is_sourced and (count > 1 or _has_mark(item)):
        return LEAST_SCORE
    if count >= _LEAST_ITEMS:
        return _LEAST_LIKE_OTHERS
    return _LEAST_SOURCED if is_sourced else _LEAST_UNLIKE_OTHERS
