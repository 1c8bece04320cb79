"""Up to where a mailbox was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.mailbox import position as module
from briefing.mailbox.position import Mark, Position

marks = st.lists(
    st.builds(Mark, st.binary(min_size=16, max_size=16), st.integers(1, 99))
)


def test_at_first_everything_is_new() -> None:
    assert Position().first_uid(7) == 1


def test_what_follows_the_highest_uid_is_new() -> None:
    position = Position().advanced(7, [Mark(b"a", 4), Mark(b"b", 2)])
    assert position.first_uid(7) == 5
    assert position.first_uid(8) == 1


def test_another_validity_begins_again_and_digests_stay() -> None:
    position = Position(7, 40, frozenset({b"a"})).advanced(8, [Mark(b"b", 2)])
    assert position == Position(8, 2, frozenset({b"a", b"b"}))


@given(marks, marks)
def test_a_position_only_moves_on(
    first: list[Mark], second: list[Mark]
) -> None:
    before = Position().advanced(7, first)
    after = before.advanced(7, second)
    assert after.uid >= before.uid
    assert after.digests >= before.digests


def test_the_oldest_digests_are_dropped_if_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_DIGESTS", 2)
    read = [Mark(bytes([number]), number) for number in (1, 2, 3)]
    assert Position().advanced(7, read).digests == {b"\2", b"\3"}
