"""Readers as an editor names them."""

import pytest

from briefing.errors import FileError, RefusedError
from briefing.subscribers.named_reader import (
    NamedReader,
    entries_in,
    parse_entries,
    parse_move,
    parse_reader,
)

STRANGER = "0123456789abcdef0123456789abcd"
ANN, BOB = (
    NamedReader(identity=f"{name}@example.org") for name in ("ann", "bob")
)


class TestNaming:
    @pytest.mark.parametrize(
        ("text", "reader"),
        [
            ("ann@example.org", ANN),
            ("mailto:ANN@Example.org?subject=hello", ANN),
            (STRANGER.upper(), NamedReader(token=STRANGER)),
            (
                f"mailto:leave@example.org?subject={STRANGER}",
                NamedReader(token=STRANGER),
            ),
            (
                f"{STRANGER}@example.org",
                NamedReader(identity=f"{STRANGER}@example.org"),
            ),
            (
                f"Subject: {STRANGER}, {STRANGER.upper()}",
                NamedReader(token=STRANGER),
            ),
        ],
    )
    def test_a_reader_is_an_address_or_a_token(
        self, text: str, reader: NamedReader
    ) -> None:
        assert parse_reader(text) == reader

    def test_an_unusable_entry_is_named_by_its_place(self) -> None:
        entries = {"entry 1": "ann@example.org", "entry 2": STRANGER}
        assert parse_entries(entries, parse_reader) == {
            "entry 1": ANN,
            "entry 2": NamedReader(token=STRANGER),
        }
        with pytest.raises(
            RefusedError,
            match=r"^entry 1: this is neither a token .* nor an address .*; nothing was changed$",
        ):
            parse_entries({"entry 1": "ann"}, parse_reader)

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_a_file_has_one_reader_per_line(
        self, newline: str, mark: bytes
    ) -> None:
        text = newline.join(
            [
                "ann@example.org",
                "",
                "  # a remark about bob@example.org",
                STRANGER,
                "",
            ]
        )
        assert entries_in(mark + text.encode(), "left.txt") == {
            "left.txt, line 1": "ann@example.org\n",
            "left.txt, line 4": f"{STRANGER}\n",
        }

    def test_a_file_in_another_encoding_is_refused_with_the_line(self) -> None:
        data = b"ann@example.org\nzo\xeb@example.org\n"
        with pytest.raises(FileError) as caught:
            entries_in(data, "left.txt")
        assert caught.value.line == 2

    @pytest.mark.parametrize(
        "text",
        [
            "ann@example.org bob@example.org",
            " ann@example.org\tBOB@example.org\n",
            "ann@example.org, bob@example.org",
            "ann@example.org;bob@example.org",
            "ann@example.org -> bob@example.org",
            "ann@example.org→bob@example.org",
        ],
    )
    def test_a_move_has_an_old_and_a_new_address(self, text: str) -> None:
        reader, address = parse_move(text)
        assert (reader, address.lower()) == (ANN, BOB.identity)

    def test_the_old_one_can_be_a_token(self) -> None:
        assert parse_move(f"{STRANGER} bob@example.org") == (
            NamedReader(token=STRANGER),
            "bob@example.org",
        )

    @pytest.mark.parametrize(
        "text",
        [
            "ann@example.org",
            "ann@example.org bob@example.org cid@example.org",
            "ann@example.org bob",
            f"ann@example.org {STRANGER}",
        ],
    )
    def test_anything_else_is_not_a_move(self, text: str) -> None:
        with pytest.raises(ValueError, match="address") as caught:
            parse_move(text)
        assert "@e" not in str(caught.value)

    def test_a_repr_shows_no_one(self) -> None:
        assert "@" not in repr(ANN)
