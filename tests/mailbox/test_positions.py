"""Up to where a mailbox was read, and the file that keeps it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.configuration import mailbox_addresses
from briefing.errors import BriefingError
from briefing.mailbox import base
from briefing.mailbox.base import Mark, Position
from briefing.mailbox.positions import FILE, Positions
from briefing.newsletter import Newsletter

ADDRESS = mailbox_addresses.parse("imaps://ada%40example.org@mail.example.org")
OTHER_USER = mailbox_addresses.parse("imaps://eve@mail.example.org")
LOCAL = mailbox_addresses.parse("mail")
READ = Position(7, 3, frozenset({b"a" * 16, b"b" * 16}))
marks = st.lists(
    st.builds(Mark, st.binary(min_size=16, max_size=16), st.integers(1, 99))
)


def test_what_follows_the_highest_uid_is_new() -> None:
    assert Position().first_uid(7) == 1
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
    monkeypatch.setattr(base, "MOST_DIGESTS", 2)
    read = [Mark(bytes([number]), number) for number in (1, 2, 3)]
    assert Position().advanced(7, read).digests == {b"\2", b"\3"}


def test_what_was_kept_is_found_again(newsletter: Newsletter) -> None:
    Positions(newsletter).keep(ADDRESS, READ)
    Positions(newsletter).keep(LOCAL, Position())
    assert Positions(newsletter).of(ADDRESS) == READ
    assert Positions(newsletter).of(LOCAL) == Position()
    assert Positions(newsletter).of(OTHER_USER) == Position()


def test_the_file_is_private_and_names_nobody(newsletter: Newsletter) -> None:
    Positions(newsletter).keep(ADDRESS, READ)
    path = newsletter.state / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"ada@" not in path.read_bytes()
    assert b"example" not in path.read_bytes()


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "[1]",
        "{",
        "\udcff",
        "[" * 9999,
        "NAME: []}",
        "NAME: {}}",
        'NAME: {"validity": 1, "uid": 1, "digests": "x"}}',
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(
    newsletter: Newsletter, damaged: str
) -> None:
    Positions(newsletter).keep(ADDRESS, READ)
    path = newsletter.state / FILE
    name = path.read_text().partition(":")[0]
    text = damaged.replace("NAME", name)
    path.write_text(text, errors="surrogateescape")
    with pytest.raises(BriefingError, match="delete it"):
        Positions(newsletter).of(ADDRESS)
