"""The rows that refer to a list of links by number or letter."""

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.footnotes import with_listed_links
from briefing.collecting.brief.structure.rows import rows_of

SITE = "https://delta.example.org"


def test_the_letter_of_a_link_is_not_part_of_the_headline() -> None:
    text = f"""
A. Ferry returns

B. The mill turns

A. {SITE}/1

B. {SITE}/2
"""
    rows = with_listed_links(rows_of(split_paragraphs(text)))
    assert [(row.words, row.addresses) for row in rows] == [
        ("Ferry returns", [f"{SITE}/1"]),
        ("The mill turns", [f"{SITE}/2"]),
    ]
