"""Fit texts into the columns of a terminal, by the width of their characters."""

import unicodedata

from briefing.text.width import beginning, width

_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def fit(text: str, columns: int) -> str:
    """Return a text of exactly this width: filled with spaces, or cut, which an ellipsis shows.

    A text that is read from right to left stands between marks, because a terminal that knows
    about directions would otherwise let it change places with the next column.
    """
    fitted = cut(text, columns)
    spaces = " " * (columns - width(fitted))
    if _has_right_to_left(fitted):
        return f"{_LEFT_TO_RIGHT}{fitted}{_LEFT_TO_RIGHT}{spaces}"
    return fitted + spaces


def cut(text: str, columns: int) -> str:
    """Return a text of at most this width; between words, if that loses little."""
    if width(text) <= columns:
        return text
    fitting = beginning(text, columns - 1)
    words = text[: len(fitting) + 1].rpartition(" ")[0]
    kept = words if width(words) > columns * 2 // 3 else fitting
    return f"{kept.rstrip()}…"


def _has_right_to_left(text: str) -> bool:
    return any(
        unicodedata.bidirectional(character) in {"R", "AL"}
        for character in text
    )
