"""Recognise rows that can be the title of a section."""

from briefing.collecting.brief.headlines import (
    contains_sentence_end,
    is_greeting,
)
from briefing.collecting.brief.labels import is_usual_section
from briefing.collecting.brief.read_more import classify_read_more
from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.text.written_dates import find_dates

_LONGEST = 45
_MOST_WORDS = 6
_MOST_LEADING = 2
_OPENING = ("(", "[", "（")
_NO_TITLE_ENDS = (".", ",", "。", ";", "!", "?", "؟", "？")


def may_be_section(row: Row, evidence: Evidence) -> bool:
    """Whether a row is a few words without address, date or the end of a sentence."""
    text = row.words
    if row.links or row.mark or row.is_cell or row.field or ": " in text:
        return False
    if text.startswith(_OPENING) or is_greeting(text):
        return False
    if classify_read_more(text, linked=False):
        return False
    # "To be read in the Harbour Post:" may be a little longer.
    is_leading = text.endswith((":", "：")) and not contains_sentence_end(text)
    further = _MOST_LEADING if is_leading else 0
    if (
        len(text) > _LONGEST
        or len(text.split()) > _MOST_WORDS + further
        or text.endswith(_NO_TITLE_ENDS)
    ):
        return False
    return any(map(str.isalpha, text)) and not find_dates(text, evidence.before)


def is_clear_section(row: Row, evidence: Evidence) -> bool:
    """Whether the looks or words of a row say that it is the title of a section."""
    if not may_be_section(row, evidence):
        return False
    is_emphasised = row.is_strong and not row.level
    return is_emphasised or is_written_like_section(row)


def is_written_like_section(row: Row) -> bool:
    """Whether a row is a usual title of a section, or in capitals."""
    return is_usual_section(row.words) or (
        row.words.isupper() and len(row.words) > 2
    )
