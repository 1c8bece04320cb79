"""The regular expressions of tables/text_patterns.toml, by name."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from . import tables

_WORD_BEGINS = r"(?<![A-Za-z0-9\u00c0-\u024f])"
_WORD_ENDS = r"(?![A-Za-z0-9\u00c0-\u024f])"


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one expression for everything that a table of the file lists."""
    entry = tables.table("text_patterns")[name]
    alternatives = list(entry["anywhere"])
    if "whole_words" in entry:
        alternatives.insert(
            0, f"{_WORD_BEGINS}(?:{'|'.join(entry['whole_words'])}){_WORD_ENDS}"
        )
    return re.compile("|".join(alternatives))


def first_matches(
    name: str, lines: Iterable[tuple[int | None, str]]
) -> Iterator[tuple[int | None, re.Match[str]]]:
    """Yield the first place in each line that an expression finds, with the line's number."""
    for number, text in lines:
        match = pattern(name).search(text)
        if match:
            yield number, match
