"""Tell the bullets before titles of sections from those before items: "■ News" above "● Ferry returns"."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.title import is_title

_LEAST = 2
_MOST_WORDS = 6


def without_title_bullets(rows: Sequence[Row]) -> list[Row]:
    """Rows without the bullets that are only before titles, which are alone in their paragraphs above other bullets."""
    blocks = Counter(row.block for row in rows)
    titles: dict[str, list[Row]] = defaultdict(list)
    others: set[str] = set()
    for row, below in pairwise([*rows, Row("", "")]):
        if not row.mark:
            continue
        is_alone = blocks[row.block] == 1 and _is_short_title(row)
        if is_alone and below.mark and _sign(below) != _sign(row):
            titles[_sign(row)].append(row)
        else:
            others.add(_sign(row))
    found = {
        row.number
        for sign, marked in titles.items()
        if sign not in others and len(marked) >= _LEAST
        for row in marked
    }
    return [
        replace(row, mark="", is_strong=True) if row.number in found else row
        for row in rows
    ]


def _sign(row: Row) -> str:
    """A bullet; numbers count as one kind."""
    return row.raw[:1] if row.mark == "*" else row.mark


def _is_short_title(row: Row) -> bool:
    is_short = len(row.words.split()) <= _MOST_WORDS
    return is_short and not row.links and is_title(row.words)
