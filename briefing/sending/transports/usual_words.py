"""Reduce what a server or provider says to its usual words, so that no reader is named.

Answers name readers in any form: `john.smith`, "John Smith", `john=example.org@…`. What can't be
recognised can't be removed either. So it works the other way round: only words of `usual_words.txt` are
kept, in the spelling of that list, with a capital where the answer has one.
"""

import re
from functools import cache
from pathlib import Path

from briefing.text.shortening import ELLIPSIS as LEFT_OUT
from briefing.text.shortening import shorten

LONGEST = 200
"""Characters to keep."""

_LIST = Path(__file__).with_suffix(".txt")
_FRAME = "<>()[]{}\"'`*.,:;!?"
_JOINED = re.compile(r"([-/._])")
_INDEX = re.compile(r"\d{1,4}", re.ASCII)
_ENDS = ".,:;!?"


def keep_usual_words(text: str) -> str:
    """Return a text's usual words on one line; `…` stands for whatever else was there."""
    kept: list[str] = []
    for chunk in text.replace("’", "'").split():
        word = _usual(chunk)
        if word != LEFT_OUT or kept[-1:] != [LEFT_OUT]:
            kept.append(word)
    return shorten(" ".join(kept), LONGEST)


def _usual(chunk: str) -> str:
    """Return a word in the list's spelling, with the punctuation that ends it; else `…`."""
    word = chunk.strip(_FRAME)
    spelled = _spelling(word)
    if not spelled:
        return LEFT_OUT
    if word[0].isupper():
        spelled = spelled[0].upper() + spelled[1:]
    end = chunk[-1] if chunk[-1] in _ENDS else ""
    return spelled + end


def _spelling(word: str) -> str:
    """Return a word as the list spells it, also one joined of listed words; empty for others."""
    known = _words().get(word.casefold())
    if known:
        return known
    first, *rest = _JOINED.split(word)
    parts = [_words().get(first.casefold(), "")]
    for joint, part in zip(rest[::2], rest[1::2], strict=True):
        # personalizations.0.to: the position in a list
        is_index = joint == "." and _INDEX.fullmatch(part)
        parts.append(part if is_index else _words().get(part.casefold(), ""))
    if parts[-1].isdecimal():  # user.1984: a reader, without the domain
        return ""
    return "".join(_alternate(parts, rest[::2])) if all(parts) else ""


def _alternate(parts: list[str], joints: list[str]) -> list[str]:
    return [
        piece
        for pair in zip(parts, [*joints, ""], strict=True)
        for piece in pair
    ]


@cache
def _words() -> dict[str, str]:
    """Return the list's spelling of each word, by the word in lower case."""
    words = {}
    for line in _LIST.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            words.update({word.casefold(): word for word in line.split()})
    return words
