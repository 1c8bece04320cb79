"""Find what counts the items of a brief at the start of their lines: "01", "№ 1:", "A.", "1.2", "06:10".

A single line may begin with a number or a time for any reason. What counts rises from item to item.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from briefing.collecting.text.written_dates import is_month

_LEAST = 3
"""Lines with counters that look alike."""
_MOST_STEP = 2
"""People leave out a number, or write it twice."""
_FIRST = frozenset({0, 1, ord("A")})
"""With these, counting begins, perhaps again in each section."""
_COUNTER = re.compile(
    # Words or signs, and what counts: a number, a letter or a time.
    r"(?P<before>(?:[^\W\d_]{2,12}\.? ?|[№#] ?)?[(\[]?)"
    r"(?P<count>\d{1,3}|[A-Z]|\d{1,2}:\d\d(?::\d\d)?)"
    r"(?P<after>[)\]]?[.:]?(?: [–—|·-])?)(?= |$)"
    # Numbers within sections.
    r"|(?P<outline>(?:[1-9]\d?|[A-Z])\.\d{1,2})\.?(?= [^\W\d])"
)


class _Counter(NamedTuple):
    """What a line begins with."""

    shape: tuple[str, str, str]
    """Its words and marks, and of what kind it is: the same in all lines that it counts."""
    value: tuple[int, ...]
    end: int
    """Where it ends in the line."""


def find_counters(
    lines: Sequence[str], alone: Collection[int]
) -> Mapping[int, int]:
    """Where the counters of lines end, by the numbers of these lines.

    `alone` are the lines that are paragraphs: if most are, letters are rather those of sections.
    """
    found: dict[tuple[str, str, str], dict[int, _Counter]] = defaultdict(dict)
    for number, line in enumerate(lines):
        counter = _counter(line)
        if counter:
            found[counter.shape][number] = counter
    return {
        number: counter.end
        for shape, alike in found.items()
        if not (shape[1] == "A" and _are_mostly(alone, alike))
        for number, counter in _rising(alike).items()
    }


def _are_mostly(alone: Collection[int], lines: Collection[int]) -> bool:
    """Whether at least half of some lines are paragraphs."""
    return sum(line in alone for line in lines) * 2 >= len(lines)


def _counter(line: str) -> _Counter | None:
    match = _COUNTER.match(line)
    if match is None:
        return None
    next_word = line[match.end() :].lstrip().partition(" ")[0]
    # "4 March: ferry returns" begins with a date.
    if is_month(next_word):
        return None
    before, count, after, outline = match.groups("")
    count = count or outline
    kind = re.sub(r"\d+", "1", re.sub("[A-Z]", "A", count))
    is_marked_off = bool(after) or match.end() == len(line)
    # "A ferry returns" begins with a word.
    if kind == "A" and not after:
        return None
    if any(map(str.isalpha, before)) and not is_marked_off:
        return None  # "Day 1 of the trial"
    value = tuple(map(_number, re.split("[.:]", count)))
    return _Counter((before.casefold(), kind, after), value, match.end())


def _number(count: str) -> int:
    return int(count) if count.isdecimal() else ord(count)


def _rising(alike: Mapping[int, _Counter]) -> Mapping[int, _Counter]:
    """Those of some counters that look alike which rise from line to line; none if they are too few."""
    values = [counter.value for counter in alike.values()]
    if len(values[0]) > 1:
        # Times and numbers within sections, "06:10" and "1.2", skip values, so only their order shows that they count.
        are_rising = all(above < below for above, below in pairwise(values))
        return alike if are_rising and len(values) >= _LEAST else {}
    rising: dict[int, _Counter] = {}
    expected = range(0)
    for number, counter in alike.items():
        (value,) = counter.value
        # A number out of turn counts nothing: "12 people saw it" between "2 Fog" and "1 Court".
        if value in _FIRST or value in expected:
            rising[number] = counter
            expected = range(value, value + _MOST_STEP + 1)
    return rising if len(rising) >= _LEAST else {}
