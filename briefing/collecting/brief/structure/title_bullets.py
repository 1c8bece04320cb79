"""Tell the bullets before titles of sections from those before items: "■ News" above "● Ferry returns"."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from .headline_words import can_be_headline
from .row import Row, Rows
from .row_paragraphs import is_above_several, places_alone, starts_of_paragraphs

_LEAST = 2
_MOST_WORDS = 6


def without_title_bullets(rows: Rows) -> list[Row]:
    """Rows without the bullets or numbers that are only before titles: above other bullets or, one of them, above
    several paragraphs or rows with links.
    """
    marked: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.mark:
            marked[_sign(row)].append(place)
    found = {
        place
        for places in marked.values()
        if _are_titles(rows, places)
        for place in places
    }
    return [
        # Without its bullet, the row is known as a title by its emphasis.
        replace(row, mark="", is_strong=True) if place in found else row
        for place, row in enumerate(rows)
    ]


def _are_titles(rows: Rows, places: Sequence[int]) -> bool:
    """Whether rows with the same bullet are titles of sections."""
    are_short = all(_is_short_title(rows[place]) for place in places)
    if len(places) < _LEAST or not are_short:
        return False
    if not places_alone(rows).issuperset(places):
        return _begin_lists(rows, places)
    if all(_is_above_other_bullet(rows, place) for place in places):
        return True
    return is_above_several(rows, places)


def _begin_lists(rows: Rows, titles: Sequence[int]) -> bool:
    """Whether the title in each of some places begins a paragraph, one of which lists items: it has several rows of
    words with links.
    """
    if not {0, *starts_of_paragraphs(rows)}.issuperset(titles):
        return False
    linked = Counter(row.block for row in rows if row.is_linked)
    return any(linked[rows[place].block] >= _LEAST for place in titles)


def _is_above_other_bullet(rows: Rows, place: int) -> bool:
    """Whether the row below another one has a bullet as well, but a different one."""
    own = _sign(rows[place])
    return any(
        _sign(row) not in {"", own} for row in rows[place + 1 : place + 2]
    )


def _sign(row: Row) -> str:
    """The bullet of a row; numbers count as one kind. "" without either."""
    return row.raw[:1] if row.mark == "*" else row.mark


def _is_short_title(row: Row) -> bool:
    is_short = len(row.words.split()) <= _MOST_WORDS
    return is_short and not row.links and can_be_headline(row.words)
