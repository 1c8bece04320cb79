"""The source and date of a headline that are further down in its item."""

import datetime as dt

import pytest

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.heads import best_head
from briefing.collecting.brief.structure.rows import rows_of


@pytest.mark.parametrize(
    ("row", "source"),
    [
        ("Harbour Watch", "Harbour Watch"),
        ("Harbour Post:", "Harbour Post"),
        # It leads to the list below it.
        ("Der Verein fordert:", ""),
    ],
)
def test_a_row_with_a_colon_is_a_source_only_with_a_publishers_word(
    row: str, source: str
) -> None:
    text = f"No fence without a door\nStatement of 3 May 2024\n{row}\n- a key for everybody"
    head = best_head(
        rows_of(split_paragraphs(text)), Evidence(dt.date(2024, 5, 10))
    )
    assert head
    assert head.source == source
