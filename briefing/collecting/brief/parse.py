"""Read a pasted brief: paragraphs → classified lines → layout → groups → items. No I/O, and nothing is invented.

Lines that don't belong to an item are quoted in notes: the brief's title and section headings in a
note on the item below them, sign-offs and mailing-list footers in a note on the item above. No word
is lost: lines that aren't recognised become text.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.assemble import Brief, assemble
from briefing.collecting.brief.classify import classify_lines
from briefing.collecting.brief.footers import mark_footers
from briefing.collecting.brief.groups import group_lines
from briefing.collecting.brief.layouts import find_layout
from briefing.collecting.brief.line import Line, Role
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.messages import without_messages
from briefing.collecting.brief.structure.parse import read_repeating

__all__ = ["Brief", "read_brief"]

_MARGIN = 1.0
_USUAL_MARGIN = 1.3
"""How much better what repeats must read; more where lines say "Read more", as in our own briefs."""


def read_brief(
    paragraphs: Sequence[Paragraph],
    before: dt.date | None = None,
    layout: str = "",
) -> Brief:
    """Read a brief's items, with notes on what is missing, and its introduction.

    `before` is the brief's own date, and `layout` the one of LAYOUTS that the editor asks for.
    """
    # First of all: senders' names and numbers must not get into an issue, however it is read.
    unwrapped = without_messages(paragraphs)
    brief = _read(unwrapped.paragraphs, before, layout)
    if not brief.items:
        return brief
    notes = [f"left out: “{line}”" for line in unwrapped.left_out]
    last = brief.items[-1].with_notes(notes)
    return replace(brief, items=[*brief.items[:-1], last])


def _read(
    paragraphs: Sequence[Paragraph], before: dt.date | None, layout: str
) -> Brief:
    classified = classify_lines(paragraphs)
    usual = _read_usual(classified)
    repeating = read_repeating(paragraphs, before, layout)
    if repeating is None:
        return usual
    is_better = layout or _reads_better(repeating, usual, classified)
    return repeating if is_better else usual


def _reads_better(
    repeating: Brief, usual: Brief, lines: Sequence[Line]
) -> bool:
    """Whether a brief is understood better by what repeats in it than by the words of its lines."""
    count = len(repeating.items)
    if (
        _pairs(repeating) <= _pairs(usual)
        or _count(lines, Role.NOTICE) * 2 >= count
    ):
        return False
    is_usual = _count(lines, Role.READ_MORE) * 2 >= count
    margin = _USUAL_MARGIN if is_usual else _MARGIN
    return _quality(repeating) >= margin * _quality(usual)


def _count(lines: Sequence[Line], role: Role) -> int:
    return sum(line.role is role for line in lines)


def _read_usual(classified: Sequence[Line]) -> Brief:
    lines = mark_footers(classified)
    layout = find_layout(lines)
    arranged = layout.arrange(lines)
    groups = group_lines(arranged, layout)
    return assemble(groups)


def _pairs(brief: Brief) -> set[tuple[str, str]]:
    """What belongs together in each item."""
    return {(parsed.item.heading, parsed.item.source) for parsed in brief.items}


def _quality(brief: Brief) -> float:
    """How completely a brief was understood: the fields of its items, less what isn't an item."""
    quality = 0.0
    for parsed in brief.items:
        item = parsed.item
        if not item.heading:
            quality -= 2
            continue
        quality += (
            bool(item.source) + 0.5 * bool(item.date) + 0.5 * bool(item.link)
        )
        quality -= 0.5 if not item.source else 0
        quality -= 0.3 * sum(
            note.startswith("another link") for note in parsed.notes
        )
        quality -= 0.2 * sum(
            note.startswith(("left out above", "two dates", "is this"))
            for note in parsed.notes
        )
    return quality
