"""The source and date of a headline that are further down in its item."""

import datetime as dt
from dataclasses import replace

import pytest

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.best_head import best_head
from briefing.collecting.brief.structure.evidence import Evidence
from briefing.collecting.brief.structure.rows import rows_of
from tests.collecting.brief.pasting import read

_TITLES = (
    "Dockers vote to stay out",
    "The town that mislaid its statue",
    "Map makers get their pens back",
)


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


@pytest.mark.parametrize(
    "row",
    [
        "{} →",
        "Read more at {} →",
        "Continue reading at {} >",
        "Via {} »",
    ],
)
def test_an_arrow_before_an_address_is_not_part_of_the_source(row: str) -> None:
    names = {
        "Harbour Post": "harbour-post.example.com",
        "Tidewater Review": "tidewater.example.com",
        "Northern Ledger": "northern-ledger.example.com",
    }
    text = "\n\n".join(
        f"{title}\n{row.format(name)} https://{host}/a"
        for title, (name, host) in zip(_TITLES, names.items(), strict=True)
    )
    items = read(text, dt.date(2024, 5, 10))
    assert [parsed.item.source for parsed in items] == list(names)


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


ROOM = "[Brine Courier](https://brine.example.com/room)"
OTHERS = """
**Schools.** An essay on fog was praised ([Meridian Review](https://meridian.example.com/fog), 6 May). It got a B.

**Ports.** Pilots aren't paid for waiting ([Radio Tamsin](https://tamsin.example.net/pay), 7 May). They wait.
"""


def test_a_linked_publisher_in_brackets_within_the_text_is_the_source() -> None:
    text = f"**Libraries.** The room will record who reads ({ROOM}, 5 May). Librarians refuse."
    (parsed,) = read(text, dt.date(2024, 5, 10))
    item = parsed.item
    assert (item.heading, item.source, item.date, item.link) == (
        "Libraries",
        "Brine Courier",
        dt.date(2024, 5, 5),
        "https://brine.example.com/room",
    )


def test_two_publishers_within_a_text_give_no_source_of_another_link() -> None:
    other = "[Lenwick Observer](https://observer.example.com/no)"
    text = f"**Libraries.** The room will record who reads ({ROOM}, 5 May). Not all ({other}, 6 May).\n{OTHERS}"
    (parsed, *_) = read(text, dt.date(2024, 5, 10))
    values = parsed.item.source, parsed.item.link
    assert values == ("Lenwick Observer", "https://observer.example.com/no")
