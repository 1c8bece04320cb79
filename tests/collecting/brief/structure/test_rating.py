"""Which rows are an item, which are the title of a section, and which are neither."""

import pytest

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.evidence import Evidence
from briefing.collecting.brief.structure.rating import rated
from briefing.collecting.brief.structure.rows import rows_of
from briefing.collecting.brief.structure.segments import (
    ITEM,
    OTHER,
    SECTION,
    Segment,
)

ADDRESSES = "https://post.example.org/1\nhttps://karsa.example.org/2"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ferry returns (Harbour Post, 3 May 2024)", ITEM),
        ("FERRIES", SECTION),
        ("Ferries", OTHER),
        # A section has only its title, so the addresses would be lost.
        (f"{ADDRESSES}\nFERRIES", OTHER),
    ],
)
def test_what_rows_are_shows_in_how_they_read(text: str, kind: str) -> None:
    segment = Segment(ITEM, tuple(rows_of(split_paragraphs(text))))
    assert rated(segment, Evidence()).kind == kind
