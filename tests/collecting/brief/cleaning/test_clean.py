"""Who wrote a message, when, and from which number never gets into an item. The notes say that it was left out."""

import datetime as dt

import pytest

from briefing.collecting.brief.cleaning.clean import clean
from briefing.collecting.brief.paragraphs import (
    Paragraph,
    split_paragraphs,
)
from briefing.collecting.brief.parse import read_brief

ITEM = (
    "Pilots meet the minister\n"
    "Harbour Post, 19 November 2026\n"
    "They want the lists back.\n"
    "https://harbour-post.example.com/pilots"
)
STAMPS = [
    "[20.11.26, 14:03:11] Mira Kade:",
    "\u200e[20/11/2026, 2:03:11\u202fPM] ~ Mira Kade:",
    "[20.11.26, 14:03:11] +44 7700 900123:",
    "[2026-11-20 14:03] Mira Kade:",
    "[14:03, 20/11/2026] Mira Kade:",
    "[14:03] Mira Kade:",
    "20/11/2026, 14:03 - Mira Kade:",
    "20.11.26, 14:03 - +44 7700 900123:",
    "11/20/26, 2:03 PM - Mira Kade:",
    "20\u200f/11\u200f/2026، 2:03 م - Mira Kade:",
    "2026/11/20 下午2:03 - Mira Kade:",
    "Mira Kade, [20.11.2026 14:03]",
    "Mira Kade, [20.11.2026 14:03]:",
]


@pytest.mark.parametrize("stamp", STAMPS)
def test_a_single_stamp_is_enough_if_only_chats_write_it(stamp: str) -> None:
    (parsed,) = read_brief(split_paragraphs(f"{stamp} {ITEM}")).items
    item = parsed.item
    assert item.heading == "Pilots meet the minister"
    assert item.source == "Harbour Post"
    assert item.date == dt.date(2026, 11, 19)
    assert item.link == "https://harbour-post.example.com/pilots"
    assert item.text == "They want the lists back."
    (note,) = parsed.notes
    assert note.startswith("left out: “")
    assert ("Mira" in note) or ("900123" in note)


def test_what_may_be_a_date_and_a_source_is_not_a_single_stamp() -> None:
    text = "20.11.2026, 14:03 – Harbour Post: Pilots meet the minister"
    assert not clean(split_paragraphs(text)).left_out


def test_pictures_and_what_the_program_says_are_left_out() -> None:
    text = (
        "[20.11.26, 14:03:11] Mira: \u200eimage omitted\n"
        "[20.11.26, 14:03:15] Teo: <Media omitted>\n"
        "[20.11.26, 14:04:00] Mira: Talks go on \u200e<This message was edited>\n"
        "[20.11.26, 14:05:00] Teo left"
    )
    cleaned = clean(split_paragraphs(text))
    assert [paragraph.lines for paragraph in cleaned.paragraphs] == [
        ("Talks go on",)
    ]


def test_the_number_of_somebody_who_is_mentioned_is_left_out() -> None:
    text = "[20.11.26, 14:03:11] Mira: look @447700900123\nit is true"
    cleaned = clean(split_paragraphs(text))
    assert cleaned.paragraphs[0].lines == ("look", "it is true")
    assert cleaned.left_out == (
        "[20.11.26, 14:03:11] Mira:",
        "@447700900123",
    )


def test_links_and_bold_lines_of_a_message_stay() -> None:
    address = "https://harbour-post.example.com/pilots"
    paragraph = Paragraph(
        ("20/11/2026, 14:03 - Mira: see", "Pilots meet", "and go"),
        (("Pilots meet", address),),
        strong=frozenset({1}),
        number=4,
    )
    (found,) = clean([paragraph]).paragraphs
    assert found.lines == ("see", "Pilots meet", "and go")
    assert found.links == (("Pilots meet", address),)
    assert found.strong == {1}
    assert found.number == 4


# --- Emails


@pytest.mark.parametrize(
    "head",
    [
        "From: Mira Kade <mira@example.org>\nSent: Friday, 20 November 2026 14:03\nTo: All\nSubject: FW: news",
        "Von: Kade, Mira <mira@example.org>\nGesendet: Freitag, 20. November 2026 14:03\nAn: Alle\nBetreff: WG: Presse",
        "*De :* Mira Kade <mira@example.org>\n*Date :* vendredi 20 novembre 2026 à 14:03\n*À :* Tous\n*Objet :* revue",
        "发件人: Mira Kade <mira@example.org>\n收件人: 大家\n主题: 新闻",
        "---------- Forwarded message ---------\nFrom: Mira Kade <mira@example.org>\nDate: Fri, 20 Nov 2026 at 14:03",
        "Begin forwarded message:\n\nFrom: Mira Kade <mira@example.org>\nSubject: news\nTo: All",
        "On 20 Nov 2026, at 14:03, Mira Kade <mira@example.org> wrote:",
        "On Fri, 20 Nov 2026 at 14:03, Mira Kade\n<mira@example.org> wrote:",
        "Am 20.11.2026 um 14:03 schrieb Mira Kade:",
        "Le ven. 20 nov. 2026 à 14:03, Mira Kade <mira@example.org> a écrit :",
    ],
)
def test_who_sent_an_email_is_left_out(head: str) -> None:
    (parsed,) = read_brief(split_paragraphs(f"{head}\n\n{ITEM}")).items
    assert parsed.item.heading == "Pilots meet the minister"
    assert "Mira" not in repr(parsed.item)
    assert "Mira" in repr(parsed.notes)


@pytest.mark.parametrize(
    "signature",
    [
        "Jonas Frey\nDesk editor | +44 20 7946 0001",
        "Best wishes,\nJonas",
        "--\nJonas Frey\njonas@example.org",
    ],
)
@pytest.mark.parametrize(
    "head",
    [
        "From: Mira Kade <mira@example.org>\nSubject: FW: news",
        "> From: Mira Kade <mira@example.org>\n> Subject: FW: news",
    ],
)
def test_a_signature_above_a_forwarded_email_is_left_out(
    signature: str, head: str
) -> None:
    brief = read_brief(
        split_paragraphs(
            f"This one first, please.\n\n{signature}\n\n{head}\n\n{ITEM}"
        )
    )
    assert brief.introduction == "This one first, please."
    (parsed,) = brief.items
    assert "Jonas" in repr(parsed.notes)


def test_items_above_a_forwarded_email_are_not_its_signature() -> None:
    items = f"{ITEM}\n\nThe ferry runs again\nhttps://example.org/ferry"
    head = "From: Mira Kade <mira@example.org>\nSubject: FW: news"
    cleaned = clean(split_paragraphs(f"{items}\n\n{head}"))
    assert cleaned.left_out == tuple(head.split("\n"))


def test_quoted_lines_are_read_without_their_marks() -> None:
    text = "> " + ITEM.replace("\n", "\n> ") + "\n>\n> > Thank you."
    cleaned = clean(split_paragraphs(text))
    assert [paragraph.lines for paragraph in cleaned.paragraphs] == [
        tuple(ITEM.split("\n")),
        ("Thank you.",),
    ]


def test_a_header_names_a_sender_and_a_receiver_or_subject() -> None:
    text = "From: the harbour\nDate: today\nWe go on."
    assert not clean(split_paragraphs(text)).left_out
