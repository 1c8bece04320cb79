"""What a sync can't do yet waits alone: everything else is done once, and not again."""

from pathlib import Path

import pytest

from briefing.bounces.kinds import BounceKind
from briefing.joining.wishes import Change, Find, Join, Queued
from briefing.syncing.planning.plan import SyncPlan
from briefing.syncing.planning.questions import Subject
from briefing.syncing.reports import Left, Person, Unverified
from briefing.syncing.server import server_position
from tests.joining.conftest import EDITOR, MailServer
from tests.syncing.in_memory import OTHER_EDITOR, World

ANN, BOB, CID = (f"{name}@example.org" for name in ("ann", "bob", "cid"))
NEW, LATE = "new@example.net", "late@example.net"
CROWD = [f"reader{number}@example.com" for number in range(21)]
"""So many leave or join at once only if somebody made them up."""


@pytest.fixture
def world(tmp_path: Path, mail_server: MailServer) -> World:
    return World.of(tmp_path / "home", mail_server, ANN, BOB, CID)


def joining(address: str) -> Join:
    return Join(address, "", "", "page", "I agree.", "2020-10-01", "2020-10-01")


def changing(world: World, address: str, **values: str) -> Change:
    return Change(world.token(address), **values)


def finding(address: str) -> Find:
    return Find(address, "en", "2020-10-01")


def queued(address: str) -> Queued:
    return Queued(address, "en", "x" * 40, "2020-10-01")


def subjects(made: SyncPlan) -> list[Subject]:
    return [question.subject for question in made.questions]


class TestWhatCantBeOpened:
    """Another editor may have the key, so such a request may stay for weeks."""

    @pytest.fixture(autouse=True)
    def kept(self, world: World) -> None:
        """A request that only another editor can open."""
        world.server.ask(joining(LATE), OTHER_EDITOR)

    def test_nobody_gets_their_links_twice(self, world: World) -> None:
        world.server.ask(finding(ANN))
        for _day in range(3):
            assert subjects(world.sync()) == [Subject.UNREADABLE]
            world.next_day()
        assert world.mailed() == [ANN]

    def test_no_change_is_made_twice(self, world: World) -> None:
        world.server.ask(changing(world, BOB, lang="de"))
        world.server.ask(joining(NEW))
        world.sync()
        assert world.rows() == [ANN, f"{BOB},de", CID, NEW]
        # By hand: one reader's language, and another's row.
        world.write_list(ANN, f"{BOB},tr", CID)
        assert world.sync().changes_nothing
        assert world.rows() == [ANN, f"{BOB},tr", CID]

    def test_what_was_answered_is_not_asked_again(self, world: World) -> None:
        world.server.ask(queued(NEW))
        made = world.sync(rejected=["queued"])
        assert subjects(made) == [Subject.UNREADABLE]
        assert subjects(world.sync()) == [Subject.UNREADABLE]

    def test_who_is_invited_gets_one_email(self, world: World) -> None:
        world.server.ask(queued(NEW))
        for _day in range(3):
            world.sync(accepted=["queued"])
            world.next_day()
        assert world.mailed() == [NEW]

    def test_it_is_carried_out_once_a_key_opens_it(self, world: World) -> None:
        world.server.ask(changing(world, BOB, lang="de"))
        world.sync()
        world.keys = [EDITOR, OTHER_EDITOR]
        assert [*world.sync().joins] == [world.token(LATE)]
        assert world.sync().changes_nothing

    def test_it_is_discarded_if_an_editor_says_so(self, world: World) -> None:
        world.sync(accepted=["unreadable"])
        world.keys = [EDITOR, OTHER_EDITOR]
        assert world.sync().changes_nothing

    def test_the_server_keeps_it(self, world: World) -> None:
        """What home acknowledges is deleted a month later."""
        world.server.ask(finding(ANN))
        world.sync()
        assert world.server.acknowledged == 0
        world.keys = [OTHER_EDITOR]
        world.sync()
        assert world.server.acknowledged == 2


class TestTheOrder:
    """What was done in the meantime counts more than what had to wait."""

    def test_who_left_after_a_join_that_nobody_could_open_stays_away(
        self, world: World
    ) -> None:
        world.server.ask(joining(ANN), OTHER_EDITOR)
        world.server.leave(world.token(ANN))
        world.sync()
        assert world.gone(ANN, BOB) == [ANN]
        world.keys = [EDITOR, OTHER_EDITOR]
        world.sync()
        assert world.gone(ANN, BOB) == [ANN]

    def test_who_joined_again_after_leaving_with_many_others_stays(
        self, world: World
    ) -> None:
        world.write_list(ANN, *CROWD)
        world.sync()
        for address in (ANN, *CROWD, BOB):
            world.server.leave(world.token(address))
        world.server.ask(joining(ANN))
        assert subjects(world.sync()) == [Subject.DEPARTURES]
        world.sync(accepted=["departures"])
        assert world.gone(ANN, BOB, *CROWD) == [BOB, *CROWD]

    def test_who_left_stays_away_if_the_editor_believes_no_joins(
        self, world: World
    ) -> None:
        world.write_list(ANN, *CROWD)
        world.sync()
        for address in (ANN, *CROWD):
            world.server.leave(world.token(address))
        for number in range(21):
            world.server.ask(joining(f"made.up{number}@example.com"))
        world.server.ask(joining(ANN))
        world.sync(rejected=["joins"])
        world.sync(accepted=["departures"])
        assert world.gone(ANN, *CROWD) == [ANN, *CROWD]

    def test_who_left_and_came_back_on_one_day_stays_when_all_is_read_again(
        self, world: World
    ) -> None:
        world.server.leave(world.token(ANN))
        world.server.ask(joining(ANN))
        for _sync in range(2):
            world.sync()
            assert world.gone(ANN) == []
            (world.newsletter.state / server_position.FILE).unlink()

    def test_who_left_and_joined_again_stays_away_until_the_list_can_be_changed(
        self, world: World
    ) -> None:
        world.server.leave(world.token(ANN))
        world.server.ask(joining(ANN))
        world.server.ask(finding(ANN))
        path = world.newsletter.subscribers
        mark = path.with_name(f".~lock.{path.name}#")
        mark.touch()
        world.sync()
        assert world.gone(ANN) == [ANN]
        assert world.mailed() == []
        mark.unlink()
        assert [*world.sync().restored] == [world.token(ANN)]
        assert world.gone(ANN) == []
        assert world.mailed() == [ANN]

    def test_who_came_back_does_not_leave_again_with_an_email_that_is_read_again(
        self, world: World
    ) -> None:
        leaving = Left(Person(token=world.token(ANN)), world.server.today)
        claim = Unverified(
            Person(address=BOB), world.server.today, BounceKind.DEAD
        )
        world.mailbox.new = [leaving, claim]
        world.next_day()
        world.server.ask(joining(ANN))
        for _sync in range(2):
            assert subjects(world.sync()) == [Subject.UNVERIFIED]
            assert world.mailbox.new
            assert world.gone(ANN, BOB, CID) == []

    def test_of_two_changes_the_later_counts(self, world: World) -> None:
        world.server.ask(changing(world, BOB, lang="de"), OTHER_EDITOR)
        world.server.ask(changing(world, BOB, lang="tr"))
        world.sync()
        world.keys = [EDITOR, OTHER_EDITOR]
        assert world.sync().changes_nothing
        assert world.rows() == [ANN, f"{BOB},tr", CID]


class TestEmailsThatCantBeSent:
    def test_they_are_sent_later_and_others_not_again(
        self, world: World
    ) -> None:
        for address in (ANN, BOB):
            world.server.ask(finding(address))
        world.server.ask(changing(world, CID, lang="de"))
        full = "452 mailbox full"
        world.mails.refuse = lambda to: full if to == ANN else ""
        for _day in range(3):
            world.sync()
            world.next_day()
        assert world.mailed() == [BOB]
        world.mails.refuse = lambda _to: ""
        world.sync()
        world.next_day()
        world.sync()
        assert world.mailed() == [BOB, ANN]

    def test_a_missing_setting_holds_up_nothing_else(
        self, world: World
    ) -> None:
        settings = world.newsletter.root / "briefing.toml"
        text = settings.read_text("utf-8")
        without = text.replace('host = "127.0.0.1"', 'host = ""')
        settings.write_text(without, "utf-8")
        world.newsletter = type(world.newsletter)(world.newsletter.root)
        world.server.ask(finding(ANN))
        world.server.ask(joining(NEW))
        world.sync()
        assert [*world.sync().links] == [world.token(ANN)]
        assert world.server.acknowledged == 0
        assert NEW in world.rows()
