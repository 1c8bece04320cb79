"""Recognise rows that can be the title of a section."""

from briefing.collecting.brief.lines.headlines import is_greeting
from briefing.collecting.brief.lines.read_more import classify_read_more
from briefing.collecting.brief.lines.sentences import (
    contains_sentence_end,
    ends_with_colon,
)
from briefing.collecting.brief.lines.titles import is_usual_section
from briefing.collecting.text.written_dates import find_dates

from .evidence import Evidence
from .row import Row

_LONGEST = 45
# With 9, the end of an introduction is the title of a section: "If you only read one article, let it be:".
_MOST_WORDS = 6
_MOST_LEADING = 2
_OPENING = ("(", "[", "（")
_NO_TITLE_ENDS = (".", ",", "。", ";", "!", "?", "؟", "？")


def may_be_section(row: Row, evidence: Evidence) -> bool:
    """Whether a row is a few words without address, date or the end of a sentence."""
    text = row.words
    if row.links or row.mark or row.is_cell or row.field:
        return False
    if not _is_short(text) or _is_other_line(text):
        return False
    return any(map(str.isalpha, text)) and not find_dates(text, evidence.before)


def _is_short(text: str) -> bool:
    # "To be read in the Harbour Post:" may be a little longer.
    is_leading = ends_with_colon(text) and not contains_sentence_end(text)
    further = _MOST_LEADING if is_leading else 0
    return len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS + further


def _is_other_line(text: str) -> bool:
    """Whether words are a label with its value, part of a sentence, a greeting, or lead on."""
    if ": " in text or text.startswith(_OPENING):
        return True
    if text.endswith(_NO_TITLE_ENDS) or is_greeting(text):
        return True
    return bool(classify_read_more(text, linked=False))


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


def title_of(row: Row) -> str:
    """The title of a section, without the colon that leads to its items."""
    return row.words.rstrip(" :：")
