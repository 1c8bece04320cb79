"""Rows that can't be an item's headline, however the brief was read."""

import pytest

from briefing.collecting.brief.pairing.headline_rows import is_possible_heading
from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.rows import rows_of


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("Dear friends,", "Dear friends,"),
        ("Court sits", "Court\n- sits"),
        ("Court sits", "Court\n\n# sits"),
    ],
)
def test_a_greeting_or_two_beginnings_are_not_a_headline(
    heading: str, rows: str
) -> None:
    read = rows_of(split_paragraphs(rows))
    assert not is_possible_heading(heading, read, None)


def test_a_headline_may_have_two_rows() -> None:
    rows = rows_of(split_paragraphs("Court sits\nat night"))
    assert is_possible_heading("Court sits at night", rows, None)
