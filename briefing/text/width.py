"""The width of a text in a terminal or mail app."""

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate


def width(text: str) -> int:
    """Return how many columns a text takes in a terminal or mail app."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def beginning(text: str, columns: int) -> str:
    """Return as much of the beginning of a text as fits into a number of columns."""
    widths = accumulate(map(_columns, text))
    return text[: bisect_right(list(widths), columns)]


@lru_cache(1 << 12)
def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {
        "Cf",
        "Mn",
        "Me",
    }:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
