"""Pair brackets and quotation marks, in the ways that languages write them."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】"}
QUOTES = {
    "“": "”",
    "‘": "’",
    "„": "“”",
    "‚": "‘’",
    "«": "»",
    "‹": "›",
    '"': '"',
    "「": "」",
    "『": "』",
}
TITLES = {"《": "》", "〈": "〉"}
"""Chinese marks around the name of a book or an article."""

_CLOSING = {**BRACKETS, **QUOTES, **TITLES}
"""The marks that may close each opening mark."""
_CLOSES = frozenset("".join(_CLOSING.values()))
_APOSTROPHES = "‘’"


@dataclass(frozen=True)
class Pairs:
    """The marks of a text, by their indexes."""

    closed: dict[int, int] = field(default_factory=dict)
    """The index of each closing mark by that of its opening mark."""
    unclosed: list[int] = field(default_factory=list)
    """Opening marks without a closing mark."""
    unopened: list[int] = field(default_factory=list)
    """Closing marks without an opening mark; an apostrophe doesn't count."""

    @cached_property
    def opened(self) -> dict[int, int]:
        """The index of each opening mark by that of its closing mark."""
        return {closing: opening for opening, closing in self.closed.items()}

    def alone(self) -> list[int]:
        """The marks without a partner, in order, except those inside a pair."""
        ends = sorted(self.closed.items(), reverse=True)
        inside_until = -1
        found = []
        for index in sorted([*self.unclosed, *self.unopened]):
            while ends and ends[-1][0] < index:
                inside_until = max(inside_until, ends.pop()[1])
            if index > inside_until:
                found.append(index)
        return found


def paired(text: str) -> Pairs:
    """Find which mark of a text closes which, in one pass."""
    pairs = Pairs()
    still_open: list[int] = []
    expected: Counter[str] = Counter()
    for index, mark in enumerate(text):
        if mark not in _CLOSING and mark not in _CLOSES:
            continue
        if expected[mark] > 0:
            while True:
                opening = still_open.pop()
                expected.subtract(_CLOSING[text[opening]])
                if mark in _CLOSING[text[opening]]:
                    break
                pairs.unclosed.append(opening)
            pairs.closed[opening] = index
        elif mark in _APOSTROPHES and _is_apostrophe(text, index):
            continue
        elif mark in _CLOSING:
            still_open.append(index)
            expected.update(_CLOSING[mark])
        else:
            pairs.unopened.append(index)
    pairs.unclosed.extend(still_open)
    return pairs


def _is_apostrophe(text: str, index: int) -> bool:
    return text[index] == "’" or (index > 0 and text[index - 1].isalnum())
