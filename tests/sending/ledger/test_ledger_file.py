"""The ledger as a file: what it refuses to trust, and what is durable."""

import contextlib
import os
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from briefing.errors import BusyError, LedgerError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.ledger import ledger_file, send_lock
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.schema import LoadedReader, State
from tests.sending.ledger.test_ledger import ISSUE, KEY, NOW, freeze


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".briefing" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path, KEY) as opened:
        yield opened


def in_file(path: Path, query: str) -> object:
    """What the file alone says, without its log."""
    alone = path.with_name("alone.sqlite")
    alone.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(alone)) as db:
        return db.execute(query).fetchone()[0]


class TestTrust:
    def test_it_contains_no_address(self, ledger: Ledger, path: Path) -> None:
        freeze(ledger, "canary@example.org")
        ledger.close()
        for file in path.parent.iterdir():
            assert b"canary" not in file.read_bytes()

    def test_only_its_owner_can_read_it(self, path: Path) -> None:
        before = os.umask(0)
        try:
            with Ledger(path, KEY) as ledger:
                freeze(ledger, "a")
                modes = {
                    file.name: stat.S_IMODE(file.stat().st_mode)
                    for file in path.parent.iterdir()
                }
        finally:
            os.umask(before)
        assert set(modes.values()) == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    def test_every_commit_reaches_the_disk(self, ledger: Ledger) -> None:
        assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        # FULL.
        assert ledger._db.execute("PRAGMA synchronous").fetchone() == (2,)

    def test_a_ledger_of_another_key_is_refused(self, path: Path) -> None:
        Ledger(path, KEY).close()
        with pytest.raises(LedgerError, match="another key"):
            Ledger(path, Key(b"x" * 32))

    def test_an_empty_file_is_refused(self, path: Path) -> None:
        path.parent.mkdir()
        path.touch()
        with pytest.raises(LedgerError, match="is empty"):
            Ledger(path, KEY)

    @pytest.mark.parametrize(
        "garbage", [b"x" * 4096, b"SQLite format 3\0" + b"\xff" * 4096]
    )
    def test_garbage_is_refused(self, path: Path, garbage: bytes) -> None:
        path.parent.mkdir()
        path.write_bytes(garbage)
        with pytest.raises(LedgerError, match="restore it from a backup"):
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
        with pytest.raises(
            LedgerError, match=r"another version of briefing \(99\)"
        ):
            Ledger(path, KEY)

    def test_impossible_contents_are_reported_in_one_line(
        self, ledger: Ledger
    ) -> None:
        freeze(ledger, "a")
        ledger._db.execute("UPDATE issue SET frozen_at = 'yesterday'")
        with pytest.raises(LedgerError, match="is damaged"):
            ledger.frozen(ISSUE)
        ledger._db.execute("DROP TABLE delivery")
        with pytest.raises(LedgerError, match="is damaged"):
            ledger.counts(ISSUE)

    def test_processes_that_create_it_at_the_same_time_create_one(
        self, path: Path
    ) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: Ledger(path, KEY).close(), range(24)))
        with Ledger(path, KEY) as ledger:
            assert ledger.issues() == []

    def test_a_half_made_ledger_is_ignored(self, path: Path) -> None:
        path.parent.mkdir()
        path.with_name("ledger.sqlite.0123abcd.new").write_bytes(b"half")
        with Ledger(path, KEY) as ledger:
            assert ledger.issues() == []

    def test_a_ledger_without_a_key_is_refused(self, path: Path) -> None:
        Ledger(path, KEY).close()
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("DELETE FROM ledger")
        with pytest.raises(LedgerError, match="names no key"):
            Ledger(path, KEY)

    def test_a_ledger_that_cant_be_opened_is_reported_in_one_line(
        self, path: Path
    ) -> None:
        path.mkdir(parents=True)
        with pytest.raises(
            LedgerError,
            match=r"ledger\.sqlite: can't be opened or written \(unable to open",
        ):
            Ledger(path, KEY)

    def test_each_has_a_different_name_and_keeps_it(
        self, path: Path, tmp_path: Path
    ) -> None:
        names = []
        for file in (path, path, tmp_path / "other" / "ledger.sqlite"):
            with Ledger(file, KEY) as ledger:
                names.append(ledger.name)
        assert names[0] == names[1] != names[2]
        assert len(names[0]) == 16


STATEMENTS: list[Callable[[Ledger], object]] = [
    lambda ledger: ledger.load_audience(
        [LoadedReader(1, b"", "en", wanted=True, row=b"")]
    ),
    lambda ledger: ledger.audience_size(),
    lambda ledger: ledger.count_readers("en"),
    lambda ledger: ledger.duplicates(1),
    lambda ledger: ledger.pending_counts(ISSUE),
    lambda ledger: ledger.count_off_list(ISSUE),
    lambda ledger: ledger.settle_interrupted(ISSUE),
    lambda ledger: ledger.change_state(ISSUE, State.QUEUED, State.QUEUED),
    lambda ledger: ledger.mark_uncertain_delivered(ISSUE),
    lambda ledger: ledger.attempts(ISSUE),
    lambda ledger: ledger.claimed(ISSUE),
    lambda ledger: ledger.claimed_on("2020-10-09"),
    lambda ledger: ledger.commit(ISSUE, [], [b""]),
    lambda ledger: ledger.queued(ISSUE, b"", tried=False),
    lambda ledger: ledger.counts(ISSUE),
    lambda ledger: ledger.reasons(ISSUE),
    lambda ledger: ledger.issues(),
    lambda ledger: ledger.forget(ISSUE),
    lambda ledger: ledger.begin_send(),
    lambda ledger: ledger.frozen(ISSUE),
    lambda ledger: ledger.freeze(ISSUE, NOW, []),
    lambda ledger: ledger.rendered(ISSUE),
    lambda ledger: ledger.record_test(ISSUE, "smtp", {"en": "digest"}),
    lambda ledger: ledger.tests(ISSUE, "smtp"),
    lambda ledger: ledger.find(ISSUE, b""),
    lambda ledger: ledger.previous_issue(ISSUE),
    lambda ledger: ledger.cancel_unsent(ISSUE),
    lambda ledger: ledger.refused(ISSUE),
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_reports_a_broken_file_as_a_ledger_error(
    path: Path, statement: Callable[[Ledger], object]
) -> None:
    ledger = Ledger(path, KEY)
    ledger.close()
    with pytest.raises(LedgerError, match="is damaged"):
        statement(ledger)


def test_that_is_tried_with_every_statement() -> None:
    methods = {*vars(Ledger)} - {"recipients"}
    public = [name for name in methods if not name.startswith("_")]
    assert len(STATEMENTS) == len([*public, "begin_send"])


class TestFullDisk:
    """It is never called a damaged ledger, which a backup would replace."""

    FULL = r"ledger\.sqlite: the disk is full; free some space, then run the command again$"

    @pytest.fixture
    def full(self, path: Path) -> Iterator[Path]:
        """A ledger on a disk that is full."""
        if os.geteuid() != 0:
            pytest.skip("only root may mount a disk")
        path.parent.mkdir(mode=0o700)
        mount = ["mount", "-t", "tmpfs", "-o", "size=600k,mode=700", "tmpfs"]
        if subprocess.run([*mount, path.parent], check=False).returncode != 0:
            pytest.skip("no disk can be mounted here")
        try:
            Ledger(path, KEY).close()
            fill(path.with_name("ballast"))
            yield path
        finally:
            subprocess.run(["umount", "-l", path.parent], check=True)

    def test_opening_it(self, full: Path) -> None:
        with pytest.raises(LedgerError, match=self.FULL):
            Ledger(full, KEY)

    def test_creating_it(self, full: Path) -> None:
        full.unlink()
        fill(full.with_name("more ballast"))
        with pytest.raises(LedgerError, match=self.FULL):
            Ledger(full, KEY)

    def test_writing_to_it(self, full: Path) -> None:
        full.with_name("ballast").unlink()
        with Ledger(full, KEY) as ledger:
            fill(full.with_name("ballast"))
            with pytest.raises(LedgerError, match=self.FULL):
                freeze(ledger, *map(str, range(10_000)))


def fill(ballast: Path) -> None:
    """Fill the disk to the last byte."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"x" * 512):
            pass


class TestDuringASend:
    SENDING = "SELECT sending FROM ledger"

    def test_the_file_itself_says_that_its_log_belongs_to_it(
        self, ledger: Ledger, path: Path
    ) -> None:
        ledger.begin_send()
        assert in_file(path, self.SENDING) == 1
        ledger.close()
        assert in_file(path, self.SENDING) == 0

    def test_a_file_copied_without_its_log_is_refused(
        self, ledger: Ledger, path: Path
    ) -> None:
        ledger.begin_send()
        copy = path.with_name("copy.sqlite")
        copy.write_bytes(path.read_bytes())
        with pytest.raises(
            LedgerError,
            match=r"was copied without copy\.sqlite-wal, .* copy both files",
        ):
            Ledger(copy, KEY)

    def test_a_send_that_began_a_moment_ago_isnt_taken_for_such_a_copy(
        self, sendable: Newsletter, ledger: Ledger, path: Path
    ) -> None:
        """Its log is looked for first, and may be begun right after that."""
        ledger.begin_send()
        begun = sendable.state / "begun.sqlite"
        with send_lock.hold(sendable):
            begun.write_bytes(path.read_bytes())
            with pytest.raises(BusyError):
                Ledger(begun, KEY)

    def test_a_transaction_of_another_process_is_waited_for(
        self, ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ledger_file, "PATIENCE", 0.0)
        with (
            Ledger(path, KEY) as other,
            Ledger(path, KEY) as second,
            other._transaction(),
            pytest.raises(BusyError),
        ):
            second.forget(ISSUE)

    def test_a_file_copied_with_its_log_is_accepted(
        self, ledger: Ledger, path: Path
    ) -> None:
        ledger.begin_send()
        freeze(ledger, "a")
        for end in ("", "-wal"):
            path.with_name(f"copy.sqlite{end}").write_bytes(
                path.with_name(f"ledger.sqlite{end}").read_bytes()
            )
        copy = path.with_name("copy.sqlite")
        with Ledger(copy, KEY) as copied:
            assert len(copied.issues()) == 1
        assert in_file(copy, self.SENDING) == 0

    def test_another_process_that_looks_doesnt_end_a_running_send(
        self, sendable: Newsletter, ledger: Ledger, path: Path
    ) -> None:
        ledger.begin_send()
        state = sendable.state
        for end in ("", "-wal"):
            (state / f"ledger.sqlite{end}").write_bytes(
                path.with_name(f"ledger.sqlite{end}").read_bytes()
            )
        with send_lock.hold(sendable), Ledger(state / "ledger.sqlite", KEY):
            pass
        assert in_file(state / "ledger.sqlite", self.SENDING) == 1

    def test_a_send_that_never_began_leaves_the_file_as_it_was(
        self, ledger: Ledger, path: Path
    ) -> None:
        freeze(ledger, "a")
        ledger.close()
        assert in_file(path, self.SENDING) == 0
        assert in_file(path, "SELECT count(*) FROM issue") == 1
