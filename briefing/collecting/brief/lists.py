"""Bullets and numbers before the lines of a list."""

from typing import NamedTuple

from briefing.collecting.text.dates import is_month

# U+F0B7 is how Word writes a bullet.
_BULLETS = frozenset("•▪●◦‣⁃■□►➢✓·\uf0b7*–-")
_MOST_DIGITS = 3


class ListItem(NamedTuple):
    """A line of a list without its mark."""

    number: str
    """Its digits; empty after a bullet."""
    words: str


def list_item(line: str) -> ListItem | None:
    """The line without the mark before it; None if it has none. The "1." of "1. Mai" is no mark."""
    mark, _, words = line.partition(" ")
    if not words[:1].strip():
        return None
    if mark in _BULLETS:
        return ListItem("", words)
    number = mark[:-1]
    if mark[-1:] not in {".", ")"} or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return None
    return None if is_month(words.split()[0]) else ListItem(number, words)


def is_listed(line: str) -> bool:
    """Whether a line begins with a bullet or number."""
    return list_item(line) is not None


def without_mark(line: str) -> str:
    """The line without a bullet or number before it."""
    item = list_item(line)
    return item.words if item else line
