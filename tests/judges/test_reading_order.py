"""Seen in Chromium: names, numbers and brackets within Uyghur stand in the order in which they are
read.
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.issue.model import Issue, Item, Section
from briefing.languages import load_language
from briefing.newsletter import package_templates
from briefing.rendering import prose
from briefing.rendering.phrases import Phrases

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEEN = Path(__file__).with_name("reading_order.js").read_text("utf-8")
UYGHUR = load_language("ug", (package_templates(),))

LINES = [
    ("تېلېفون: +1 555 0142 (WhatsApp).", "+1 555 0142 (WhatsApp)"),
    ("بۇ قارار (ref. 2026/114-B) ئېلان قىلىندى", "(ref. 2026/114-B)"),
    ("جەرىمانە €1,190.50 بولدى", "€1,190.50"),
    ("باھاسى 250 $ ئىدى", "250 $"),
    ("ئۇلارنىڭ 62% ى قايتىپ كەلدى", "62%"),
    ("ئۇلارنىڭ %62 ى قايتىپ كەلدى", "%62"),
    ("قانۇننىڭ § 12 ماددىسى", "§ 12"),
    ("سوتنىڭ № 114/B ھۆججىتى", "№ 114/B"),
    ("تېلېفون نومۇرى (030) 5550 0142 بولىدۇ", "(030) 5550 0142"),
    ("ئۇ Radio “Free Harbour” News غا سۆزلىدى", "Radio “Free Harbour” News"),
    ("ئۇ «We bake at night.» دېدى", "«We bake at night.»"),
    ("ئۇ U.S. دا ياشايدۇ", "U.S."),
    ("ھاۋا -5 °C بولدى", "-5 °C"),
    ("بۇ يەردە https://www.example.org/news/ بار", "https://www.example.org/news/"),
    ("ئالاقە press@example.org (**Mira Solane**) ئارقىلىق", "press@example.org (Mira Solane)"),
    ("ئۇ 18+ كىنو ۋە C++ نى ياخشى كۆرىدۇ", "C++"),
]  # fmt: skip
"""Lines, and what must be seen in them from left to right."""


@pytest.fixture(autouse=True)
def wide_screen(page: "Page") -> None:
    """Wide enough for each line, whatever fonts there are."""
    page.set_viewport_size({"width": 1600, "height": 800})


@pytest.mark.parametrize(("line", "seen"), LINES)
def test_a_foreign_run_is_seen_as_it_is_written(
    page: "Page", line: str, seen: str
) -> None:
    html = prose.to_html(line, UYGHUR)
    page.set_content(f'<div dir="rtl" lang="ug">{html}</div>')
    assert seen in page.evaluate(SEEN)


@pytest.mark.parametrize(("line", "seen"), LINES)
def test_what_comes_before_a_run_is_at_its_right(
    page: "Page", line: str, seen: str
) -> None:
    html = prose.to_html(line, UYGHUR)
    page.set_content(f'<div dir="rtl" lang="ug">{html}</div>')
    first_letter = line[0]
    assert page.evaluate(SEEN).rstrip(" ").endswith(first_letter)


def test_plain_text_is_in_the_same_order(page: "Page") -> None:
    for line, seen in LINES:
        page.set_content(f'<pre dir="rtl">{prose.to_text(line, UYGHUR)}</pre>')
        assert seen in page.evaluate(SEEN).replace("*", "")


def test_the_phrases_around_an_item_are_in_order(page: "Page") -> None:
    item = Item(
        heading="سوت «Harbour Post (HP)» نى ئاقلىدى",
        source="Harbour Post",
        date=dt.date(2026, 11, 19),
        contact="Mira Solane، +1 555 0142 (WhatsApp)",
        link="https://www.example.org/",
        lang="de",
    )
    phrases = Phrases(Issue(sections=(Section(items=(item,)),)), UYGHUR)
    for words, seen in (
        (phrases.headline(item), "«Harbour Post (HP)»"),
        (phrases.byline(item), " · Harbour Post"),
        (phrases.contact(item), "+1 555 0142 (WhatsApp)"),
        (phrases.link(item), "Harbour Post"),
    ):
        page.set_content(f'<p dir="rtl">{words}</p>')
        assert seen in page.evaluate(SEEN)


@pytest.mark.parametrize("line", [line for line, seen in LINES[:3]])
def test_without_isolates_the_order_is_wrong(page: "Page", line: str) -> None:
    """So the tests above find what is wrong."""
    page.set_content(f'<p dir="rtl">{line}</p>')
    seen = dict(LINES)[line]
    assert seen not in page.evaluate(SEEN)
