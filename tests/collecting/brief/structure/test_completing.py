"""The source and date of a headline that are further down in its item."""

import datetime as dt
from dataclasses import replace

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


def test_a_row_that_says_that_it_is_the_source_is_it_wherever_it_is() -> None:
    headline, listen, label, *others = rows_of(
        split_paragraphs(
            "Who counts the boats?\n"
            "Six hours at the window (Radio Tamsel, 12 June)\n"
            "Northern Ledger\n"
            "Asya Verk, the ferryman's daughter, counted them"
        )
    )
    rows = [headline, listen, replace(label, field="source"), *others]
    head = best_head(rows, Evidence(dt.date(2024, 7, 10)))
    assert head
    assert head.source == "Northern Ledger"


def test_a_text_with_a_label_may_name_its_publisher() -> None:
    headline, text = rows_of(
        split_paragraphs(
            "Ferry returns\nHarbour Post reported on 6 March 2024 that it runs."
        )
    )
    rows = [headline, replace(text, field="text")]
    head = best_head(rows, Evidence(dt.date(2024, 4, 1)))
    assert head
    assert (head.source, head.date) == ("Harbour Post", dt.date(2024, 3, 6))
