"""Headline, source, date, text and link on several rows: whatever is beside what, as long as the items are alike."""

import datetime as dt

import pytest

from briefing.issue.model import Item
from tests.collecting.brief import pasting

DAY = dt.date(2024, 3, 8)
ITEMS = [
    (
        "Ferry pilots refuse night shifts",
        "Harbour Post",
        "4 March 2024",
        "Their union says that nobody asked them before the new rules.",
        "https://harbourpost.example.com/pilots",
    ),
    (
        "Clerk counts the empty desks",
        "Radio Karsa",
        "5 March 2024",
        "A clerk did, every evening for nine years, with a pencil.",
        "https://karsa.example.org/desks",
    ),
    (
        "The lists were never public",
        "Tidal Review",
        "6 March 2024",
        "The court gave the ministry ninety days to answer the families.",
        "https://tidal.example.net/lists",
    ),
]
ARRANGEMENTS = """
T/S, D/X/L
S, D/T/X/L
S/D/T/X/L
D/T (S)/X/L
S: T/X/L (D)
D – T/X/S: L
T (S)/D/X/L
T (D)/S/X/L
T (D)/X/S: L
T/(S, D) X/L
T/S – D – X/L
T/X (S, D)/L
T/X – S, D/L
T/X/via S, D: L
T/X/Read more at S: L/D
S, D/T – X/L
S/D/T – X/L
T – X/S, D/L
T. X (S, D)/L
D. T. X (S) L
S, D. T. X L
S (D): T. X L
S: T. X (D) L
D – T. X – S: L
""".strip().split("\n")


def written(arrangement: str, item: tuple[str, ...]) -> str:
    words = dict(zip("TSDXL", item, strict=True))
    rows = [
        "".join(
            words[sign] if sign in words and _is_alone(row, place) else sign
            for place, sign in enumerate(row)
        )
        for row in arrangement.split("/")
    ]
    return "\n".join(rows)


def _is_alone(row: str, place: int) -> bool:
    beside = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    return not any(map(str.isalpha, beside))


def read(text: str) -> list[Item]:
    return [parsed.item for parsed in pasting.read(text, DAY)]


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_what_repeats_is_headline_source_date_and_link(
    arrangement: str,
) -> None:
    text = "\n\n".join(written(arrangement, item) for item in ITEMS)
    found = [
        (item.heading, item.source, item.date, item.link) for item in read(text)
    ]
    assert found == [
        (title, source, dt.date(2024, 3, 4 + number), link)
        for number, (title, source, _, _, link) in enumerate(ITEMS)
    ]


def test_the_place_and_date_of_a_report_are_not_a_source() -> None:
    reports = [
        f"{title}\nPort Ellis, {date} – {text}\n{link}"
        for title, _, date, text, link in ITEMS
    ]
    assert [item.source for item in read("\n\n".join(reports))] == [""] * 3


def test_a_publisher_behind_a_label_may_stand_above_its_headline() -> None:
    text = """
From: Harbour Post
Ferry returns to the pier (4 March 2024)
https://post.example.org/1
From: Radio Karsa
Court opens at night (5 March 2024)
https://karsa.example.org/2
From: Tidal
Mill turns again (6 March 2024)
https://tidal.example.org/3
"""
    found = {item.heading: item.source for item in read(text)}
    assert found == {
        "Ferry returns to the pier": "Harbour Post",
        "Court opens at night": "Radio Karsa",
        "Mill turns again": "Tidal",
    }


@pytest.mark.parametrize("between", [" ", ": ", " | 4 March 2024 | "])
def test_a_publisher_with_the_link_may_stand_above_its_headline(
    between: str,
) -> None:
    items = [
        (
            "Harbour Post",
            "https://post.example.org/1",
            "Ferry returns to the pier",
        ),
        ("Radio Karsa", "https://karsa.example.org/2", "Court opens at night"),
        ("Tidal", "https://tidal.example.org/3", "Mill turns again"),
    ]
    text = "\n".join(
        f"• {source}{between}{link}\n{headline}\nThey talked."
        for source, link, headline in items
    )
    found = [(item.source, item.link, item.heading) for item in read(text)]
    assert found == items
