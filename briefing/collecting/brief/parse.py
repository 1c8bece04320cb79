"""Read a pasted brief, by the words of its lines and by what repeats in it. No I/O, and nothing is invented.

1. Take out what programs put around the editor's words (`cleaning`), and the footers (`endings`).
2. Read the rest twice: by the words of its lines (`by_words`), and by what repeats in it (`structure`).
3. Choose the better reading (`choose`).
4. Leave out values that may be another item's (`pairing`).

Lines that don't belong to an item are quoted in notes: the brief's title and section headings in a
note on the item below them, sign-offs and mailing-list footers in a note on the item above. No word
is lost: lines that aren't recognised become text.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.by_words.parse import read_by_words
from briefing.collecting.brief.cleaning.clean import clean
from briefing.collecting.brief.lines.classify import (
    classify_lines,
    without_sign_off,
)
from briefing.collecting.brief.pairing.guard import without_doubtful
from briefing.collecting.brief.structure.parse import read_repeating
from briefing.collecting.brief.structure.prepared_rows import prepared_rows
from briefing.collecting.brief.structure.row import Row

from .choose import repeats
from .counted_titles import without_counted_titles
from .endings import of_footers, split_footers, with_footer_notes
from .greetings import without_greeting
from .model import Brief
from .paragraphs import Paragraph


def read_brief(
    paragraphs: Sequence[Paragraph],
    before: dt.date | None = None,
    layout: str = "",
) -> Brief:
    """Read a brief's items, with notes on what is missing, and its introduction.

    `before` is the brief's own date, and `layout` the one of LAYOUTS that the editor asks for.
    """
    # First of all: senders' names and numbers must not get into an issue, however it is read.
    numbered = [
        replace(paragraph, number=number)
        for number, paragraph in enumerate(paragraphs)
    ]
    cleaned = clean(numbered)
    paragraphs, footers = split_footers(cleaned.paragraphs)
    rows = prepared_rows(paragraphs, before)
    brief = _read(paragraphs, rows, before, layout)
    if not brief.items:
        return of_footers(footers)
    brief = without_doubtful(brief, rows, before)
    brief = replace(brief, items=without_counted_titles(brief.items))
    brief = without_greeting(with_footer_notes(brief, footers))
    notes = [f"left out: “{line}”" for line in cleaned.left_out]
    last = brief.items[-1].with_notes(notes)
    return replace(brief, items=[*brief.items[:-1], last])


def _read(
    paragraphs: Sequence[Paragraph],
    rows: Sequence[Row],
    before: dt.date | None,
    layout: str,
) -> Brief:
    lines = list(map(without_sign_off, classify_lines(paragraphs)))
    by_words = _in_document(read_by_words(lines), paragraphs)
    repeating = read_repeating(rows, before, layout)
    if repeating and (layout or repeats(repeating, by_words, lines, before)):
        return repeating
    return by_words


def _in_document(brief: Brief, paragraphs: Sequence[Paragraph]) -> Brief:
    """A brief whose items name the paragraphs of the document, whatever was taken out of it."""
    items = []
    for parsed in brief.items:
        numbers = [paragraphs[place].number for place in parsed.paragraphs]
        items.append(replace(parsed, paragraphs=tuple(numbers)))
    return replace(brief, items=items)
