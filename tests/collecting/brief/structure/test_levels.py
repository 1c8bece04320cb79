"""A brief of only headlines and prose is divided by the levels of its headings, in every format."""

import pytest

from briefing.collecting.brief.model import ParsedItem
from tests.collecting.brief.pasting import read
from tests.collecting.documents.pages import items_in

MARKDOWN = """
# Weekly notes

## Work

### Dockers win a longer break

The company had offered six minutes. The dockers asked for twenty.

### Night shift ends

From January, the cannery closes at nine.

## Courts

### Judge returns the leaflets

They are four years old and advertise a concert.
"""
BOLD = """
# Work

**Dockers win a longer break**

The company had offered six minutes. The dockers asked for twenty.

**Night shift ends**

From January, the cannery closes at nine.

# Courts

**Judge returns the leaflets**

They are four years old and advertise a concert.
"""
UNDERLINED = """
Weekly notes

Work
====

Dockers win a longer break
--------------------------
The company had offered six minutes. The dockers asked for twenty.

Night shift ends
----------------
From January, the cannery closes at nine.

Courts
======

Judge returns the leaflets
--------------------------
They are four years old and advertise a concert.
"""
CAPITALS = """
WORK

Dockers win a longer break
The company had offered six minutes. The dockers asked for twenty.

Night shift ends
From January, the cannery closes at nine.

COURTS

Judge returns the leaflets
They are four years old and advertise a concert.
"""
PAGE = """
<html><body><h1>Weekly notes</h1>
<h2>Work</h2>
<h3>Dockers win a longer break</h3>
<p>The company had offered six minutes. The dockers asked for twenty.</p>
<h3>Night shift ends</h3>
<p>From January, the cannery closes at nine.</p>
<h2>Courts</h2>
<h3>Judge returns the leaflets</h3>
<p>They are four years old and advertise a concert.</p>
</body></html>
"""
HEAD = """From: desk@quay.example.org
To: brief@hillside.example.org
Subject: Weekly notes
Date: Fri, 8 Mar 2024 07:00:00 +0100
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
"""
MAIL = HEAD + PAGE
ITEMS = [
    ("work", "Dockers win a longer break", "for twenty."),
    ("work", "Night shift ends", "closes at nine."),
    ("courts", "Judge returns the leaflets", "advertise a concert."),
]


def _shown(parsed: ParsedItem) -> tuple[str, str, str]:
    item = parsed.item
    return parsed.section.lower(), item.heading, item.text


def _are_found(items: list[ParsedItem]) -> bool:
    shown = list(map(_shown, items))
    return [found[:2] for found in shown] == [
        item[:2] for item in ITEMS
    ] and all(
        found[2].endswith(item[2])
        for found, item in zip(shown, ITEMS, strict=True)
    )


@pytest.mark.parametrize("text", [MARKDOWN, BOLD, UNDERLINED, CAPITALS])
def test_text_is_divided_by_its_headings(text: str) -> None:
    assert _are_found(read(text))


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (MARKDOWN, "brief.md"),
        (BOLD, "brief.md"),
        (UNDERLINED, "brief.md"),
        (PAGE, "brief.html"),
        (MAIL, "brief.eml"),
    ],
)
def test_a_document_is_divided_by_its_headings(
    document: str, name: str
) -> None:
    assert _are_found(items_in(document.encode(), name))


def test_a_source_is_that_of_the_headline_above_it() -> None:
    text = MARKDOWN.replace(
        "closes at nine.",
        "closes at nine.\n\nBrine Courier, 5 March 2024\nhttps://brine.example.com/nine",
    )
    values = [
        (parsed.item.heading, parsed.item.source, parsed.item.link)
        for parsed in read(text)
    ]
    assert values == [
        ("Dockers win a longer break", "", ""),
        (
            "Night shift ends",
            "Brine Courier",
            "https://brine.example.com/nine",
        ),
        ("Judge returns the leaflets", "", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        # Its title is above its parts, and a text between them.
        """
# Statement on the harbour law

We have read the draft of the harbour law with concern.

## Background

The law was drafted in a night.

## Our demands

Withdraw it.
""",
        # Only one title is directly above another heading.
        """
# Statement on the harbour law

## Background

The law was drafted in a night.

## Our demands

Withdraw it.
""",
    ],
)
def test_the_headings_within_one_text_divide_nothing(text: str) -> None:
    (parsed,) = items_in(text.encode(), "statement.md")
    assert parsed.item.heading == "Statement on the harbour law"
    assert "Our demands" in parsed.item.text
