"""Fields and encoded words of a foreign header."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.header_fields import decode_words, read_moment, split_fields


def test_a_field_goes_on_in_indented_lines() -> None:
    head = b"To: a,\r\n\tb\r\n c\r\nSUBJECT : d"
    assert list(split_fields(head)) == [
        ("to", [b" a,", b"\tb", b" c"]),
        ("subject", [b" d"]),
    ]


def test_what_is_not_a_field_is_left_out() -> None:
    head = b" x\nFrom ada@example.org\n>From b\n\nTo: c\n: d\nAn: \xff"
    assert list(split_fields(head)) == [("to", [b" c"]), ("an", [b" \xff"])]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?caf=C3=A9_x?= and", "café x and"),
        ("=?ISO-8859-1?Q?caf=E9?=, =?utf-8*fr?b?w6k=?=", "café, é"),
        ("=?utf-8?b?w6k?=", "é"),
        ("=?koi8-r?b?5MHM?=", "Дал"),
        ("=?x?q?a?= =?y?q?b?=\t=?y?q?c?=", "abc"),
        ("=?utf-8?q?=C3?= =?UTF-8?b?qQ==?=", "é"),
        ("=?utf-8?b?A?=", "=?utf-8?b?A?="),
        ("=?utf-8?b?not base64?=", "=?utf-8?b?not base64?="),
        ("=?unknown-9?q?x?=", "x"),
        ("=?", "=?"),
    ],
)
def test_encoded_words(value: str, expected: str) -> None:
    assert decode_words(value) == expected


@given(st.text(alphabet="=?utf-8qbB5 \t\xff", max_size=60))
def test_any_value_is_decoded_to_what_can_be_written(value: str) -> None:
    assert isinstance(decode_words(value).encode(), bytes)


@given(st.binary(max_size=300))
def test_any_bytes_have_fields(head: bytes) -> None:
    for name, _ in split_fields(head):
        assert name == name.lower()


@pytest.mark.parametrize(
    "field",
    [
        "",
        "yesterday",
        "Fri, 32 Nov 2026 10:00:00 +0000",
        f"Fri, 20 Nov {'9' * 20} 10:00:00 +0000",
        f"Fri, 20 Nov 2026 10:00:00 +{'9' * 20}",
    ],
)
def test_a_date_that_makes_no_sense_is_none(field: str) -> None:
    assert read_moment(field) is None


def test_the_moment_of_an_email() -> None:
    found = read_moment("Fri, 20 Nov 2026 10:00:00 +0000")
    assert found == dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
