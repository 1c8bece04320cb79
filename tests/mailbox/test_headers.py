"""The header of an email that anyone can have sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.mailbox.headers import LARGEST, Header


def test_fields_are_unfolded_and_found_in_any_case() -> None:
    header = Header.of(
        b"Received: from a\r\n\tby b\r\nRECEIVED:by c\r\nX : y\r\n\r\nTo: text"
    )
    assert header.all("received") == ["from a\tby b", "by c"]
    assert header.first("x") == "y"
    assert header.first("To") == ""


def test_the_line_of_an_mbox_and_other_lines_are_not_fields() -> None:
    mail = b"From ada@example.org Fri Nov 20\n>From here\nSubject: one\n\n"
    assert Header.of(mail).pairs == (("subject", "one"),)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?q?caf=C3=A9?= and", "café and"),
        ("Отписаться".encode(), "Отписаться"),
        (b"=?utf-8?b?not base64?=", "=?utf-8?b?not base64?="),
        (b"caf=?utf-8?q?=C3=A9?=\r\n\tand", "café and"),
        (b"\xff", "\ufffd"),
    ],
)
def test_subject(field: bytes, expected: str) -> None:
    assert Header.of(b"Subject: " + field + b"\r\n\r\n").subject == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("From: Ada <Ada@Example.org>", "ada@example.org"),
        ("From: ada@example.org", "ada@example.org"),
        ('From: "eve@example.net" <ada@example.org>', "ada@example.org"),
        ("From: =?utf-8?q?Ada?= <ada@example.org>", "ada@example.org"),
        ("From: ada@example.org, eve@example.net", ""),
        ("From: ada@example.org\r\nFrom: eve@example.net", ""),
        ("Sender: ada@example.org", ""),
        ("From: Ada", ""),
        ("From: <ada@example.org> <eve@example.net>", ""),
        ("From:", ""),
        (f"From: {'(' * 2000}", ""),
    ],
)
def test_the_only_sender(fields: str, expected: str) -> None:
    assert Header.of(fields.encode() + b"\r\n\r\n").sender == expected


def test_an_endless_header_is_cut() -> None:
    header = Header.of(b"Subject: one\r\n" + b"X: y\r\n" * LARGEST)
    assert header.subject == "one"
    assert len(header.pairs) < LARGEST


@given(st.binary(max_size=300))
def test_any_bytes_have_a_header(data: bytes) -> None:
    header = Header.of(data)
    assert isinstance(header.subject, str)
    assert isinstance(header.sender, str)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\r\n"])
def test_the_header_ends_at_the_first_empty_line(end: bytes) -> None:
    mail = end.join([b"From: ada@example.org", b"", b"From: eve@example.net"])
    assert Header.of(mail).sender == "ada@example.org"
