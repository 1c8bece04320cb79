"""Contacts can be tapped: addresses open an email, numbers are dialled, and nothing else is a link."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from briefing.rendering.contacts import tappable

ISOLATED = "\u2068+1 555 0142\u2069"


def links(text: str) -> dict[str, str]:
    """The links in a contact by their words, as they were written."""
    page = lxml_html.fragment_fromstring(tappable(text), create_parent="p")
    return {
        breakable(link.text_content()): link.get("href")
        for link in page.iter("a")
    }


def breakable(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u2011", "-")


def test_a_number_stays_on_one_line() -> None:
    html = tappable("Desk, +1 555-0142 or press-desk@example.org")
    assert ">+1\u00a0555\u20110142<" in html
    assert ">press-desk@example.org<" in html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mira Solane, +1 555 0142, press@example.org",
            {
                "+1 555 0142": "tel:+15550142",
                "press@example.org": "mailto:press@example.org",
            },
        ),
        ("+49 (0)30 5550142", {"+49 (0)30 5550142": "tel:+49305550142"}),
        ("(030) 555 01 42", {"(030) 555 01 42": "tel:0305550142"}),
        ("030/5550142", {"030/5550142": "tel:0305550142"}),
        ("202-555-0117", {"202-555-0117": "tel:2025550117"}),
        ("+1 555 0142 (WhatsApp)", {"+1 555 0142": "tel:+15550142"}),
        (
            "+1\u00a0555\u00a00142 / +1\u00a0555\u20110143",
            {
                "+1 555 0142": "tel:+15550142",
                "+1 555-0143": "tel:+15550143",
            },
        ),
        (f"ئالاقە: {ISOLATED}،", {"+1 555 0142": "tel:+15550142"}),
        (
            "联系方式：呼吁事务组，+1 555 0168，appeals@example.org",
            {
                "+1 555 0168": "tel:+15550168",
                "appeals@example.org": "mailto:appeals@example.org",
            },
        ),
        ("press@example.org.", {}),
        ("Room 114, ref. 2026/114-B, 12 to 14 October 2026", {}),
        ("[email protected]", {}),
        ("", {}),
    ],
)
def test_addresses_and_numbers_are_links(
    text: str, expected: dict[str, str]
) -> None:
    assert links(text) == expected


@given(st.text(alphabet='+(0)12 -/.@ab<&"\u00a0،', max_size=60))
def test_the_words_stay_the_same_and_are_escaped(text: str) -> None:
    html = str(tappable(text))
    without_links = re.sub(
        r'<a href="(?:tel:\+?\d+|mailto:[^"<>]+)">|</a>',
        "",
        html,
    )
    assert "<" not in without_links
    page = lxml_html.fragment_fromstring(f"<p>{html}</p>")
    assert breakable(page.text_content()) == breakable(text)
