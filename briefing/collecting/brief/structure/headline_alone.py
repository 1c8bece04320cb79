"""Read the first row of an item as a headline without a source, or as a sentence that is one."""

from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
    split_sentence,
)

from .evidence import Evidence
from .head import Head
from .headline_words import can_be_headline, is_sentence_with_source
from .leads import LEAD_SENTENCE
from .link_labels import may_be_label
from .publisher_names import only_classifies
from .row import Row
from .source_line import is_when

_LONGEST_PROSE = 200
"""Characters. A longer paragraph with a link is news only in a list."""


def headline_alone(row: Row, text: str, evidence: Evidence) -> Head:
    """A headline without a source."""
    text = _without_labels_behind(row, text)
    # "News", "13–19 June"
    is_other = only_classifies(text) or is_when(text, evidence.before)
    if is_other or is_sentence_with_source(text):
        return Head("title", text, score=-1.0)
    if can_be_headline(text):
        return Head("title", text, score=1.2 if row.level else 0.7)
    return _sentence(row, text)


def _without_labels_behind(row: Row, text: str) -> str:
    """A text without the short links behind it, which lead to more: "… Tickets"."""
    for label, _ in row.links:
        if may_be_label(label) and text.endswith(f" {label}"):
            text = text.removesuffix(label).rstrip(" :–—-")
    return text


def _sentence(row: Row, text: str) -> Head:
    """A sentence as a headline, and others behind it as its text."""
    score = 0.5 if _is_news(row, text) else -1.0
    sentence, rest = split_sentence(text)
    if ends_sentence(rest):
        headline = sentence.removesuffix(".")
        return Head(LEAD_SENTENCE, headline, rest=rest, score=score)
    return Head("title", text, score=score)


def _is_news(row: Row, text: str) -> bool:
    """Whether a sentence has a link and doesn't only announce a list."""
    may_be_news = len(text) <= _LONGEST_PROSE or bool(row.mark)
    return bool(row.links) and may_be_news and not ends_with_colon(text)
