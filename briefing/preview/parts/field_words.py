"""What a check says, in the words of the page: it speaks of fields, where a check of files speaks of
header lines. No I/O.
"""

import re
from collections.abc import Callable

from .editor import ISSUE_LABELS, ITEM_LABELS

LABELS = {**ISSUE_LABELS, **ITEM_LABELS}
"""What the page calls each header line, by its name in the file."""

_NAME = rf"(?P<name>{'|'.join(LABELS)})"
_PLACE = r"(?: below the (?:headline|title))?"


def _filled(match: re.Match[str]) -> str:
    return f"fill in “{LABELS[match['name']]}”"


def _named(match: re.Match[str]) -> str:
    return f"“{LABELS[match['name']]}”"


_WORDS: tuple[
    tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...
] = (
    (
        re.compile(r"write 'original: \w+'"),
        "click “The translation is up to date”",
    ),
    (
        re.compile(
            rf"readers would see the header line '{_NAME}:' as text; .*"
        ),
        lambda match: (
            f"readers would see “{match['name']}:” as text; write it into {_named(match)} instead"
        ),
    ),
    (re.compile(rf"write '{_NAME}:[^']*'{_PLACE}"), _filled),
    (re.compile(rf"'{_NAME}:[^']*'"), _named),
    (re.compile(r"(?<=characters) below the title"), ""),
    (re.compile(r"or delete this line"), "or clear this field"),
)
"""Patterns of what checks say, each with what the page says instead."""


def in_page_words(message: str) -> str:
    """Return a message of a check in the words of the page."""
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    return message
