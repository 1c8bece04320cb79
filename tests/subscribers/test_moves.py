"""The links in old emails work after a reader's address changed."""

import datetime as dt
from pathlib import Path

import pytest

from briefing.errors import FileError
from briefing.subscribers.moves import Moves, TokenMove

DAY = dt.date(2020, 10, 9)
A, B, C, X = ("a" * 30, "b" * 30, "c" * 30, "d" * 30)


@pytest.fixture
def moves(tmp_path: Path) -> Moves:
    return Moves(tmp_path / ".briefing" / "moves.csv")


def add(moves: Moves, *pairs: tuple[str, str]) -> None:
    moves.add([TokenMove(old, new) for old, new in pairs], DAY)


def test_without_a_move_a_token_is_the_current_one(moves: Moves) -> None:
    assert moves.current(A) == A
    assert moves.tokens_of(A) == [A]
    assert not moves.path.exists()


def test_a_reader_can_move_several_times(moves: Moves) -> None:
    add(moves, (A, B))
    add(moves, (B, C))
    assert [moves.current(token) for token in (A, B, C)] == [C, C, C]
    assert set(moves.tokens_of(B)) == {A, B, C}
    assert moves.current_tokens() == {A: C, B: C}


def test_and_back_again(moves: Moves) -> None:
    add(moves, (A, B), (B, A))
    assert [moves.current(token) for token in (A, B)] == [A, A]


def test_an_address_that_was_left_can_get_another_reader(moves: Moves) -> None:
    add(moves, (A, B), (A, A))
    assert (moves.current(A), moves.tokens_of(B)) == (A, [B])
    add(moves, (X, A))
    assert (moves.current(X), moves.current(A)) == (A, A)


def test_the_file_has_tokens_and_days_and_is_private(moves: Moves) -> None:
    add(moves, (A, B))
    assert moves.path.read_text("ascii") == (
        f"old,new,date\n{A},{B},2020-10-09\n"
    )
    assert moves.path.stat().st_mode & 0o777 == 0o600


def test_a_move_is_recorded_once(moves: Moves) -> None:
    add(moves, (A, B), (C, C))
    before = moves.path.read_bytes()
    add(moves, (A, B), (C, C))
    assert moves.path.read_bytes() == before


def test_what_others_record_is_read_again(moves: Moves) -> None:
    add(Moves(moves.path), (A, B))
    assert moves.current(A) == A
    moves.refresh()
    assert moves.current(A) == B


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f"{A},{B},2020-10-09\n", None),
        (f"old,new,date\n{A},{B},2020-10-09", None),
        ("old,new,date\nfoo\n", 2),
        (f"old,new,date\n{A},{B},2020-10-09\n{A},{B}\n", 3),
        ("old,new,date\nä\n", None),
    ],
)
def test_a_damaged_file_is_refused(
    moves: Moves, content: str, line: int | None
) -> None:
    moves.path.parent.mkdir()
    moves.path.write_text(content, "utf-8")
    with pytest.raises(FileError, match="restore the file") as caught:
        moves.refresh()
    assert caught.value.line == line
