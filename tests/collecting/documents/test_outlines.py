"""News whose source, text and link are listed below their headlines are read as items."""

import pytest

from briefing.collecting.brief.paragraphs import Paragraph
from tests.collecting.documents.pages import items_in, read_page

A, B, C = (f"https://{name}.example.org" for name in "abc")


def item(title: str, *below: str) -> str:
    """Return an item of a list, with a list below it."""
    listed = "".join(f"<li>{line}</li>" for line in below)
    return f"<li>{title}<ul>{listed}</ul></li>"


FERRY = item("Ferry stopped", "Gull Post, 3 May 2024", "Nobody waits.", A)
CHOIR = item("Choir sings", "Radio Marsh, 4 May 2024", B)
SHEEP = item("Sheep counted", "Dyke News, 5 May 2024", "Twice.")


def read(page: str) -> list[Paragraph]:
    """Return the paragraphs of a page."""
    return read_page(page).paragraphs


def test_each_item_is_a_card_without_marks() -> None:
    assert read(f"<ul>{FERRY}{CHOIR}</ul>") == [
        Paragraph(
            ("Ferry stopped", "Gull Post, 3 May 2024", "Nobody waits.", A),
            ((A, A),),
            card=0,
        ),
        Paragraph(
            ("Choir sings", "Radio Marsh, 4 May 2024", B), ((B, B),), card=1
        ),
    ]


def test_each_is_read_as_an_item() -> None:
    items = items_in(
        f"<html><body><ul>{FERRY}{CHOIR}</ul></body></html>".encode()
    )
    assert [
        (
            each.item.heading,
            each.item.source,
            str(each.item.date),
            each.item.link,
        )
        for each in items
    ] == [
        ("Ferry stopped", "Gull Post", "2024-05-03", A),
        ("Choir sings", "Radio Marsh", "2024-05-04", B),
    ]


def test_an_item_can_lack_a_link_or_a_list_below_it() -> None:
    page = f"<ul>{FERRY}{CHOIR}{SHEEP}<li>Bakers wait – Gull Post</li></ul>"
    assert [each.card for each in read(page)] == [0, 1, 2, 3]


def test_a_headline_can_be_linked() -> None:
    page = "".join(
        item(f'<a href="{address}">Title</a>', "Gull Post")
        for address in (A, B)
    )
    assert read(f"<ol>{page}</ol>") == [
        Paragraph(("Title", "Gull Post"), (("Title", address),), card=card)
        for card, address in enumerate((A, B))
    ]


def test_the_items_around_are_titles() -> None:
    page = f"<ul><li>North<ul>{FERRY}{CHOIR}</ul></li><li>South<ul>{FERRY}</ul></li></ul>"
    assert [(each.level, each.card, each.lines[0]) for each in read(page)] == [
        (6, -1, "North"),
        (0, 0, "Ferry stopped"),
        (0, 1, "Choir sings"),
        (6, -1, "South"),
        (0, 2, "Ferry stopped"),
    ]


def test_lists_of_sections_belong_together() -> None:
    page = f"<h2>North</h2><ul>{FERRY}</ul><h2>South</h2><ul>{CHOIR}</ul>"
    assert [each.card for each in read(page)] == [-1, 0, -1, 1]


@pytest.mark.parametrize(
    "page",
    [
        f"<ul>{FERRY}</ul>",
        f"<ul>{FERRY}{CHOIR}{SHEEP * 3}</ul>",
        f"<ul>{FERRY}{item('Choir sings', A, 'They sing.', B)}</ul>",
        f"<ul>{item('North', A)}{item('South', B)}</ul>",
        f"<ul><li>Ferry stopped: {A}</li><li>Choir sings: {B}</li></ul>",
    ],
    ids=[
        "only one item",
        "most without a link",
        "several links in an item",
        "only links below",
        "nothing below",
    ],
)
def test_other_lists_are_not_news(page: str) -> None:
    assert all(each.card < 0 for each in read(page))
