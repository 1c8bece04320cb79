"""The ledger: what it promises after any stop, and what it refuses to trust."""

import datetime as dt
import os
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from briefing.errors import LedgerError
from briefing.keys import Key
from briefing.sending.ledger import Ledger, State

KEY = Key(b"k" * 32)
NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
EDITIONS = [("en", "digest-en", b"English"), ("de", "digest-de", b"Deutsch")]
ISSUE = "2020-10-09"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".briefing" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path, KEY) as opened:
        yield opened


def freeze(ledger: Ledger, *names: str) -> list[bytes]:
    recipients = [ledger.recipient(name) for name in names]
    ledger.freeze(ISSUE, NOW, EDITIONS, [(one, "en") for one in recipients])
    return recipients


class TestFreezing:
    def test_what_was_frozen_is_kept_with_its_time(self, ledger: Ledger) -> None:
        freeze(ledger, "a")
        frozen = ledger.frozen(ISSUE)
        assert frozen is not None
        assert (frozen.at, frozen.digests) == (NOW, {"en": "digest-en", "de": "digest-de"})
        assert ledger.rendered(ISSUE) == {"en": b"English", "de": b"Deutsch"}

    def test_nothing_is_frozen_of_an_issue_that_never_was_sent(self, ledger: Ledger) -> None:
        assert ledger.frozen(ISSUE) is None

    def test_freezing_again_changes_neither_bytes_nor_states(self, ledger: Ledger) -> None:
        (a,) = freeze(ledger, "a")
        ledger.claim(ISSUE, [a])
        ledger.record(ISSUE, [a], State.ACCEPTED)
        ledger.freeze(ISSUE, NOW + dt.timedelta(days=1), [("en", "other", b"other")], [(a, "de")])
        assert ledger.rendered(ISSUE)["en"] == b"English"
        assert ledger.states(ISSUE) == {a: State.ACCEPTED}
        frozen = ledger.frozen(ISSUE)
        assert frozen is not None
        assert frozen.at == NOW

    def test_who_had_left_and_came_back_is_queued_again(self, ledger: Ledger) -> None:
        (a,) = freeze(ledger, "a")
        ledger.skip(ISSUE, [a])
        freeze(ledger, "a")
        assert ledger.states(ISSUE) == {a: State.QUEUED}

    def test_freezing_is_all_or_nothing(self, ledger: Ledger) -> None:
        def broken() -> Iterator[tuple[bytes, str]]:
            yield (b"one", "en")
            raise OSError("the list could not be read to its end")

        with pytest.raises(OSError, match="to its end"):
            ledger.freeze(ISSUE, NOW, EDITIONS, broken())
        assert ledger.frozen(ISSUE) is None
        assert ledger.states(ISSUE) == {}


class TestStates:
    def test_a_reader_is_claimed_once(self, ledger: Ledger) -> None:
        recipients = freeze(ledger, "a", "b")
        assert ledger.claim(ISSUE, recipients) == dict.fromkeys(recipients, "en")
        assert ledger.claim(ISSUE, recipients) == {}

    def test_nobody_is_claimed_who_was_not_frozen(self, ledger: Ledger) -> None:
        freeze(ledger, "a")
        assert ledger.claim(ISSUE, [ledger.recipient("stranger")]) == {}

    def test_only_what_was_claimed_can_be_recorded(self, ledger: Ledger) -> None:
        a, b = freeze(ledger, "a", "b")
        ledger.claim(ISSUE, [a])
        ledger.record(ISSUE, [a, b], State.ACCEPTED)
        assert ledger.states(ISSUE) == {a: State.ACCEPTED, b: State.QUEUED}

    def test_a_claim_is_durable_before_anything_is_handed_over(self, ledger: Ledger, path: Path) -> None:
        (a,) = freeze(ledger, "a")
        ledger.claim(ISSUE, [a])
        with Ledger(path, KEY) as another:
            assert another.states(ISSUE) == {a: State.SENDING}

    def test_what_a_dead_process_left_is_queued_again(self, ledger: Ledger) -> None:
        a, b = freeze(ledger, "a", "b")
        ledger.claim(ISSUE, [a])
        ledger.requeue_interrupted(ISSUE)
        assert ledger.states(ISSUE) == {a: State.QUEUED, b: State.QUEUED}

    def test_only_the_queued_are_skipped(self, ledger: Ledger) -> None:
        a, b = freeze(ledger, "a", "b")
        ledger.claim(ISSUE, [a])
        ledger.skip(ISSUE, [a, b])
        assert ledger.states(ISSUE) == {a: State.SENDING, b: State.SKIPPED}

    def test_counts_name_every_state(self, ledger: Ledger) -> None:
        a, _b, _c = freeze(ledger, "a", "b", "c")
        ledger.claim(ISSUE, [a])
        assert ledger.counts(ISSUE) == {State.QUEUED: 2, State.SENDING: 1, State.ACCEPTED: 0, State.SKIPPED: 0}

    def test_issues_are_apart(self, ledger: Ledger) -> None:
        freeze(ledger, "a")
        ledger.freeze("2020-10-16", NOW, EDITIONS, [(ledger.recipient("a"), "en")])
        ledger.forget(ISSUE)
        assert ledger.frozen(ISSUE) is None
        assert ledger.issues() == ["2020-10-16"]
        assert len(ledger.states("2020-10-16")) == 1


class TestTrust:
    def test_it_holds_no_address(self, ledger: Ledger, path: Path) -> None:
        freeze(ledger, "canary@example.org")
        ledger.close()
        for file in path.parent.iterdir():
            assert b"canary" not in file.read_bytes()

    def test_it_is_open_to_its_owner_alone(self, path: Path) -> None:
        before = os.umask(0)
        try:
            with Ledger(path, KEY) as ledger:
                freeze(ledger, "a")
                modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        finally:
            os.umask(before)
        assert set(modes.values()) == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    def test_every_commit_reaches_the_disk(self, ledger: Ledger) -> None:
        assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ledger._db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL

    def test_a_ledger_of_another_key_is_refused(self, path: Path) -> None:
        Ledger(path, KEY).close()
        with pytest.raises(LedgerError, match="another key"):
            Ledger(path, Key(b"x" * 32))

    def test_an_empty_file_is_no_empty_ledger(self, path: Path) -> None:
        path.parent.mkdir()
        path.touch()
        with pytest.raises(LedgerError, match="is empty"):
            Ledger(path, KEY)

    @pytest.mark.parametrize("garbage", [b"x" * 4096, b"SQLite format 3\0" + b"\xff" * 4096])
    def test_garbage_is_refused(self, path: Path, garbage: bytes) -> None:
        path.parent.mkdir()
        path.write_bytes(garbage)
        with pytest.raises(LedgerError, match="bring it back from a backup"):
            Ledger(path, KEY)

    def test_a_truncated_ledger_is_refused(self, path: Path) -> None:
        Ledger(path, KEY).close()
        path.write_bytes(path.read_bytes()[:5000])
        with pytest.raises(LedgerError):
            Ledger(path, KEY)

    def test_a_ledger_of_a_later_version_is_refused(self, path: Path) -> None:
        Ledger(path, KEY).close()
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 99")
        db.close()
        with pytest.raises(LedgerError, match=r"another version of briefing \(99\)"):
            Ledger(path, KEY)

    def test_what_no_ledger_holds_is_one_clear_line(self, ledger: Ledger) -> None:
        freeze(ledger, "a")
        ledger._db.execute("UPDATE issue SET frozen_at = 'yesterday'")
        with pytest.raises(LedgerError, match="can't be used"):
            ledger.frozen(ISSUE)
        ledger._db.execute("DROP TABLE delivery")
        with pytest.raises(LedgerError, match="can't be used"):
            ledger.counts(ISSUE)

    def test_many_at_once_make_one(self, path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: Ledger(path, KEY).close(), range(24)))
        with Ledger(path, KEY) as ledger:
            assert ledger.issues() == []

    def test_a_ledger_that_was_being_made_when_its_process_died_is_made_again(self, path: Path) -> None:
        path.parent.mkdir()
        path.with_name("ledger.sqlite.0123abcd.new").write_bytes(b"half")
        with Ledger(path, KEY) as ledger:
            assert ledger.issues() == []
