"""What a person wrote in an email."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.own_words import LONGEST_WORDS, own_words
from briefing.errors import BriefingError

MIRA = "mira@example.org"
LINK = "https://www.example.com/news/ferry"


def words_of(text: str, kind: str = "text/plain") -> str:
    mail = f"From: x@example.org\nDate: x\nContent-Type: {kind}; charset=utf-8\n\n{text}"
    return own_words(mail.encode(), MIRA)


def test_links_arent_words() -> None:
    assert words_of(f"Two for Friday:\n{LINK}\nand {LINK}") == (
        "Two for Friday: and"
    )
    page = f'<p>See <a href="{LINK}">this</a>.</p>'
    assert words_of(page, "text/html") == "See this."


@pytest.mark.parametrize(
    "below",
    [
        "-- \nMira\nhttps://example.org",
        "Mail: Mira@Example.org.",
        "Begin forwarded message:\n\nFrom: Jo <jo@example.net>\nTo: mira@example.org\n\nLook",
        "Sent from my iPhone",
        "Sent with Proton Mail secure email.",
        "Get Outlook for iOS",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für Android",
        "iPhone'umdan gönderildi",
        "从我的iPhone发送",
        "发自我的 iPhone",
    ],
)
def test_what_stands_below_isnt_said_by_them(below: str) -> None:
    assert words_of(f"Stop\n\n{below}\n") == "Stop"


def test_a_sentence_about_sending_is_said_by_a_person() -> None:
    text = "The letter was sent from my office."
    assert words_of(text) == text


def test_long_words_are_cut_and_long_texts_left_out() -> None:
    assert len(words_of("a" * 600)) == LONGEST_WORDS
    assert words_of("The ferry runs again from Monday on. " * 10) == ""
    assert words_of("\n".join(f"{LINK}/{number}" for number in range(30))) == ""


def test_an_attached_email_isnt_their_own_text() -> None:
    mail = (
        "--x\n\nStop.\n--x\nContent-Type: message/rfc822\n\n"
        "Subject: y\nDate: x\n\nAnother text.\n--x--\n"
    )
    assert words_of(mail, "multipart/mixed; boundary=x") == "Stop."


def test_without_a_sender_everything_stays() -> None:
    mail = b"Date: x\nMIME-Version: 1.0\n\nunsubscribe\n---\n> quoted"
    assert own_words(mail, "").startswith("unsubscribe")


@given(st.binary(max_size=400))
def test_any_bytes_are_understood_or_refused(data: bytes) -> None:
    try:
        own_words(data, MIRA)
    except BriefingError as error:
        assert str(error)  # noqa: PT017  # either is right
