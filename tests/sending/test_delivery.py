"""The promise of a send, kept by the one loop: never twice, nobody skipped in silence, whatever stops it."""

import datetime as dt
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from briefing.errors import BusyError, LedgerError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import delivery
from briefing.sending.ledger import State
from briefing.sending.lock import lock
from briefing.sending.transports.outbox import Outbox
from briefing.subscribers.subscriber import Subscriber
from tests import wire
from tests.sending.conftest import plan_of, write_list

NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)


def rehearse(newsletter: Newsletter, tag: str = "") -> dict[State, int]:
    counts = delivery.rehearse(plan_of(newsletter, tag), Key.of(newsletter), NOW, lambda _done: None)
    return {state: count for state, count in counts.items() if count}


def mails(newsletter: Newsletter) -> list[bytes]:
    folder = newsletter.state / "outbox" / "2020-10-09" / "new"
    return [path.read_bytes() for path in folder.iterdir()]


def recipients(newsletter: Newsletter) -> Counter[str]:
    return Counter(wire.parsed(mail)["To"].addresses[0].addr_spec for mail in mails(newsletter))


def everybody(readers: int) -> Counter[str]:
    return Counter(f"reader{n}@example.org" for n in range(readers))


class TestEditions:
    @pytest.mark.parametrize(
        ("wanted", "edition"), [("de", "de"), ("DE", "de"), ("de-at", "de"), ("en", "en"), ("fr", "en"), ("", "en")]
    )
    def test_a_reader_gets_the_edition_of_their_language_else_the_first(
        self, sendable: Newsletter, wanted: str, edition: str
    ) -> None:
        assert plan_of(sendable).lang(Subscriber("a@example.org", lang=wanted)) == edition

    def test_each_mail_is_in_its_readers_language(self, sendable: Newsletter) -> None:
        rehearse(sendable)
        for mail in mails(sendable):
            number = int(wire.parsed(mail)["To"].addresses[0].username.removeprefix("reader"))
            assert wire.parsed(mail)["Content-Language"] == ("de" if number % 3 == 0 else "en")
            assert ("Der Text." if number % 3 == 0 else "Its text.") in wire.part(mail, "plain")


class TestFormat:
    def test_who_asks_for_text_gets_the_text_part_alone(self, sendable: Newsletter) -> None:
        sendable.subscribers.write_text(
            "email,format\na@example.org,text\nb@example.org,\nc@example.org,html\n", "utf-8"
        )
        assert rehearse(sendable) == {State.ACCEPTED: 3}
        kinds = {
            wire.parsed(mail)["To"].addresses[0].username: wire.parsed(mail).get_content_type()
            for mail in mails(sendable)
        }
        assert kinds == {"a": "text/plain", "b": "multipart/alternative", "c": "multipart/alternative"}
        (text,) = [mail for mail in mails(sendable) if b"To: a@example.org" in mail]
        assert "Its text." in wire.part(text, "plain")
        assert "List-Unsubscribe-Post" in wire.parsed(text)


class TestRehearsal:
    def test_everybody_on_the_list_gets_one_mail(self, sendable: Newsletter) -> None:
        assert rehearse(sendable) == {State.ACCEPTED: 30}
        assert recipients(sendable) == everybody(30)

    def test_again_nobody_gets_a_second(self, sendable: Newsletter) -> None:
        rehearse(sendable)
        before = sorted(mails(sendable))
        with delivery.ledger_of(sendable, Key.of(sendable)) as ledger:
            assert delivery.remaining(plan_of(sendable), ledger) == 0
        assert rehearse(sendable) == {State.ACCEPTED: 30}
        assert sorted(mails(sendable)) == before

    def test_with_a_tag_only_they_and_then_the_rest(self, sendable: Newsletter) -> None:
        sendable.subscribers.write_text("email,tags\na@example.org,board\nb@example.org,\nc@example.org,press, board\n")
        sendable.subscribers.write_text(
            'email,tags\na@example.org,board\nb@example.org,\nc@example.org,"press, board"\n'
        )
        rehearse(sendable, "board")
        assert recipients(sendable) == Counter(["a@example.org", "c@example.org"])
        rehearse(sendable)
        assert recipients(sendable) == Counter(["a@example.org", "b@example.org", "c@example.org"])

    def test_who_joined_since_gets_theirs_and_who_left_is_counted_as_skipped(self, sendable: Newsletter) -> None:
        plan, key = plan_of(sendable), Key.of(sendable)
        with delivery.ledger_of(sendable, key) as ledger:
            delivery._freeze(plan, ledger, NOW)
        plan.folder.mkdir(parents=True)
        write_list(sendable, 29)
        with sendable.subscribers.open("a") as file:
            file.write("new@example.org,New,en\n")
        assert rehearse(sendable) == {State.ACCEPTED: 30, State.SKIPPED: 1}
        assert recipients(sendable) == everybody(29) + Counter(["new@example.org"])

    def test_an_issue_edited_since_starts_anew(self, sendable: Newsletter) -> None:
        rehearse(sendable)
        path = sendable.issues / "2020-10-09" / "issue.md"
        path.write_text(path.read_text("utf-8").replace("Its text.", "Its corrected text."), "utf-8")
        write_list(sendable, 3)
        assert rehearse(sendable) == {State.ACCEPTED: 3}
        assert recipients(sendable) == everybody(3)
        assert all("Its text." not in wire.part(mail, "plain") for mail in mails(sendable))

    def test_another_sender_or_way_out_starts_anew_too(self, sendable: Newsletter) -> None:
        rehearse(sendable)
        settings = sendable.root / "briefing.toml"
        settings.write_text(settings.read_text("utf-8").replace("brief@example.org", "new@example.org"), "utf-8")
        assert rehearse(Newsletter(sendable.root)) == {State.ACCEPTED: 30}
        assert {str(wire.parsed(mail)["From"].addresses[0].addr_spec) for mail in mails(sendable)} == {
            "new@example.org"
        }

    def test_an_outbox_without_a_record_is_thrown_away(self, sendable: Newsletter) -> None:
        rehearse(sendable)
        for file in sendable.state.glob("rehearsal.sqlite*"):
            file.unlink()
        write_list(sendable, 3)
        assert rehearse(sendable) == {State.ACCEPTED: 3}
        assert recipients(sendable) == everybody(3)

    def test_bytes_that_are_not_those_that_were_frozen_are_not_sent(self, sendable: Newsletter, key: Key) -> None:
        plan = plan_of(sendable)
        with delivery.ledger_of(sendable, key) as ledger:
            delivery._freeze(plan, ledger, NOW)
            ledger._db.execute("UPDATE edition SET rendered = replace(rendered, 'Its text', 'Other text')")
        plan.folder.mkdir(parents=True)
        with pytest.raises(LedgerError, match="doesn't hold what was frozen"):
            rehearse(sendable)

    def test_an_outbox_that_was_taken_away_is_filled_anew(self, sendable: Newsletter) -> None:
        rehearse(sendable)
        Outbox(plan_of(sendable).folder).clear()
        assert rehearse(sendable) == {State.ACCEPTED: 30}
        assert recipients(sendable) == everybody(30)

    def test_the_same_reader_twice_on_the_list_gets_one_mail(self, sendable: Newsletter) -> None:
        sendable.subscribers.write_text("email\nann@example.org\nANN@Example.org\n")
        assert rehearse(sendable) == {State.ACCEPTED: 1}

    def test_progress_is_told_of_every_mail(self, sendable: Newsletter, key: Key) -> None:
        told: list[int] = []
        delivery.rehearse(plan_of(sendable), key, NOW, told.append)
        assert told[-1] == 30


class TestLock:
    def test_a_second_sender_is_turned_away_and_sends_nothing(self, sendable: Newsletter) -> None:
        with lock(sendable), pytest.raises(BusyError):
            rehearse(sendable)
        assert not (sendable.state / "outbox").exists()

    def test_the_lock_goes_with_its_process(self, sendable: Newsletter) -> None:
        child = multiprocessing.get_context("spawn").Process(target=_hold, args=(sendable.root,))
        child.start()
        deadline = time.monotonic() + 20
        while not (sendable.root / "held").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        with pytest.raises(BusyError):
            rehearse(sendable)
        child.kill()
        child.join()
        assert rehearse(sendable) == {State.ACCEPTED: 30}


def _hold(root: Path) -> None:
    with lock(Newsletter(root)):
        (root / "held").touch()
        time.sleep(60)


class TestKilled:
    def test_killed_at_any_moment_and_started_again_everybody_gets_exactly_one(self, sendable: Newsletter) -> None:
        """Three kills at random moments of a child that sends to 600 readers; then one that runs to its end."""
        write_list(sendable, 600)
        command = [sys.executable, "-m", "briefing", "-C", str(sendable.root), "send", "--yes"]
        new = sendable.state / "outbox" / "2020-10-09" / "new"
        moments = random.Random(2020)  # noqa: S311  # no secret: any moments will do
        for _ in range(3):
            already = len(list(new.iterdir())) if new.is_dir() else 0
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            deadline = time.monotonic() + 20
            more = moments.randrange(1, 180)
            while child.poll() is None and time.monotonic() < deadline:
                if new.is_dir() and len(os.listdir(new)) >= min(already + more, 600):  # noqa: PTH208  # names are enough
                    break
            child.kill()
            child.wait()
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert recipients(sendable) == everybody(600)
        with delivery.ledger_of(sendable, Key.of(sendable)) as ledger:
            assert ledger.counts("2020-10-09")[State.ACCEPTED] == 600
