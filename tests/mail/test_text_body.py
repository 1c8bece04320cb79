"""The bodies of text parts, decoded by Python's own library: any text and any value arrive, in lines that
every server takes.
"""

import base64
import html
import quopri
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.mail.headers import one_line
from briefing.mail.text_body import (
    Base64,
    QuotedPrintable,
    TextBody,
    encode,
)
from briefing.rendering.rendered import Slot, Slotted
from tests.mail.test_headers import texts

ENGLISH = "The court has opened the files of the last three years.\n" * 20
UYGHUR = "سوت ئاخىرقى ئۈچ يىللىق ئارخىپلارنى ئاچتى.\n" * 20
CHINESE = "法院公开了最近三年的档案。\n" * 20
GERMAN = "Das Gericht hat die Akten der letzten drei Jahre geöffnet.\n" * 20

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64decode,
    "quoted-printable": quopri.decodestring,
}

literals = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")
)
slots = st.builds(Slot, st.sampled_from(["name", "city", "url"]), texts)
slotted = st.lists(st.tuples(literals, slots), max_size=4).map(
    lambda pairs: Slotted(tuple(chain(*pairs)))
)
columns = st.dictionaries(st.sampled_from(["name", "city", "url"]), texts)


def decoded(body: TextBody, values: dict[str, str]) -> str:
    data = DECODERS[body.encoding](b"".join(body.pieces(values)))
    return data.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("kind", [Base64, QuotedPrintable])
class TestBoth:
    @given(text=slotted, values=columns)
    @example(text=Slotted(("a", Slot("name", " b  c"))), values={})
    def test_a_text_arrives_with_each_value_on_one_line(
        self,
        kind: Callable[..., TextBody],
        text: Slotted,
        values: dict[str, str],
    ) -> None:
        body = kind(text, html.escape)
        expected = text.filled(
            values, lambda value: one_line(html.escape(value))
        )
        unwrapped = " ".join(expected.split())
        assert " ".join(decoded(body, values).split()) == unwrapped

    @given(text=slotted, values=columns)
    def test_its_lines_are_those_that_every_server_takes(
        self,
        kind: Callable[..., TextBody],
        text: Slotted,
        values: dict[str, str],
    ) -> None:
        data = b"".join(kind(text, str).pieces(values))
        assert data.isascii()
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert b"\r" not in data.replace(b"\r\n", b"")
        for line in data.split(b"\r\n"):
            assert len(line) <= 76
            assert not line.startswith(b".")

    @pytest.mark.parametrize("length", range(7))
    def test_texts_of_every_length_fit_together(
        self, kind: Callable[..., TextBody], length: int
    ) -> None:
        """Base64 encodes three bytes together, so each length is a case of its own."""
        values = {"a": "x" * length, "c": "é" * length}
        for between in range(70):
            text = Slotted(
                ("é" * 40, Slot("a"), "b" * between, Slot("c"), "." * 80)
            )
            body = kind(text, str)
            assert decoded(body, values) == text.filled(values), between


class TestChoice:
    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            (ENGLISH, "quoted-printable"),
            (GERMAN, "quoted-printable"),
            (UYGHUR, "base64"),
            (CHINESE, "base64"),
            ("", "quoted-printable"),
            (f"Dear {UYGHUR[:5]},\n{ENGLISH}", "quoted-printable"),
            (f"<p style='margin:0'>{UYGHUR}</p>", "base64"),
        ],
    )
    def test_a_text_gets_the_encoding_that_makes_it_shorter(
        self, text: str, encoding: str
    ) -> None:
        body = encode(Slotted((text, Slot("name"), "\n")), str)
        assert body.encoding == encoding

    def test_without_much_gain_it_stays_legible(self) -> None:
        """Spam filters count a text in base64 without need."""
        text = Slotted(
            ("Dear ", Slot("name"), ",\n\nText = é.\n\n", Slot("url"))
        )
        assert encode(text, str).encoding == "quoted-printable"

    def test_base64_is_a_third_longer_than_the_text(self) -> None:
        length = sum(map(len, Base64(Slotted((UYGHUR,)), str).pieces({})))
        assert length / len(UYGHUR.encode()) == pytest.approx(4 / 3, abs=0.1)
