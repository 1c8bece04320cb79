"""No item gets another item's link, source or date, and no word is lost, in whatever layout a brief is written."""

import re

from hypothesis import given, settings

from briefing.collecting.brief.model import Brief
from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.parse import read_brief
from briefing.issue.model import Item
from tests.collecting.brief.pairing.briefs import (
    BEFORE,
    SOURCES,
    TITLES,
    Piece,
    briefs,
)

WORD = re.compile(r"[^\W\d_]+")


def read(text: str) -> Brief:
    return read_brief(split_paragraphs(text), BEFORE)


def owner_of(heading: str, pieces: list[Piece]) -> Piece | None:
    """The item whose headline it is; None if it is anything else."""
    found = [piece for piece in pieces if piece.title in heading]
    return found[0] if len(found) == 1 else None


# The same briefs in each run: others are tried with more examples, by hand.
@settings(max_examples=40, derandomize=True)
@given(briefs())
def test_nothing_is_paired_wrongly_or_lost(
    brief: tuple[str, list[Piece]],
) -> None:
    text, pieces = brief
    found = read(text)
    for parsed in found.items:
        check_pairs(parsed.item, pieces)
    kept = words_kept(found, pieces)
    assert kept >= set(WORD.findall(text))


def check_pairs(item: Item, pieces: list[Piece]) -> None:
    """An item has nothing of another's, no headline as its source, and no link below a publisher's name."""
    own = owner_of(item.heading, pieces)
    assert not any(title in item.source for title in TITLES)
    if item.heading in SOURCES:
        links = {piece.source: piece.link for piece in pieces}
        assert item.link in {"", links[item.heading]}
    if own is None:
        return
    for piece in pieces:
        if piece is not own:
            assert not item.link or item.link != piece.link
            assert not item.date or item.date != piece.date
            assert not piece.source or piece.source not in item.source


def words_kept(brief: Brief, pieces: list[Piece]) -> set[str]:
    """The words in the items, their sections and notes, and the introduction."""
    kept = [brief.introduction]
    for parsed in brief.items:
        item = parsed.item
        kept += [item.heading, item.source, item.text, item.link]
        kept += [parsed.section, *parsed.notes]
        kept += [piece.day for piece in pieces if piece.date == item.date]
    return set(WORD.findall(" ".join(kept)))
