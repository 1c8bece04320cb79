"""Footers, whose addresses may be personal to the editor who pasted them."""

import datetime as dt

import pytest

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief
from tests.collecting.brief.pasting import only_item

ITEM = "Court opens at night\nHarbour Post, 3 May 2024\nJudges work until two."


def test_an_address_alone_below_a_footer_belongs_to_it() -> None:
    parsed = only_item(
        f"{ITEM}\n\nYou are receiving this because you subscribed.\n\n"
        "https://example.org/u/17"
    )
    assert parsed.item.link == ""
    assert "example.org" not in repr(parsed)


def test_an_address_alone_below_a_text_is_the_items_link() -> None:
    parsed = only_item(f"{ITEM}\n\nhttps://example.org/u/17")
    assert parsed.item.link == "https://example.org/u/17"


MAILS = "https://list.example.org"


def dated(*links: tuple[str, str]) -> str:
    """What is read of an item above two lines with a date and links like these."""
    words = " · ".join(text for text, _ in links)
    lines = [
        Paragraph(
            (f"Gull Post, {day} May 2024 – {words}",),
            tuple((text, address.format(day)) for text, address in links),
        )
        for day in (4, 5)
    ]
    paragraphs = [Paragraph(tuple(ITEM.split("\n"))), *lines]
    return repr(read_brief(paragraphs, dt.date(2024, 5, 6)))


def test_dated_lines_lead_to_articles_that_can_be_read_online() -> None:
    assert f"{MAILS}/4" in dated(("Read online", f"{MAILS}/{{}}"))


@pytest.mark.parametrize(
    "links",
    [
        (("Unsubscribe", f"{MAILS}/leave/{{}}"),),
        (("Read online", f"{MAILS}/unsub/{{}}"),),
        (
            ("Unsubscribe", f"{MAILS}/leave/{{}}"),
            ("Read online", f"{MAILS}/{{}}"),
        ),
        (("Read online", MAILS),),
    ],
    ids=["by its words", "by its address", "beside another link", "one page"],
)
def test_those_about_a_mail_itself_lead_to_none(
    links: tuple[tuple[str, str], ...],
) -> None:
    assert MAILS not in dated(*links)
