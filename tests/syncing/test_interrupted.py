"""A sync that is killed at any step is run again, and comes to the same end: nothing lost, nothing
twice.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from briefing.configuration import mailbox_addresses
from briefing.mailbox.positions import Positions
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Suppression
from briefing.syncing import failures
from briefing.syncing.mailbox import FILE as OPEN_MAILS
from tests.forked import serving
from tests.joining.conftest import MailServer
from tests.mailbox.conftest import MaildirBox, mail, returned
from tests.syncing.conftest import Home
from tests.syncing.sendgrid_lists import SECRET, SendGridAccount
from tests.syncing.test_mailbox import PASSED
from tests.syncing.test_sendgrid import HARD, entry

ANN, BOB, CID, DAN, EVE, FAY, ADA, HAL, IDA = READERS = [
    f"{name}@example.org"
    for name in ["ann", "bob", "cid", "dan", "eve", "fay", "ada", "hal", "ida"]
]
NEW = "new@example.net"
KILLED = -9
SAFETY_NET = 60
"""Seconds after which a test that hangs gives up."""


@dataclass
class World:
    """A home with something to sync, and the process that syncs it."""

    home: Home
    ask: Callable[[str], str]
    """Orders a sync of the process that forks them."""
    before: Path

    def sync(self, *, kill: int = 0, full: int = 0, days: int = 0) -> int:
        """Sync; return the exit code."""
        root = str(self.home.newsletter.root)
        order = {
            "kill": kill,
            "full": full,
            "days": days,
            "arguments": ["-C", root, "subscribers", "sync", "--yes"],
            "output": f"{root}.output",
        }
        return int(self.ask(json.dumps(order)))

    def output(self) -> str:
        """What the last sync said."""
        return Path(f"{self.home.newsletter.root}.output").read_text("utf-8")

    def reset(self) -> None:
        """Put home back to where it was; the server tells it all once more."""
        root = self.home.newsletter.root
        shutil.rmtree(root)
        shutil.copytree(self.before, root)

    def state(self) -> dict[str, Any]:
        """What the sync has led to."""
        newsletter = Newsletter(self.home.newsletter.root)
        record = Suppression.of(newsletter)
        people = (*READERS, NEW)
        found = {name: record.find(self.home.token(name)) for name in people}
        return {
            "list": newsletter.subscribers.read_text("utf-8"),
            "removals": found,
            "returned": failures.read(newsletter),
            "open": (newsletter.state / OPEN_MAILS).read_text("utf-8"),
            "mails": Positions(newsletter).of(
                mailbox_addresses.parse("leaving")
            ),
        }


@pytest.fixture
def world(
    home: Home,
    mail_server: MailServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    monkeypatch.setenv("SENDGRID_API_KEY", SECRET)
    home.write_list(*READERS)
    mailbox = MaildirBox(home.newsletter.root / "leaving")
    with SendGridAccount(
        bounces=[entry(CID, **HARD)],
        blocks=[
            entry(
                EVE,
                int(time.time()),
                reason="452 4.2.2 over quota",
                status="4.2.2",
            )
        ],
    ) as account:
        settings = home.newsletter.root / "briefing.toml"
        more = (
            f'[send]\nvia = "sendgrid"\n[sendgrid]\nhost = "{account.url}"\n'
            '[mailbox]\nleaving = "leaving"\nchecked_by = "mx.example.org"\n'
        )
        settings.write_text(settings.read_text("utf-8") + more, "utf-8")
        with serving("tests.syncing.interrupted", timeout=SAFETY_NET) as ask:
            made = World(home, ask, tmp_path / "before")
            account.lists, lists = {}, account.lists
            assert made.sync() == 0
            account.lists = lists
            _act(home, mail_server)
            _write(home, mailbox)
            shutil.copytree(home.newsletter.root, made.before)
            yield made


def _act(home: Home, mail_server: MailServer) -> None:
    """Somebody leaves, joins, chooses a language, and leaves and joins again."""
    home.server.post(f"/leave/{home.token(ANN)}")
    home.server.join(NEW, lang="de")
    home.server.post(mail_server.link(1))
    home.server.post(f"/change/{home.token(BOB)}", lang="tr")
    home.server.post(f"/leave/{home.token(DAN)}")
    home.server.join(DAN)
    home.server.post(mail_server.link(2))


def _write(home: Home, mailbox: MaildirBox) -> None:
    """One leaves by the link, one by words; the emails of two come back; and somebody writes in the name
    of another reader.
    """
    mailbox.deliver(mail(home.token(FAY)))
    mailbox.deliver(mail("Unsubscribe", "", PASSED))
    mailbox.deliver(returned(home.token(HAL)))
    mailbox.deliver(returned(home.token(IDA), "452 4.2.2 Mailbox full"))
    forged = mail("Unsubscribe").replace(b"ada@", b"dan@")
    mailbox.deliver(forged)


def _check(world: World, kill: int, expected: dict[str, Any]) -> bool:
    """Whether the sync was killed at a step; it must have come to the same end."""
    world.reset()
    was_killed = world.sync(kill=kill) == KILLED
    assert world.sync() == 0
    assert world.state() == expected, kill
    return was_killed


def _expected(world: World) -> dict[str, Any]:
    assert world.sync() == 0
    expected = world.state()
    removals = expected["removals"]
    reasons = {
        name: removal.reason for name, removal in removals.items() if removal
    }
    assert reasons == {**dict.fromkeys((ANN, FAY, ADA), "left"), CID: "bounced"}
    assert NEW in expected["list"]
    assert f"{BOB},tr" in expected["list"]
    assert len(expected["returned"]) == 3
    assert len(expected["mails"].digests) == 5
    return expected


def _check_full(world: World, full: int, expected: dict[str, Any]) -> bool:
    """Whether the disk was full from a file on; the sync must say so, and come to the same end later."""
    world.reset()
    code = world.sync(full=full)
    if code == 0:
        return False
    assert code == 1, full
    said = world.output()
    assert "Traceback" not in said, full
    assert "@" not in said, full
    assert "the disk is full" in said, said
    assert world.sync() == 0
    assert world.state() == expected, full
    return True


def test_killed_or_on_a_full_disk_it_comes_to_the_same_end_later(
    world: World,
) -> None:
    expected = _expected(world)
    for kill in (12, 22):
        assert _check(world, kill, expected)
    assert _check_full(world, 5, expected)


@pytest.mark.long
def test_full_from_each_file_on_it_comes_to_the_same_end(world: World) -> None:
    expected = _expected(world)
    full = 1
    while _check_full(world, full, expected):
        full += 1
    assert full > 7


@pytest.mark.long
def test_killed_at_each_step_it_comes_to_the_same_end(world: World) -> None:
    expected = _expected(world)
    kill = 1
    while _check(world, kill, expected):
        kill += 1
    assert kill > 25
