"""Syncs of a newsletter whose server and mailbox are in memory: what waits, and what is listed."""

import csv
from pathlib import Path

import pytest

from briefing.joining.wishes import Change, Find, Join, Queued
from briefing.syncing import run, summary
from briefing.syncing.reports import OpenMail, Person
from tests.joining.conftest import EDITOR
from tests.syncing.in_memory import OTHER_EDITOR, World

ANN, BOB, CID = (f"{name}@example.org" for name in ("ann", "bob", "cid"))
NEW = "new@example.net"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path / "home", ANN, BOB, CID)


def joining(address: str, name: str = "") -> Join:
    return Join(
        address, "", name, "page", "I want it.", "2020-10-01", "2020-10-01"
    )


class TestWhatWaits:
    def test_a_no_keeps_joins_but_no_departures(self, world: World) -> None:
        world.server.ask(joining(NEW))
        world.server.leave(world.token(ANN))
        for _ in range(2):
            world.sync(agree=False)
            assert world.gone(ANN, BOB) == [ANN]
            assert world.server.acknowledged == 0
        world.sync()
        assert NEW in world.rows()
        assert world.server.acknowledged == 2
        assert not world.sync().list_changes

    def test_a_request_that_no_key_opens_stays_until_one_does(
        self, world: World
    ) -> None:
        world.server.ask(joining(NEW), OTHER_EDITOR)
        world.server.ask(Change(world.token(ANN), lang="de"))
        for expected in (1, 0):
            made = world.sync()
            assert len(made.unreadable) == 1
            assert len(made.languages) == expected
            assert world.server.acknowledged == 0
        world.keys = (EDITOR, OTHER_EDITOR)
        world.sync()
        assert world.rows()[-1] == NEW
        assert world.server.acknowledged == 2

    def test_or_until_an_editor_gives_it_up(self, world: World) -> None:
        world.server.ask(joining(NEW), OTHER_EDITOR)
        world.sync(discard=True)
        assert not world.sync().unreadable
        assert world.server.acknowledged == 1

    def test_who_left_and_joined_again_is_gone_until_an_editor_agrees(
        self, world: World
    ) -> None:
        world.server.leave(world.token(ANN))
        world.server.ask(joining(ANN))
        world.sync(agree=False)
        assert world.gone(ANN) == [ANN]
        world.sync()
        assert world.gone(ANN) == []


class TestTheList:
    def test_a_join_has_its_consent_and_other_cells_stay(
        self, world: World
    ) -> None:
        path = world.newsletter.subscribers
        path.write_text(f"email,town\n{ANN},Bonn\n", "utf-8")
        world.server.ask(joining(NEW, "=HYPERLINK(1)"))
        world.server.ask(Change(world.token(ANN), lang="de"))
        world.sync()
        with path.open(encoding="utf-8", newline="") as file:
            ann, new = csv.DictReader(file)
        assert (ann["town"], ann["lang"]) == ("Bonn", "de")
        assert new["name"] == "'=HYPERLINK(1)"
        assert (new["joined"], new["form"]) == ("2020-10-01", "page")
        assert new["consent"] == "I want it."

    def test_a_row_that_an_editor_deleted_meanwhile_stays_deleted(
        self, world: World
    ) -> None:
        world.server.ask(Change(world.token(ANN), lang="de"))
        sync = world.begin()
        made = sync.plan()
        world.write_list(BOB)
        assert sync.change_list(made) == 0
        assert world.rows() == [BOB]


def test_what_readers_can_no_longer_ask_for_is_listed_once(
    world: World,
) -> None:
    """A server of an earlier version may still have such requests."""
    token = world.token(ANN)
    world.server.ask(Change(token, lang="de", name="Ann", address=NEW))
    world.server.ask(Find(NEW))
    world.server.ask(Queued(BOB))
    made = world.sync()
    assert [*summary.obsolete(made)] == [
        "2020-10-01: the reader in line 2 asked for another name or address",
        "2020-10-01: someone not on the list asked for their link",
        "2020-10-01: the reader in line 3 asked to join while the form was closed",
    ]
    assert world.rows()[0] == f"{ANN},de"
    assert world.server.acknowledged == 3
    assert not world.sync().obsolete


def test_an_email_stays_listed_until_its_reader_is_unsubscribed(
    world: World,
) -> None:
    mail = OpenMail(
        Person(address=ANN), world.server.today, "Please stop", b"1"
    )
    world.mailbox.new = [mail]
    for _ in range(2):
        assert world.sync().open_mails == [mail]
    world.server.leave(world.token(ANN))
    world.sync()
    assert not world.sync().open_mails
    assert not world.mailbox.new


def test_the_day_of_the_last_sync_is_known_also_from_earlier_versions(
    world: World,
) -> None:
    assert run.last_day(world.newsletter) == world.server.today
    old = "day,left,complaints,dead,joined,changed,links\n2020-09-30,1,0,0,0,0,0\n"
    (world.newsletter.state / run.LAST).write_text(old, "utf-8")
    assert str(run.last_day(world.newsletter)) == "2020-09-30"
