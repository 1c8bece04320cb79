"""Footers, whose addresses may be personal to the editor who pasted them."""

import datetime as dt

import pytest

from briefing.collecting.brief.lines.footers import (
    is_separator,
    is_underline,
    mark_footers,
)
from briefing.collecting.brief.lines.line import Line, Role
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
def test_those_about_an_email_itself_lead_to_none(
    links: tuple[tuple[str, str], ...],
) -> None:
    assert MAILS not in dated(*links)


@pytest.mark.parametrize("text", ["===", "----", "~~~"])
def test_three_marks_of_a_kind_underline_a_line(text: str) -> None:
    assert is_underline(text)


@pytest.mark.parametrize("text", ["==", "-=-", "***", "", "= = ="])
def test_fewer_other_or_different_marks_underline_nothing(text: str) -> None:
    assert not is_underline(text)


def test_a_line_of_up_to_80_marks_separates() -> None:
    assert is_separator("*" * 80)
    assert not is_separator("*" * 81)


def roles_below(
    first: Role, *below: str, last: Role | None = None
) -> list[Role]:
    """The roles of short lines below one with a role, and perhaps above another one."""
    lines = [Line(first, "With kind regards")]
    lines += [Line(Role.TEXT, text) for text in below]
    if last:
        lines.append(Line(last, "You are receiving this as a member"))
    return [line.role for line in mark_footers(lines)][1 : len(below) + 1]


NAMES = [f"Name {number}" for number in range(9)]


def test_a_sign_off_ends_a_brief_with_up_to_eight_lines_below_it() -> None:
    assert roles_below(Role.SIGN_OFF, *NAMES[:8]) == [Role.FOOTER] * 8
    assert roles_below(Role.SIGN_OFF, *NAMES) == [Role.TEXT] * 9


def test_lines_below_a_sign_off_have_up_to_80_characters() -> None:
    assert roles_below(Role.SIGN_OFF, "n" * 80) == [Role.FOOTER]
    assert roles_below(Role.SIGN_OFF, "n" * 81) == [Role.TEXT]


def test_between_two_footers_up_to_three_lines_belong_to_them() -> None:
    between = roles_below(Role.FOOTER, *NAMES[:3], last=Role.FOOTER)
    assert between == [Role.FOOTER] * 3
    further = roles_below(Role.FOOTER, *NAMES[:4], last=Role.FOOTER)
    assert further == [Role.TEXT] * 4
