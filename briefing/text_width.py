"""The width of a text in a terminal or mail program."""

import unicodedata
from functools import lru_cache


def width(text: str) -> int:
    """Return how many columns a text takes in a terminal or mail program."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


@lru_cache(1 << 12)
def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {
        "Cf",
        "Mn",
        "Me",
    }:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
