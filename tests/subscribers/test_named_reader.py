"""Readers as an editor names them."""

from pathlib import Path

import pytest

from briefing.errors import FileError, RefusedError
from briefing.subscribers.named_reader import (
    NamedMove,
    NamedReader,
    NewReader,
    parse_arguments,
    parse_file,
    parse_move,
    parse_new,
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

    def test_arguments_are_counted_from_one(self) -> None:
        assert parse_arguments(["ann@example.org", STRANGER], parse_reader) == [
            ANN,
            NamedReader(token=STRANGER),
        ]
        with pytest.raises(
            RefusedError,
            match=r"^entry 2 is neither a token .* nor an address .*; nothing was changed$",
        ):
            parse_arguments(["ann@example.org", "ann"], parse_reader)

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
        assert parse_file(mark + text.encode(), "left.txt", parse_reader) == [
            ANN,
            NamedReader(token=STRANGER),
        ]

    def test_an_empty_file_names_no_one(self) -> None:
        assert parse_file(b"", "left.txt", parse_reader) == []

    @pytest.mark.parametrize(
        ("data", "line"),
        [
            (b"ann@example.org\n\nann\n", 3),
            (b"ann@example.org\nzo\xeb@example.org\n", 2),
        ],
    )
    def test_a_line_that_is_unusable_is_named(
        self, data: bytes, line: int
    ) -> None:
        with pytest.raises(
            FileError, match=r"; nothing was changed$"
        ) as caught:
            parse_file(data, "left.txt", parse_reader)
        assert (caught.value.line, caught.value.path) == (
            line,
            Path("left.txt"),
        )

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
        move = parse_move(text)
        assert (move.reader, move.identity) == (ANN, BOB.identity)

    def test_the_old_one_can_be_a_token(self) -> None:
        assert parse_move(f"{STRANGER} bob@example.org") == NamedMove(
            NamedReader(token=STRANGER), "bob@example.org"
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

    def test_a_new_reader_keeps_the_spelling(self) -> None:
        assert parse_new("Ann@Example.org") == NewReader("Ann@example.org")

    def test_a_repr_shows_no_one(self) -> None:
        named = [
            ANN,
            parse_new("ann@example.org"),
            parse_move("ann@example.org bob@example.org"),
        ]
        assert "@" not in repr(named)
