"""The colons between headlines and their addresses."""

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.colons_before_addresses import (
    without_colons_before_addresses,
)
from briefing.collecting.brief.structure.rows import rows_of

SITE = "https://delta.example.org"
HEADLINES = ["Ferry returns", "The mill turns", "Reeds dance"]


def words_in(lines: list[str]) -> list[str]:
    rows = rows_of(split_paragraphs("\n\n".join(lines)))
    return [row.words for row in without_colons_before_addresses(rows)]


def test_a_colon_between_a_headline_and_its_address_is_left_out() -> None:
    assert words_in([f"{words}: {SITE}/1" for words in HEADLINES]) == [
        f"{words} {SITE}/1" for words in HEADLINES
    ]


def test_a_colon_behind_an_address_leads_to_the_next_row() -> None:
    lines = [f"{words} {SITE}/1:" for words in HEADLINES]
    assert words_in(lines) == lines
