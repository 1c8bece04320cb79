"""Tell the bullets before titles of sections from those before items: "■ News" above "● Ferry returns"."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from briefing.collecting.brief.structure.rows import Row, is_above_several
from briefing.collecting.brief.structure.title import is_title

_LEAST = 2
_MOST_WORDS = 6


def without_title_bullets(rows: Sequence[Row]) -> list[Row]:
    """Rows without the bullets or numbers that are only before titles, which are alone in their paragraphs: above other
    bullets, or one of them above several paragraphs with links.
    """
    blocks = Counter(row.block for row in rows)
    marked: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.mark:
            marked[_sign(row)].append(place)
    found = {
        place
        for places in marked.values()
        if _are_titles(rows, places, blocks)
        for place in places
    }
    return [
        replace(row, mark="", is_strong=True) if place in found else row
        for place, row in enumerate(rows)
    ]


def _are_titles(
    rows: Sequence[Row], places: Sequence[int], blocks: Mapping[int, int]
) -> bool:
    """Whether rows with the same bullet are titles of sections; `blocks` says how many rows each paragraph has."""
    if len(places) < _LEAST:
        return False
    for row in (rows[place] for place in places):
        if blocks[row.block] > 1 or not _is_short_title(row):
            return False
    return _are_above_bullets(rows, places) or is_above_several(rows, places)


def _are_above_bullets(rows: Sequence[Row], places: Sequence[int]) -> bool:
    below = [rows[place + 1 : place + 2] for place in places]
    return all(
        row and row[0].mark and place + 1 not in places
        for place, row in zip(places, below, strict=True)
    )


def _sign(row: Row) -> str:
    """A bullet; numbers count as one kind."""
    return row.raw[:1] if row.mark == "*" else row.mark


def _is_short_title(row: Row) -> bool:
    is_short = len(row.words.split()) <= _MOST_WORDS
    return is_short and not row.links and is_title(row.words)
