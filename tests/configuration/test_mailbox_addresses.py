"""Where a mailbox is, as settings name it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.configuration.mailbox_addresses import (
    ImapFolder,
    LocalMailbox,
    parse,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "imaps://leave%40example.org@mail.example.org/INBOX",
            ImapFolder("leave@example.org", "mail.example.org"),
        ),
        (
            "imaps://leave@mail.example.org",
            ImapFolder("leave", "mail.example.org"),
        ),
        (
            "imaps://leave@MAIL.example.org:1993/Returned%20mail/2026",
            ImapFolder("leave", "mail.example.org", 1993, "Returned mail/2026"),
        ),
        (
            "imaps://leave@example.org@mail.example.org",
            ImapFolder("leave@example.org", "mail.example.org"),
        ),
        ("imaps://u@[::1]/", ImapFolder("u", "::1")),
        ("/var/mail/leave", LocalMailbox("/var/mail/leave")),
        ("~/Maildir", LocalMailbox("~/Maildir")),
    ],
)
def test_what_is_understood(
    text: str, expected: ImapFolder | LocalMailbox
) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("imap://leave@mail.example.org/INBOX", "must begin with imaps://"),
        ("imaps://leave:secret@mail.example.org", "must not contain the pass"),
        ("https://leave@mail.example.org", "must look like"),
        ("imaps://mail.example.org/INBOX", "must look like"),
        ("imaps://leave@/INBOX", "must look like"),
        ("imaps://leave@mail.example.org:0/INBOX", "must look like"),
        ("imaps://leave@mail.example.org:99999/INBOX", "must look like"),
        ("imaps://leave@mail.example.org/INBOX?x", "must look like"),
        ("imaps://leave@mail.example.org/IN%0D%0ABOX", "must look like"),
        ("imaps://leave@[mail.example.org/INBOX", "must look like"),
        ("a\nb", "must look like"),
        ("", "must look like"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as error:
        parse(text)
    assert "secret" not in str(error.value)
    if text:
        assert text not in str(error.value)


@given(st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        parse(text)
    except ValueError as error:
        assert str(error)[:4] == "must"  # noqa: PT017  # either is right


def test_the_user_isnt_shown() -> None:
    assert "leave" not in repr(parse("imaps://leave@mail.example.org"))
