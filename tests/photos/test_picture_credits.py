"""The credit in a picture's own metadata."""

import re
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from briefing.photos.picture_credits import LONGEST_CREDIT, credit_in
from tests.photos.test_opened_photos import bytes_of, halves


def with_iptc(data: bytes, **fields: str | bytes) -> bytes:
    """Add fields of IPTC record 2 to a JPEG, by their numbers: `_110="…"`."""
    block = b""
    for name, value in fields.items():
        raw = value.encode() if isinstance(value, str) else value
        block += (
            b"\x1c\x02"
            + bytes([int(name[1:])])
            + struct.pack(">H", len(raw))
            + raw
        )
    block += b"\0" * (len(block) % 2)
    segment = (
        b"Photoshop 3.0\x008BIM\x04\x04\0\0"
        + struct.pack(">I", len(block))
        + block
    )
    return (
        data[:2]
        + b"\xff\xed"
        + struct.pack(">H", len(segment) + 2)
        + segment
        + data[2:]
    )


def with_exif(**tags: str) -> bytes:
    notes = Image.Exif()
    for name, value in tags.items():
        notes[{"copyright": 33432, "artist": 315}[name]] = value
    return bytes_of(halves(), "JPEG", exif=notes)


def with_xmp(text: str) -> bytes:
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{text}</rdf:RDF></x:xmpmeta>'
    return bytes_of(halves(), "JPEG", xmp=packet.encode())


PLAIN = bytes_of(halves(), "JPEG")


class TestCredit:
    @pytest.mark.parametrize(
        ("data", "credit"),
        [
            (
                with_iptc(
                    PLAIN,
                    _110="Jo Doe/Harbour Agency",
                    _116="© 2020",
                    _80="Jo Doe",
                ),
                "Jo Doe/Harbour Agency",
            ),
            (
                with_iptc(PLAIN, _116="© 2020 Harbour Agency", _80="Jo Doe"),
                "© 2020 Harbour Agency",
            ),
            (with_iptc(PLAIN, _80="Jo Doe"), "Jo Doe"),
            (with_iptc(PLAIN, _80="ئايگۈل"), "ئايگۈل"),
            (
                with_xmp('<rdf:Description photoshop:Credit="Jo &amp; Ann"/>'),
                "Jo & Ann",
            ),
            (with_xmp("<photoshop:Credit>Jo Doe</photoshop:Credit>"), "Jo Doe"),
            (
                with_xmp(
                    '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Jo</rdf:li></rdf:Alt></dc:rights>'
                ),
                "© Jo",
            ),
            (
                with_xmp(
                    "<dc:creator>\n<rdf:Seq>\n<rdf:li>Jo Doe</rdf:li></rdf:Seq></dc:creator>"
                ),
                "Jo Doe",
            ),
            (
                with_exif(copyright="Harbour Agency", artist="Jo Doe"),
                "Harbour Agency",
            ),
            (with_exif(artist="Jo Doe"), "Jo Doe"),
            (with_iptc(with_exif(artist="EXIF"), _80="IPTC"), "IPTC"),
        ],
    )
    def test_it_is_the_first_credit_in_the_file(
        self, data: bytes, credit: str
    ) -> None:
        assert credit_in(data) == credit

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "JPEG"])
    def test_a_file_without_a_credit_has_none(self, kind: str) -> None:
        assert credit_in(bytes_of(halves(), kind)) == ""

    def test_it_is_one_line_of_limited_length(self) -> None:
        assert credit_in(with_iptc(PLAIN, _110="  Jo\r\n\tDoe\0 ")) == "Jo Doe"
        assert (
            credit_in(with_iptc(PLAIN, _110="x" * 5000)) == "x" * LONGEST_CREDIT
        )

    @pytest.mark.parametrize("trap", ["<dc:creator>", "<dc:creator "])
    def test_a_packet_of_megabytes_takes_no_time(self, trap: str) -> None:
        assert credit_in(with_xmp(trap * 5_000)) == ""

    def test_it_cannot_steer_a_terminal(self) -> None:
        credit = credit_in(
            with_iptc(PLAIN, _110="Jo\x1b[31m \x9b31m \u202eeoD\u202c")
        )
        assert not re.search(
            "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", credit
        )

    def test_undecodable_bytes_are_replaced(self) -> None:
        assert credit_in(with_iptc(PLAIN, _110=b"\xa9 Jo")) == "\ufffd Jo"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"GIF89a",
            b"<svg/>",
            PLAIN[:20],
            with_iptc(PLAIN, _110="Jo")[:60],
        ],
    )
    def test_a_file_that_is_not_a_picture_has_no_credit(
        self, data: bytes
    ) -> None:
        assert credit_in(data) == ""

    @given(st.data())
    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def test_damaged_metadata_raises_nothing(self, data: st.DataObject) -> None:
        whole = data.draw(
            st.sampled_from(
                [
                    with_iptc(
                        with_exif(copyright="Jo", artist="Ann"),
                        _110="Jo",
                        _80="Ann",
                    ),
                    with_xmp('<rdf:Description photoshop:Credit="Jo"/>'),
                ]
            )
        )
        damaged = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 6))):
            damaged[data.draw(st.integers(0, min(len(whole), 300) - 1))] = (
                data.draw(st.integers(0, 255))
            )
        assert (
            len(
                credit_in(
                    bytes(damaged[: data.draw(st.integers(20, len(whole)))])
                )
            )
            <= LONGEST_CREDIT
        )
