"""Find the rows that only belong to a text: those that refer to another article, or are cut off below a headline."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from briefing.collecting.brief.lines.read_more import references
from briefing.collecting.brief.lines.titles import (
    classify_title,
    is_usual_section,
)
from briefing.collecting.text.written_dates import find_dates

from .evidence import Evidence
from .headline_words import can_be_headline
from .row import OTHER, Row, Rows
from .values import values_alone

_CUT_OFF = ("…", "...", "[…]", "[...]", "(…)", "(...)")
_IN_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]+[)）\]]")
_LEAST_WORDS = 3
"""Of a headline in another language; fewer may be a source."""
_LEAST = 2
"""Rows in paragraphs of their own that must be below headlines: a single one may be below the brief's title."""


def with_text_rows(rows: Rows, before: dt.date | None) -> list[Row]:
    """Rows of which those that only belong to a text say so; `before` is the brief's own date.

    "See also: Ferry stops (Harbour Post, 3 May)" names the source of another article. And what is cut off below a
    headline isn't one itself: "The union said that …".
    """
    marked: list[Row] = []
    for _, block in groupby(rows, key=lambda row: row.block):
        marked += _with_references(list(block))
    evidence = Evidence(before)
    texts = _teasers(marked, evidence) | _translations(marked, evidence)
    return [
        replace(row, field=OTHER) if place in texts else row
        for place, row in enumerate(marked)
    ]


def _with_references(paragraph: Rows) -> Iterator[Row]:
    """The rows of a paragraph, of which those that refer to another article say so."""
    lines = [f"- {row.words}" if row.mark else row.words for row in paragraph]
    found = references(lines)
    for place, row in enumerate(paragraph):
        is_reference = place in found and not row.is_cell
        yield (
            replace(row, field=OTHER, is_reference=True)
            if is_reference
            else row
        )


def _teasers(rows: Rows, evidence: Evidence) -> set[int]:
    """The places of the rows that are cut off below a headline."""
    beside: set[int] = set()
    apart: set[int] = set()
    headlines = 0
    for place, row in enumerate(rows):
        above = _place_above(rows, place)
        if not _is_cut_off(row) or above in beside | apart:
            continue
        if above < 0 or not _may_be_headline(rows, above, place, evidence):
            headlines += 1
        elif rows[above].block == row.block:
            beside.add(place)
        else:
            apart.add(place)
    # Where headlines are cut off, the first one may be below the title of its section.
    is_usual = len(apart) >= _LEAST and len(apart) > headlines
    return beside | apart if is_usual else beside


def _translations(rows: Rows, evidence: Evidence) -> set[int]:
    """The places of the rows that repeat the headline above them in another language, in brackets."""
    return {
        place
        for place, (above, row) in enumerate(pairwise(rows), start=1)
        if _IN_BRACKETS.fullmatch(row.words)
        and above.block == row.block
        and not (row.links or row.is_cell or row.field)
        and len(row.words.split()) >= _LEAST_WORDS
        and can_be_headline(above.words)
        and values_alone(row.words, evidence) is None
    }


def _place_above(rows: Rows, place: int) -> int:
    """The place of the row above another one, without addresses between them; -1 if there is none."""
    above = place - 1
    while above >= 0 and rows[above].is_address:
        above -= 1
    return above


def _is_cut_off(row: Row) -> bool:
    """Whether a row ends with dots, and doesn't look like a headline."""
    looks_like_headline = row.mark or row.is_strong or row.is_link
    if looks_like_headline or row.is_cell or row.field:
        return False
    return row.without_addresses.endswith(_CUT_OFF)


def _may_be_headline(
    rows: Rows, place: int, cut_off: int, evidence: Evidence
) -> bool:
    """Whether the row in a place may be the headline of what is cut off in a row below it: not the title of a section,
    nor a source or date, unless the source is below as well.
    """
    row = rows[place]
    if row.is_rule or row.field or not can_be_headline(row.words):
        return False
    if is_usual_section(row.words) or classify_title(row.words):
        return False
    own = evidence.for_item([row, *rows[place : cut_off + 1]])
    if values_alone(row.without_addresses, own) is None:
        return row.block == rows[cut_off].block or not find_dates(
            row.words, evidence.before
        )
    below = rows[cut_off + 1 : cut_off + 2]
    values = [values_alone(other.without_addresses, own) for other in below]
    return any(found and found.name for found in values)
