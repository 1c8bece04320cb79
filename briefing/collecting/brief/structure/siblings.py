"""Find the items of a reading that lack a source, date or link: they look like the other items.

"6 March. Our letter has been returned." names no source, but begins with its date, as do the items around it.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.text.written_dates import find_dates

from .best_head import best_head
from .evidence import Evidence
from .headline_words import can_be_headline
from .rating import LEAST_SCORE, rated
from .row import Row, Rows, continues_in
from .row_paragraphs import is_one_paragraph, starts_of_paragraphs
from .segments import (
    ITEM,
    NO_HEAD,
    OTHER,
    SECTION,
    Segment,
    Segments,
    items_of,
    places_of_items,
)
from .source_line import BRACKETED

_LONGEST_DATE = 40
LEAST_ITEMS = 3
_MOST = 0.6
"""The share of items that must be a paragraph each: such a brief has no item of several paragraphs without reason."""
_LEAST_ALIKE = 2
"""Items that look alike, from which on a paragraph that looks so is another."""


class _Looks(NamedTuple):
    """How a paragraph begins."""

    mark: str
    has_lead: bool
    """Whether its first words are bold."""
    is_strong: bool
    is_headline: bool
    """Whether its first row may be a headline, without mark, lead or date."""
    begins_with_date: bool
    """Whether other words follow a date on its first row."""

    @property
    def is_clear(self) -> bool:
        """Whether it looks like part of a list."""
        return bool(self.mark or self.has_lead or self.begins_with_date)


def with_siblings(segments: Segments, evidence: Evidence) -> list[Segment]:
    """Segments with further items: paragraphs between items, or at the end of one, that look like those of others; and
    what is below headings like those of all others.
    """
    segments = _with_headed(segments, evidence)
    usual = _usual_looks(items_of(segments))
    if not usual:
        return list(segments)
    parts: list[Segment] = []
    for segment in segments:
        parts += _split(segment, usual, evidence)
    return _with_others_alike(parts, usual, evidence)


def _with_others_alike(
    segments: list[Segment], usual: Collection[_Looks], evidence: Evidence
) -> list[Segment]:
    """Segments with those below the first item that look like items as items."""
    items = places_of_items(segments)
    first = items[0]
    last = items[-1]
    result = segments[: first + 1]
    for place in range(first + 1, len(segments)):
        segment = segments[place]
        # Below the last item the brief may end, unless the title of another section is there.
        is_among_items = place < last or segments[place - 1].kind == SECTION
        is_item = segment.kind == OTHER and _is_like(
            segment.rows, usual, is_among_items=is_among_items
        )
        result.append(as_item(segment, evidence) if is_item else segment)
    return result


def _with_headed(segments: Segments, evidence: Evidence) -> Segments:
    """Segments with what begins with a heading as items, below the first of several items that all do."""
    items = items_of(segments)
    if len(items) < LEAST_ITEMS:
        return segments
    level, *others = {item.rows[0].level for item in items}
    if others or not level:
        return segments
    first, *_ = places_of_items(segments)
    return [
        as_item(segment, evidence)
        if place > first and _is_headed(segment, level)
        else segment
        for place, segment in enumerate(segments)
    ]


def _is_headed(segment: Segment, level: int) -> bool:
    """Whether something that isn't an item yet has rows below a heading of a level."""
    if segment.kind != OTHER:
        return False
    if segment.rows[0].level != level:
        return False
    return len(segment.rows) > 1


def _usual_looks(items: Segments) -> set[_Looks]:
    """How several items begin, in a brief whose items are a paragraph each, or all begin with their date; nothing in
    others.
    """
    if len(items) < LEAST_ITEMS:
        return set()
    looks = Counter(_looks_of(item.rows[0]) for item in items)
    are_dated = all(look.begins_with_date for look in looks)
    if not (are_dated or are_paragraphs(items)):
        return set()
    return {look for look, count in looks.items() if count >= _LEAST_ALIKE}


def are_paragraphs(items: Segments) -> bool:
    """Whether most items are a paragraph each. The last one may be longer: the end of the brief may be below it."""
    *are_whole, is_last_whole = [_is_paragraph(item.rows) for item in items]
    if is_last_whole:
        are_whole.append(True)
    return sum(are_whole) >= _MOST * len(are_whole)


def _is_paragraph(rows: Rows) -> bool:
    return is_one_paragraph(rows) and not rows[0].is_in_part


def _looks_of(row: Row) -> _Looks:
    is_dated = not row.mark and _begins_with_date(row)
    is_headline = not (row.mark or row.lead or row.is_address or is_dated)
    is_headline = is_headline and can_be_headline(row.words)
    return _Looks(
        row.mark, bool(row.lead), row.is_strong, is_headline, is_dated
    )


def _begins_with_date(row: Row) -> bool:
    """Whether other words follow a date at the beginning of a row."""
    dates = find_dates(row.words[:_LONGEST_DATE], None)
    if not dates:
        return False
    return dates[0].start == 0 and dates[0].end < len(row.words)


def _split(
    segment: Segment, usual: Collection[_Looks], evidence: Evidence
) -> Iterator[Segment]:
    """A segment, divided before the paragraphs in it that are items of their own."""
    starts = list(_starts_of_others(segment, usual, evidence))
    if not starts:
        yield segment
        return
    rows = segment.rows
    yield rated(replace(segment, rows=rows[: starts[0]]), evidence)
    for start, end in pairwise([*starts, len(rows)]):
        yield as_item(Segment(OTHER, rows[start:end]), evidence)


def _starts_of_others(
    segment: Segment, usual: Collection[_Looks], evidence: Evidence
) -> Iterator[int]:
    """Where paragraphs begin that look like the item they are in, and have a bullet, a date before their words, or a
    source of their own.
    """
    rows = segment.rows
    own = _looks_of(rows[0])
    starts = starts_of_paragraphs(rows) if segment.is_item else []
    for start, end in pairwise([*starts, len(rows)]):
        paragraph = rows[start:end]
        looks = _looks_of(paragraph[0])
        may_begin = looks == own or looks.begins_with_date
        if not may_begin or not _is_like(paragraph, usual, is_among_items=True):
            continue
        is_listed = looks == own and bool(own.mark or own.begins_with_date)
        if is_listed or _has_source(rows[start:], evidence):
            yield start


def _has_source(rows: Rows, evidence: Evidence) -> bool:
    head = best_head(rows, evidence)
    return head is not None and bool(head.source)


def _is_like(
    rows: Rows, usual: Collection[_Looks], *, is_among_items: bool
) -> bool:
    """Whether a paragraph looks like items; `is_among_items` says whether it is where only items are."""
    looks = _looks_of(rows[0])
    if looks not in usual or not _may_be_item(rows):
        return False
    return _says_enough(rows, looks, is_among_items=is_among_items)


def _says_enough(rows: Rows, looks: _Looks, *, is_among_items: bool) -> bool:
    """Whether a paragraph that looks like items says enough for one."""
    first = rows[0]
    below = rows[1:]
    if looks.is_clear:
        return any(map(_says_more, rows))
    if not is_among_items or any(continues_in(first, row) for row in below):
        return False
    if looks.is_headline:
        # Without a sentence or link below it, it may as well be the title of a section.
        return any(map(_says_more, below))
    return any(row.is_address for row in below)


def _may_be_item(rows: Rows) -> bool:
    """Whether rows are a paragraph that begins with words: not "https://… [French]", nor a label of other fields."""
    first = rows[0]
    has_words = bool(BRACKETED.sub("", first.without_addresses).strip())
    may_begin = has_words and first.field in {"", "title"}
    return _is_paragraph(rows) and may_begin


def _says_more(row: Row) -> bool:
    """Whether a row is more than the title of a section."""
    return bool(row.links) or ends_sentence(row.words)


def as_item(segment: Segment, evidence: Evidence) -> Segment:
    found = rated(replace(segment, kind=ITEM), evidence)
    if found.head is NO_HEAD:
        return segment
    return replace(found, kind=ITEM, score=max(found.score, LEAST_SCORE))
