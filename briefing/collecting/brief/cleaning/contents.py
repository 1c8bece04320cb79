"""Leave out a brief's table of contents: lines whose words are repeated below, as headlines."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefing.collecting.brief.lines.headlines import is_greeting
from briefing.collecting.brief.lines.marks import (
    without_mark,
    without_ornaments,
)
from briefing.collecting.brief.lines.sentences import ends_with_colon
from briefing.collecting.text.comparing import fold

from .pasted_lines import PastedLines

_LEAST = 3
"""Lines. Two may be repeated by chance: a publisher's name and "Read more"."""
_MOST_WORDS = 4
# "Ferry returns ........ 3"
_LEADER = re.compile(r"\s?(?<![.…·])[.…·]{3,}+\s?\d{1,3}$")
_FARTHEST = 100
"""Lines from the top."""


def without_contents(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """The lines without those that only list the headlines of the items below."""
    words = [_words(line.text) for line in lines]
    for start, end in _lists(words):
        if start < _FARTHEST and _are_apart(words[start:end], words[end:]):
            first = _below_announcement(words[:start])
            left_out += [line.text for line in lines[first:end] if line.text]
            return [*lines[:first], *lines[end:]]
    return lines


def _below_announcement(words: Sequence[str]) -> int:
    """Where a list begins, or the line that leads to it: "In this issue:"."""
    filled = [place for place, line in enumerate(words) if line]
    above = words[filled[-1]] if filled else ""
    is_short = len(above.split()) <= _MOST_WORDS and not is_greeting(above)
    return filled[-1] if is_short and ends_with_colon(above) else len(words)


def _words(line: str) -> str:
    """The words of a line without the number of a page behind them; "" for a rule."""
    words = _LEADER.sub("", line.strip())
    has_words = any(map(str.isalnum, words))
    return fold(without_ornaments(without_mark(words))) if has_words else ""


def _lists(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where runs of several lines that are repeated below begin and end."""
    last = {line: place for place, line in enumerate(words)}
    start = 0
    for place, line in enumerate(words):
        # The first line that isn't repeated below ends the list.
        if line and last[line] == place:
            listed = [n for n in range(start, place) if words[n]]
            if len({words[n] for n in listed}) >= _LEAST:
                yield start, listed[-1] + 1
            start = place + 1


def _are_apart(listed: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the lines stand below in the same order, with others between them."""
    places = [below.index(line) for line in filter(None, listed)]
    return all(
        any(below[above + 1 : place]) for above, place in pairwise(places)
    )
