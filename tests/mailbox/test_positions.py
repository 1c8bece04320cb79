"""The file that keeps up to where mailboxes were read."""

from pathlib import Path

import pytest

from briefing.configuration import mailbox_addresses
from briefing.errors import BriefingError
from briefing.mailbox.position import Position, Purpose
from briefing.mailbox.positions import FILE, Positions
from briefing.newsletter import Newsletter

LEAVING, INBOX = Purpose.LEAVING, Purpose.INBOX
ADDRESS = mailbox_addresses.parse("imaps://ada%40example.org@mail.example.org")
OTHER_USER = mailbox_addresses.parse("imaps://eve@mail.example.org")
LOCAL = mailbox_addresses.parse("mail")
READ = Position(7, 3, frozenset({b"a" * 16, b"b" * 16}))


def file_of(newsletter: Newsletter) -> Path:
    return newsletter.state / FILE


def test_what_was_kept_is_found_again(newsletter: Newsletter) -> None:
    Positions(newsletter).keep(LEAVING, ADDRESS, READ)
    Positions(newsletter).keep(LEAVING, LOCAL, Position())
    assert Positions(newsletter).of(LEAVING, ADDRESS) == READ
    assert Positions(newsletter).of(LEAVING, LOCAL) == Position()


def test_each_mailbox_and_each_purpose_has_its_own(
    newsletter: Newsletter,
) -> None:
    Positions(newsletter).keep(LEAVING, ADDRESS, READ)
    assert Positions(newsletter).of(INBOX, ADDRESS) == Position()
    assert Positions(newsletter).of(LEAVING, OTHER_USER) == Position()


def test_the_file_is_private_and_names_nobody(newsletter: Newsletter) -> None:
    Positions(newsletter).keep(LEAVING, ADDRESS, READ)
    path = file_of(newsletter)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"ada@" not in path.read_bytes()
    assert b"example" not in path.read_bytes()


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"[" * 9999])
def test_a_damaged_file_is_named_with_what_to_do(
    newsletter: Newsletter, data: bytes
) -> None:
    Positions(newsletter).keep(LEAVING, ADDRESS, READ)
    file_of(newsletter).write_bytes(data)
    with pytest.raises(BriefingError, match="delete it"):
        Positions(newsletter).of(LEAVING, ADDRESS)


@pytest.mark.parametrize(
    "kept", ["[]", "{}", '{"validity": 1, "uid": 1, "digests": "x"}']
)
def test_a_damaged_position_too(newsletter: Newsletter, kept: str) -> None:
    Positions(newsletter).keep(LEAVING, ADDRESS, READ)
    path = file_of(newsletter)
    name = path.read_text().partition(":")[0]
    path.write_text(f"{name}: {kept}}}")
    with pytest.raises(BriefingError, match="delete it"):
        Positions(newsletter).of(LEAVING, ADDRESS)
