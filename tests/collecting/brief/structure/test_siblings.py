"""Paragraphs that look like the other items of a brief are items, even if they lack something."""

import datetime as dt

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.evidence import Evidence
from briefing.collecting.brief.structure.rating import rated
from briefing.collecting.brief.structure.rows import rows_of
from briefing.collecting.brief.structure.segments import ITEM, OTHER, Segment
from briefing.collecting.brief.structure.siblings import with_siblings

ITEMS = [
    f"• {title} ({source}, {day} May) https://{source.split()[0].lower()}.example.org/{day}"
    for title, source, day in [
        ("Ferry loses its only captain", "Harbour Post", 3),
        ("The mill turns again", "Northern Ledger", 4),
        ("Bakers open early", "Radio Tidal", 5),
    ]
]


def titles_with(paragraph: str) -> list[str]:
    """The headlines of a list of three bullets, and of a paragraph below the second one."""
    rows = rows_of(
        split_paragraphs("\n\n".join([*ITEMS[:2], paragraph, *ITEMS[2:]]))
    )
    evidence = Evidence(dt.date(2024, 5, 8))
    kinds = [ITEM, ITEM, OTHER, ITEM]
    segments = [
        rated(Segment(kind, (row,)), evidence)
        for kind, row in zip(kinds, rows, strict=True)
    ]
    found = with_siblings(segments, evidence)
    return [item.rows[0].words[:12] for item in found if item.is_item]


def test_a_bullet_with_a_text_is_an_item() -> None:
    titles = titles_with("• A cat sleeps in the archive. Nobody minds.")
    assert titles[2] == "A cat sleeps"


def test_an_address_with_its_language_is_not_a_headline() -> None:
    bullet = "• https://saltmarsh.example.org/cat [Spanish]"
    assert len(titles_with(bullet)) == len(ITEMS)


def test_a_paragraph_without_a_bullet_is_not_an_item_of_a_list() -> None:
    assert len(titles_with("A cat sleeps here. Nobody minds.")) == len(ITEMS)
