"""Header fields: any text makes exactly one field."""

import email
import email.policy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.configuration.values import NamedAddress
from briefing.mail import headers

INJECTIONS = [
    "Hi\r\nBcc: x@evil.example",
    "Hi\nBcc: x@evil.example",
    "Hi\rBcc: x@evil.example",
    "Hi\r\n\r\n<script>",
    "Hi\u2028Bcc: x@evil.example",
    "Hi\u2029\x85\x0b\x0cthere",
    "=?utf-8?q?Hi=0ABcc:_x@evil.example?=",
    "=?utf-8?b?SGkKQmNjOiB4QGV2aWwuZXhhbXBsZQ==?=",
    "a =?utf-8?q?b=0D=0AX-Y:_z?= c",
    "NUL \0 and \x1b[31m escape",
    '"quoted" <x@evil.example>, "y',
    "back\\slash",
    "(comment) x@evil.example;",
]
KEPT = [
    "ئۇيغۇرچە",
    "བོད་",
    "维吾尔",
    "😀👩‍👧",
    "Zoë Müller",
    "İlkay Şen",
    "a" * 200,
    "word " * 45,
]


def field(raw: bytes) -> str:
    """Return the value of the only field in `raw`."""
    message = email.message_from_bytes(
        raw + b"\r\n", policy=email.policy.default
    )
    (name,) = message.keys()
    return str(message[name])


texts = st.one_of(st.sampled_from([*INJECTIONS, *KEPT]), st.text(max_size=300))


class TestField:
    @pytest.mark.parametrize("text", INJECTIONS)
    def test_a_title_cannot_inject_another_field(self, text: str) -> None:
        raw = headers.field("Subject", text)
        assert raw.endswith(b"\r\n")
        assert not re.search(rb"\r\n(?! )", raw[:-2])
        assert field(raw) == headers.clean(text)

    @pytest.mark.parametrize("text", KEPT)
    def test_every_script_arrives_unchanged(self, text: str) -> None:
        assert field(headers.field("Subject", text)) == " ".join(text.split())

    @given(texts)
    def test_any_text_becomes_one_ascii_field_in_short_lines(
        self, text: str
    ) -> None:
        raw = headers.field("Subject", text)
        assert raw.isascii()
        assert all(
            len(line) <= 78 or b" " not in line.strip()
            for line in raw.split(b"\r\n")
        )
        assert field(raw) == headers.clean(text)
        assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", raw))

    def test_a_subject_of_ten_thousand_characters_is_cut_with_an_ellipsis(
        self,
    ) -> None:
        assert headers.clean("x" * 10_000) == "x" * 249 + "…"
        assert headers.clean("x" * 251) == "x" * 249 + "…"
        assert headers.clean("x" * 250) == "x" * 250

    @pytest.mark.parametrize(
        "character", ["\udcff", "\x00", "\x85", "\u2028", "\u2029"]
    )
    def test_what_cannot_be_in_a_field_becomes_a_space(
        self, character: str
    ) -> None:
        assert headers.one_line(f"ä{character}{character}b") == "ä b"

    def test_a_line_has_up_to_76_columns(self) -> None:
        words = "word " * 12 + "words"
        assert (
            headers.field("Subjects", words + "!")
            == f"Subjects: {words}!\r\n".encode()
        )
        longer = headers.field("Subjects", words + "!!")
        assert (
            longer
            == f"Subjects: {words.removesuffix(' words')}\r\n words!!\r\n".encode()
        )


class TestNamedAddress:
    @given(texts)
    def test_no_name_adds_another_address(self, name: str) -> None:
        raw = headers.named_address(
            "To", NamedAddress(name, "reader@example.org")
        )
        message = email.message_from_bytes(
            raw + b"\r\n", policy=email.policy.default
        )
        assert message.keys() == ["To"]
        (address,) = message["To"].addresses
        assert (address.username, address.domain) == ("reader", "example.org")
        # Python's parser puts a space between the encoded words of one name, which RFC 2047 (6.2)
        # takes out.
        assert "".join(address.display_name.split()) == "".join(
            headers.clean(name).split()
        )

    def test_an_address_without_a_name_is_the_bare_address(self) -> None:
        assert (
            headers.named_address("To", NamedAddress("", "a@example.org"))
            == b"To: a@example.org\r\n"
        )

    def test_a_plain_name_stays_readable(self) -> None:
        assert (
            headers.named_address(
                "To", NamedAddress("Ann Lee", "a@example.org")
            )
            == b"To: Ann Lee <a@example.org>\r\n"
        )

    def test_a_name_with_a_comma_is_quoted(self) -> None:
        assert (
            headers.named_address(
                "To", NamedAddress("Lee, Ann", "a@example.org")
            )
            == b'To: "Lee, Ann" <a@example.org>\r\n'
        )


class TestFolded:
    def test_long_addresses_stay_whole_and_unencoded(self) -> None:
        ways = [
            f"<https://example.org/u/{'t' * 90}>",
            f"<mailto:leave@example.org?subject={'t' * 60}>",
        ]
        assert headers.folded("List-Unsubscribe", ways) == (
            f"List-Unsubscribe: {ways[0]},\r\n {ways[1]}\r\n".encode()
        )
