"""A damaged or swapped ledger or receipt: the send is refused in one line."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.sending.crash.conftest import long
from tests.sending.crash.harness import Children, Ended, Office, Send
from tests.sending.crash.scenarios import smtp

Damage = Callable[[Office], object]
HALF, ALL = 6, 12


def half_sent(send: Send) -> None:
    assert send.run("--limit", str(HALF), "--expect", str(HALF)).code == 0
    assert send.view().mails.total() == HALF


@pytest.fixture(scope="module")
def half(children: Children) -> Iterator[Send]:
    """A newsletter whose issue half of its readers have."""
    with smtp(children) as send:
        half_sent(send)
        yield send


@contextmanager
def restored(office: Office) -> Iterator[None]:
    """All is as it was, afterwards."""
    kept, receipt = (
        office.root / "kept",
        (office.folder / "sent.json").read_bytes(),
    )
    shutil.copytree(office.state, kept)
    yield
    shutil.rmtree(office.state, ignore_errors=True)
    kept.rename(office.state)
    (office.folder / "sent.json").write_bytes(receipt)


def assert_refused(send: Send, words: str) -> None:
    """Whatever number the person expects: the rest, or everybody."""
    before = (send.server.log or Path()).read_bytes()
    for expect in (ALL - HALF, ALL):
        ended = attempt(send, expect)
        assert ended.code == 1
        assert len(ended.lines) == 1
        assert words in ended.err
        assert "bug in briefing" not in ended.err
    assert (send.server.log or Path()).read_bytes() == before


def attempt(send: Send, expect: int) -> Ended:
    return send.briefing(
        "send", "--via", "smtp", "--yes", "--untested", "--expect", str(expect)
    ).wait()


def truncated(office: Office) -> None:
    os.truncate(office.ledger, office.ledger.stat().st_size // 2 // 4096 * 4096)


def torn(office: Office) -> None:
    os.truncate(office.ledger, 1000)


def flipped(office: Office) -> None:
    data = bytearray(office.ledger.read_bytes())
    for place in range(4096, len(data), 97):
        data[place] ^= 0x55
    office.ledger.write_bytes(data)


def newer(office: Office) -> None:
    with closing(sqlite3.connect(office.ledger)) as db:
        db.execute("PRAGMA user_version = 99")


def other_key(office: Office) -> None:
    (office.state / "key").write_bytes(bytes(32))


def other_receipt(office: Office) -> None:
    path = office.folder / "sent.json"
    text = path.read_text("utf-8")
    name = text.partition('"ledger": "')[2].partition('"')[0]
    path.write_text(text.replace(name, "0" * len(name)), "utf-8")


def copied_elsewhere(office: Office) -> None:
    shutil.rmtree(office.state)


DAMAGE: dict[str, tuple[Damage, str]] = {
    "empty": (lambda office: office.ledger.write_bytes(b""), "is empty"),
    "torn": (torn, "damaged"),
    "deleted": (
        lambda office: office.ledger.unlink(),
        "was sent from another copy of this folder",
    ),
}
MORE_DAMAGE: dict[str, tuple[Damage, str]] = {
    "truncated": (truncated, "damaged"),
    "flipped": (flipped, "ledger.sqlite"),
    "garbage": (
        lambda office: office.ledger.write_bytes(b"no ledger " * 1000),
        "damaged",
    ),
    "all deleted": (
        copied_elsewhere,
        "was sent from another copy of this folder",
    ),
    "newer": (newer, "another version"),
    "no key": (lambda office: (office.state / "key").unlink(), "is missing"),
    "short key": (
        lambda office: (office.state / "key").write_bytes(b"short"),
        "is damaged",
    ),
    "other receipt": (
        other_receipt,
        "was sent from another copy of this folder",
    ),
    "empty receipt": (
        lambda office: (office.folder / "sent.json").write_bytes(b""),
        "isn't a valid receipt",
    ),
    "poor receipt": (
        lambda office: (office.folder / "sent.json").write_text('{"issue": 1}'),
        "isn't a valid receipt",
    ),
    "other key": (other_key, "another key"),
    "garbled receipt": (
        lambda office: (office.folder / "sent.json").write_bytes(b"\xff{"),
        "isn't a valid receipt",
    ),
}


@pytest.mark.parametrize("name", [*DAMAGE, *map(long, MORE_DAMAGE)])
def test_it_is_refused_after_half_was_sent(half: Send, name: str) -> None:
    damage, words = (DAMAGE | MORE_DAMAGE)[name]
    with restored(half.office):
        damage(half.office)
        assert_refused(half, words)


def test_what_is_brought_back_from_a_backup_goes_on(half: Send) -> None:
    with restored(half.office):
        half.office.ledger.unlink()
    half.finish()
    assert half.broken == []


def test_a_copy_from_before_the_send_is_refused(children: Children) -> None:
    with smtp(children) as send:
        assert send.run("--dry-run").code == 0
        old = send.office.ledger.read_bytes()
        half_sent(send)
        send.office.ledger.write_bytes(old)
        assert_refused(send, "is damaged, or an older copy")


@pytest.mark.long
def test_a_copy_from_the_middle_is_refused(children: Children) -> None:
    with smtp(children) as send:
        assert send.run("--limit", "3", "--expect", "3").code == 0
        old = send.office.ledger.read_bytes()
        assert send.run("--limit", "3", "--expect", "3").code == 0
        send.office.ledger.write_bytes(old)
        assert_refused(send, "is damaged, or an older copy")


def test_without_its_receipt_the_ledger_still_knows(children: Children) -> None:
    with smtp(children) as send:
        half_sent(send)
        (send.office.folder / "sent.json").unlink()
        send.finish()
        assert send.broken == []
        assert (send.office.folder / "sent.json").exists()


def test_a_ledger_that_lost_its_log_after_a_kill_emails_no_reader_again(
    children: Children,
) -> None:
    """Copied or synchronised without its -wal; the receipt is up to ten seconds old, and doesn't
    know better.
    """
    with smtp(children, readers=24) as send:
        assert send.run("--limit", "3", "--expect", "3").code == 0
        assert send.run(point="an answer: after", nth=20).killed
        assert send.view().mails.total() > 3
        for end in ("-wal", "-shm"):
            send.office.ledger.with_name(f"ledger.sqlite{end}").unlink(
                missing_ok=True
            )
        send.done(send.start("--expect", "21"))
        assert send.view().twice == []


@pytest.mark.parametrize("flips", [3, long(30)])
def test_a_log_that_is_damaged_after_a_kill_emails_no_reader_again(
    children: Children, flips: int
) -> None:
    """SQLite drops what follows the damaged place, and says nothing."""
    chance = random.Random(flips)  # noqa: S311  # the same in every run
    with smtp(children, readers=60) as send:
        assert send.run(point="an answer: after", nth=100).killed
        kept, log = send.office.root / "kept", Path(f"{send.office.ledger}-wal")
        shutil.copytree(send.office.state, kept)
        have = send.view().mails
        assert have.total() > 10
        for _ in range(flips):
            shutil.rmtree(send.office.state)
            shutil.copytree(kept, send.office.state)
            data = bytearray(log.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            log.write_bytes(data)
            before = send.view().mails
            send.done(send.start())
            assert not have.keys() & (send.view().mails - before).keys()
