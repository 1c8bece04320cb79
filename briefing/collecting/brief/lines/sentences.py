"""Recognise where sentences end."""

import re
from itertools import pairwise

from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold

_AFTER_END = "”\"“’'»«)]*_ "
_SENTENCE_ENDS = frozenset(".…。!?؟۔")
_NO_WORD = re.compile(r"\W")


def ends_sentence(text: str) -> bool:
    """Whether `text` ends like a sentence, even one that is cut off ("[…]")."""
    return last_mark(text) in _SENTENCE_ENDS


def ends_with_colon(text: str) -> bool:
    """Whether `text` leads to what is behind it or below, by a colon, in Chinese as well."""
    return text.endswith((":", "："))


def last_mark(text: str) -> str:
    """The last character of `text` that may end a sentence, whatever quotes or brackets are behind it."""
    return text[-20:].rstrip(_AFTER_END)[-1:]


def contains_sentence_end(text: str) -> bool:
    """Whether a sentence ends within `text`, as in no headline; "Dr." and "U.S." don't count."""
    return bool(split_sentence(text)[1])


def split_sentence(text: str) -> tuple[str, str]:
    """Split the first sentence off `text`, with its full stop; the rest is "" if no sentence ends within it."""
    end = 0
    for before, after in pairwise(text.split(". ")):
        end += len(before) + 2
        if after[:1].isalnum() and _may_end_sentence(_last_word(before)):
            return text[: end - 1], text[end:]
    return text, ""


def _last_word(text: str) -> str:
    return _NO_WORD.split(text[-40:])[-1]


def _may_end_sentence(word: str) -> bool:
    """Whether a full stop after a word ends a sentence, and not an abbreviation or initial."""
    if word.isdecimal():
        return False
    if fold(word) in words("abbreviation"):
        return False
    if not word.isalpha():
        return word.isalnum()  # "Tidal 8x22B."
    # "He saw it. Nobody else did" are two sentences; "Gov. Doe returns" is one.
    shortest = 2 if word.islower() else 4
    return len(word) >= shortest
