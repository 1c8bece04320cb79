"""Bytes from anywhere become the text that their author saw, whatever encoding they claim to be in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.decoding import (
    declared_in_content_type,
    declared_in_markup,
    decode,
    decode_text_file,
    text_file_codec,
)

UNDECODABLE = b"\x81\x8d"
"""Neither UTF-8 nor Windows-1252."""


class TestDeclaredEncodings:
    @pytest.mark.parametrize(
        ("declared", "encoding", "text"),
        [
            ("windows-1254", "cp1254", "Şair İstanbul’da"),
            ("iso-8859-9", "cp1254", "Şair “İstanbul”"),
            ("iso-8859-1", "cp1252", "“Größe” – naïve"),
            ("gb2312", "gb18030", "中国新疆的图书馆"),
            ("Shift_JIS", "cp932", "図書館を閉鎖"),
            ("euc-kr", "cp949", "도서관 폐쇄"),
            ("windows-1251", "cp1251", "Библиотека закрыта"),
            ("iso-2022-jp", "iso2022_jp", "図書館を閉鎖"),
            ("hz-gb-2312", "hz", "中国新疆的图书馆"),
        ],
    )
    def test_text_that_is_not_utf_8_is_decoded_as_declared(
        self, declared: str, encoding: str, text: str
    ) -> None:
        assert decode(text.encode(encoding), declared) == text
        assert decode(text.encode(encoding), f' "{declared}" ') == text

    def test_a_7_bit_encoding_counts_only_with_its_escape_sequences(
        self,
    ) -> None:
        assert decode("Größe".encode(), "iso-2022-jp") == "Größe"
        assert decode("Größe".encode("cp1252"), "hz") == "Größe"

    def test_the_first_declaration_that_fits_wins(self) -> None:
        data = "Библиотека закрыта".encode("cp1251")
        assert (
            decode(data, "no-such-charset", "windows-1251", "iso-8859-1")
            == "Библиотека закрыта"
        )
        assert (
            decode("図書館".encode("cp932"), "euc-kr", "shift_jis") == "図書館"
        )

    def test_valid_utf_8_outranks_every_declaration(self) -> None:
        assert (
            decode("Gülbahar – قەشقەر".encode(), "windows-1252", "iso-8859-1")
            == "Gülbahar – قەشقەر"
        )

    def test_a_few_undecodable_bytes_do_not_disqualify_the_declared_encoding(
        self,
    ) -> None:
        data = "図書館を閉鎖しました".encode("cp932") + b"\x81"
        assert decode(data, "shift_jis") == "図書館を閉鎖しました\ufffd"

    @pytest.mark.parametrize(
        "declared",
        [
            "no-such-charset",
            "utf-7",
            "hex",
            "rot13",
            "\0",
            "x" * 5000,
            "unicode_escape",
            "utf-16",
            "",
        ],
    )
    def test_unknown_and_dangerous_declarations_are_ignored(
        self, declared: str
    ) -> None:
        assert decode("Gülbahar".encode(), declared) == "Gülbahar"
        assert decode("Gülbahar".encode("cp1252"), declared) == "Gülbahar"
        assert decode(b"+ADw-script+AD4-", declared) == "+ADw-script+AD4-"


class TestByteOrderMarks:
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
    def test_a_byte_order_mark_outranks_everything_and_is_removed(
        self, encoding: str
    ) -> None:
        assert decode("<p>Şair".encode(encoding), "windows-1252") == "<p>Şair"

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_without_a_mark_is_recognised_in_markup(
        self, encoding: str
    ) -> None:
        assert decode("<p>Şair ve kitap".encode(encoding)) == "<p>Şair ve kitap"
        korean = "<html><body><p>도서관 폐쇄</p></body></html>"  # U+AD00 has a zero byte on the other side
        assert decode(korean.encode(encoding)) == korean
        assert decode(
            "<?xml version='1.0'?><a>图书馆</a>".encode(encoding)
        ).endswith("<a>图书馆</a>")


class TestDamage:
    def test_mostly_valid_utf_8_stays_utf_8(self) -> None:
        data = "Gülbahar, Şair, Çiçek".encode() + b"\xc3"
        assert decode(data, "windows-1252") == "Gülbahar, Şair, Çiçek\ufffd"

    def test_text_with_as_many_broken_characters_as_valid_ones_is_not_utf_8(
        self,
    ) -> None:
        assert decode("ü".encode() + b"\xe4") == "Ã¼ä"

    def test_zero_bytes_are_dropped_and_line_ends_are_unified(self) -> None:
        assert decode(b"a\0b\r\nc\rd\ne") == "ab\nc\nd\ne"


class TestUndeclaredText:
    def test_it_is_windows_1252_or_its_turkish_sister(self) -> None:
        assert decode("“Größe” – naïve".encode("cp1252")) == "“Größe” – naïve"
        assert decode("“Şırnak” – İğdır".encode("cp1254")) == "“Şırnak” – İğdır"

    def test_the_encoding_of_a_long_text_can_be_guessed(self) -> None:
        text = (
            "Библиотека на улице Садовой закрыта до конца ноября. Читатели просят вернуть книги. "
            * 5
        )
        assert decode(text.encode("cp1251"), guess=True) == text


@given(st.binary(), st.text(max_size=20), st.booleans())
def test_any_bytes_become_text(data: bytes, declared: str, guess: bool) -> None:
    assert "\0" not in decode(data, declared, guess=guess)


class TestDeclarations:
    @pytest.mark.parametrize(
        ("markup", "declared"),
        [
            (b"<meta charset=utf-8>", "utf-8"),
            (
                b'<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-9">',
                "ISO-8859-9",
            ),
            (b"<?xml version='1.0' encoding='gb18030'?>", "gb18030"),
            ('<meta charset="utf-16">'.encode("utf-16-le"), "utf-16"),
            (b"<p>charset=utf-8", ""),
            (b" " * 9000 + b"<meta charset=utf-8>", ""),
        ],
    )
    def test_markup_declares_its_encoding_in_its_first_lines(
        self, markup: bytes, declared: str
    ) -> None:
        assert declared_in_markup(markup) == declared

    @pytest.mark.parametrize(
        ("field", "declared"),
        [
            ('text/html; Charset="utf-8"', "utf-8"),
            ("text/xml;charset=x-y", "x-y"),
            ("text/html", ""),
            ("", ""),
        ],
    )
    def test_a_content_type_declares_it_in_a_parameter(
        self, field: str, declared: str
    ) -> None:
        assert declared_in_content_type(field) == declared


class TestTextFiles:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
    )
    def test_they_are_read_in_the_encodings_that_programs_save(
        self, encoding: str
    ) -> None:
        assert (
            decode_text_file("“Größe” – naïve\r\n".encode(encoding))
            == "“Größe” – naïve\n"
        )

    def test_damaged_utf_8_is_not_mistaken_for_windows_1252(self) -> None:
        damaged = "José, Çağlar".encode() + b"\xc3"
        assert text_file_codec(damaged) == "utf-8-sig"
        assert decode_text_file(damaged) == "José, Çağlar\ufffd"

    def test_binary_data_is_refused(self) -> None:
        with pytest.raises(UnicodeDecodeError):
            decode_text_file(UNDECODABLE)
        assert decode(UNDECODABLE) == "\ufffd\ufffd"
