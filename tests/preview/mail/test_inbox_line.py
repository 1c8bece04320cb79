"""The line of an email in an inbox, cut as phones and desktops cut it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.preview.mail.inbox_line import (
    DESKTOP,
    PHONE,
    InboxLine,
    cut,
    first_words,
    inbox_line,
)
from briefing.text.width import width

SUBJECT = (
    "The court gives the ministry thirty days to account for eleven teachers"
)
WORDS = "A camera maker ends its deliveries, and a poet needs your letter before Friday. More in this issue."


def test_a_phone_gives_subject_and_preheader_lines_of_their_own() -> None:
    assert inbox_line(PHONE, "Weekly Brief", SUBJECT, WORDS) == InboxLine(
        name="Phone",
        sender="Weekly Brief",
        subject="The court gives the ministry thirty d…",
        preheader="A camera maker ends its deliveries, and a poet needs your letter before Friday. Mor…",
    )


def test_on_a_desktop_the_preheader_gets_what_the_subject_leaves() -> None:
    assert inbox_line(DESKTOP, "Weekly Brief", SUBJECT, WORDS) == InboxLine(
        name="Desktop",
        sender="Weekly Brief",
        subject=SUBJECT,
        preheader="A camera maker ends its deliveries,…",
    )


def test_a_subject_that_fills_the_line_leaves_no_preheader() -> None:
    line = inbox_line(DESKTOP, "Brief", "x" * 110, WORDS)
    assert (line.subject, line.preheader) == ("x" * 110, "")


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        # A Chinese character takes two columns.
        ("法院要求说明", 7, "法院要…"),
        ("法院要求说明", 12, "法院要求说明"),
        # A mark above a letter takes none, and stays with it.
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("", 0, ""),
    ],
)
def test_texts_are_cut_by_columns(text: str, columns: int, shown: str) -> None:
    assert cut(text, columns) == shown


@given(st.text(), st.integers(1, 50))
def test_what_is_shown_fits_and_is_the_beginning(
    text: str, columns: int
) -> None:
    shown = cut(text, columns)
    assert width(shown) <= columns
    assert shown == text or text.startswith(shown.removesuffix("…"))


def test_an_inbox_shows_the_first_words_of_the_email_also_hidden_ones() -> None:
    page = (
        "<head><title>T</title><style>p { color: red }</style></head><body><!-- a > b -->\n"
        '<div style="display:none">A &amp; B</div><style>x</style><h1>The <i>Brief</i></h1></body>'
    )
    assert first_words(page) == "A & B The Brief"


def test_only_as_many_words_as_an_inbox_shows_are_taken() -> None:
    assert first_words(f"<body><p>{'word ' * 90}</p>") == "word " * 40
