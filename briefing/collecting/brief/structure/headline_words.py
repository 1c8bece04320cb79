"""Judge whether words can be a headline."""

import re
from functools import lru_cache

from briefing.collecting.brief.lines.headlines import is_byline
from briefing.collecting.brief.lines.sentences import contains_sentence_end
from briefing.collecting.brief.vocabulary import Form

LONGEST_HEADLINE = 250
_MOST_KNOWN = 4096
"""Texts that are remembered: they are asked about for each arrangement."""
_CHINESE_SENTENCE_END = re.compile(r"。(?=\w)")
_LEADS_ON = Form("<read_more>")
_LEAST_LETTERS = 2
_NO_HEADLINE_ENDS = (".", "。", "،", ",", ";", "۔", ":", "：")
_SENTENCE_IN_BRACKETS = re.compile(r"[(（][^()（）]*[.。][)）]")
IN_BRACKETS_AT_END = re.compile(r"\s?[(（]([^()（）]{3,40})[)）]\s*$")


@lru_cache(maxsize=_MOST_KNOWN)
def can_be_headline(text: str) -> bool:
    """Whether words can be a headline: short, and no sentence, except for its last mark."""
    letters = sum(map(str.isalpha, text))
    if letters < _LEAST_LETTERS or len(text) > LONGEST_HEADLINE:
        return False
    if _is_sentence(text) or _is_other_line(text):
        return False
    # The full stop may be inside: “Ferry returns.”
    bare = text.rstrip('”"»')
    # A headline may be cut off: "Ferry returns..."
    return not bare.endswith(_NO_HEADLINE_ENDS) or text.endswith("...")


def _is_sentence(text: str) -> bool:
    """Whether a sentence ends within words, or is in brackets as a whole."""
    if contains_sentence_end(text) or _CHINESE_SENTENCE_END.search(text):
        return True
    is_in_brackets = _SENTENCE_IN_BRACKETS.fullmatch(text) is not None
    return is_in_brackets or is_sentence_with_source(text)


def _is_other_line(text: str) -> bool:
    """Whether words name an author, or lead on."""
    return is_byline(text) or _LEADS_ON.fits(text.rstrip(" :：→»›"))


def is_sentence_with_source(text: str) -> bool:
    """Whether a sentence ends before brackets: "Nobody knows why. (Harbour Post)"."""
    before = IN_BRACKETS_AT_END.sub("", text)
    return before != text and before.endswith((".", "。"))
