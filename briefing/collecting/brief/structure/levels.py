"""Find the headlines of a document whose headings have levels: those below the titles of its sections."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.collecting.brief.lines.sentences import ends_sentence

from .evidence import Evidence
from .headline_words import can_be_headline
from .row import Row, Rows, continues_in
from .row_paragraphs import places_alone
from .sections import may_be_section

_ALONE = 7
"""The level of a row that is a paragraph by itself, and no heading; headings have up to six."""
_FIRST = 8
"""The level of a row that begins a paragraph."""
_LEAST_SECTIONS = 2
"""Titles directly above headlines. An article has a single one above the headings of its parts."""


def with_headlines(rows: Rows, before: dt.date | None) -> list[Row]:
    """Rows of which those that are headlines by their level say so: nothing is between the title of a section and the
    first headline below it, and a text is below each headline. `before` is the brief's own date.
    """
    own = [row for row in rows if not row.is_rule]
    levels = _levels(own, Evidence(before))
    level = _level_of_headlines(own, levels)
    headlines = {
        row.number
        for row, found in zip(own, levels, strict=True)
        if found == level > 0
    }
    return [replace(row, is_headline=row.number in headlines) for row in rows]


def _level_of_headlines(rows: Rows, levels: Sequence[int]) -> int:
    """The level of the headlines among some rows; 0 without any."""
    titled = [below for above, below in pairwise(levels) if 0 < above < below]
    lowest = max(titled, default=0)
    if titled.count(lowest) < _LEAST_SECTIONS:
        return 0
    places = [place for place, level in enumerate(levels) if level == lowest]
    return lowest if all(_has_text(rows, place) for place in places) else 0


def _levels(rows: Rows, evidence: Evidence) -> list[int]:
    """The level of each row that may be a headline or the title of a section; 0 for others."""
    alone = places_alone(rows)
    return [
        row.level
        or _ALONE * (place in alone and _may_be_title(row, evidence))
        or _FIRST * _may_begin_paragraph(rows, place)
        for place, row in enumerate(rows)
    ]


def _may_be_title(row: Row, evidence: Evidence) -> bool:
    """Whether a paragraph of one row looks like a headline, or may be the title of a section."""
    is_emphasised = row.is_strong and not (row.mark or row.is_cell)
    return is_emphasised or may_be_section(row, evidence)


def _may_begin_paragraph(rows: Rows, place: int) -> bool:
    """Whether a row begins a longer paragraph like a headline."""
    row = rows[place]
    above = rows[max(0, place - 1)]
    if (place and row.block == above.block) or row.mark or row.is_cell:
        return False
    below = rows[place + 1 : place + 2]
    continues = any(continues_in(row, other) for other in below)
    return can_be_headline(row.words) and not continues


def _has_text(rows: Rows, place: int) -> bool:
    """Whether a text is below the row in a place."""
    below = rows[place + 1 : place + 2]
    return any(
        ends_sentence(row.without_addresses) and not row.mark for row in below
    )
