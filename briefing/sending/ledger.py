"""The record of a send, in SQLite: what goes out, to whom, and what became of each mail. `schema` draws the states.

Readers are keyed digests: no address stands here, and a ledger of another key is refused. A change of state is durable
before the next step is taken (write-ahead log, synchronous=FULL); one commit takes those of all connections.
"""

import contextlib
import datetime as dt
import functools
import os
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from briefing import files
from briefing.errors import LedgerError
from briefing.keys import Key
from briefing.sending.lock import nobody_sends
from briefing.sending.schema import AUDIENCE, SCHEMA, VERSION, Delivery, Frozen, Schedule, State

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_ENDED = "UPDATE ledger SET sending = 0"


def _trusted(method: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """What SQLite raises, and what comes of a row that no ledger has, become LedgerError: then nothing goes on."""

    @functools.wraps(method)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return method(*args, **kwargs)
        except (sqlite3.Error, ValueError, TypeError) as error:
            ledger = args[0]
            assert isinstance(ledger, Ledger)
            reason = f"can't be used ({error}); free some space, or bring it back from a backup; the send goes on then"
            raise LedgerError(ledger.path, reason) from error

    return guarded


class Ledger:
    """One ledger file; closed by `close` or at the end of a `with`. For the thread that opened it alone."""

    def __init__(self, path: Path, key: Key) -> None:
        """Open the ledger, or make a new one. Raises LedgerError if it is damaged, newer, or of another key."""
        self.path = path
        self._key = key
        self._begun = False
        files.make_private_folder(path.parent)
        try:
            if not path.exists():
                _create(path, key)
            elif path.stat().st_size == 0:
                raise LedgerError(path, "is empty, which a ledger never is; bring it back from a backup")
            has_log = path.with_name(f"{path.name}-wal").exists()
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(path, f"can't be opened: {error}") from error
        try:
            self.name = self._trust()
            self._expect_log(has_log)
        except sqlite3.Error as error:
            self._db.close()
            raise LedgerError(path, f"is damaged ({error}); bring it back from a backup") from error
        except LedgerError:
            self._db.close()
            raise

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a send that was begun has ended then, however it did."""
        if self._begun:
            with contextlib.suppress(sqlite3.Error):  # the disk is full, say; closing then frees the log's space
                self._db.execute(_ENDED)
                self._begun = False
        self._db.close()
        if self._begun:
            with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(self.path)) as again, again:
                again.execute(_ENDED)

    def _trust(self) -> str:
        """Make sure that it is ours; its name."""
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise LedgerError(self.path, f"was written by another version of briefing ({version}); use that one")
        row = self._db.execute("SELECT key_fingerprint, name FROM ledger").fetchone()
        if row is None:
            raise LedgerError(self.path, "is damaged (it names no key); bring it back from a backup")
        if row[0] != self._key.fingerprint:
            raise LedgerError(self.path, "belongs to another key; bring key and ledger over together")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA temp_store = MEMORY")
        self._db.execute("PRAGMA cache_size = -48000")  # KB: a million readers are found without reading pages twice
        return str(row[1])

    def _expect_log(self, has_log: bool) -> None:
        """Raises LedgerError for a ledger of a send that was stopped, copied without what SQLite writes beside it.

        Only there it stands who got the issue last. Once somebody has read both together they are one again.
        """
        (sending,) = self._db.execute("SELECT sending FROM ledger").fetchone()
        if sending and not has_log:
            raise LedgerError(
                self.path, f"came without {self.path.name}-wal, which knows who got the issue last; bring both over"
            )
        if sending and nobody_sends(self.path.parent):
            self._db.execute(_ENDED)

    @_trusted
    def begin(self) -> None:
        """Note in the file itself, not in its log, that from now on the log belongs to it."""
        self._db.execute("UPDATE ledger SET sending = 1")
        self._begun = True
        # Not TRUNCATE: the log keeps its space on the disk, so that `close` can write to it although the disk is full.
        self._db.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # SQLite has rolled back by itself where the disk is full
                self._db.execute("ROLLBACK")
            raise

    def recipient(self, identity: str) -> bytes:
        """The digest under which a reader stands here: 16 bytes."""
        return self._key.digest("recipient", identity)[:16]

    # Freezing

    @_trusted
    def frozen(self, issue: str) -> Frozen | None:
        """What was frozen of an issue; None if nothing was."""
        row = self._db.execute("SELECT frozen_at, claimed, list_size FROM issue WHERE issue = ?", (issue,)).fetchone()
        if row is None:
            return None
        digests = self._db.execute("SELECT lang, digest FROM edition WHERE issue = ?", (issue,))
        return Frozen(dt.datetime.fromisoformat(row[0]), dict(digests.fetchall()), row[1], row[2])

    @_trusted
    def survey(self, readers: Iterable[tuple[int, bytes, str, bool]]) -> None:
        """Take in the list, as (line, digest, language of the edition, whether this send is for them).

        Of several lines of one reader the first counts.
        """
        self._db.execute("DROP TABLE IF EXISTS temp.audience")
        self._db.executescript(AUDIENCE)
        with self._transaction():
            self._db.executemany(
                "INSERT INTO audience (row, recipient, lang, wanted) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (recipient) DO UPDATE SET again = excluded.row",
                readers,
            )

    @_trusted
    def audience(self) -> tuple[int, dict[str, int]]:
        """How many readers are on the list, and of those that this send is for, how many in each language."""
        (size,) = self._db.execute("SELECT count(*) FROM audience").fetchone()
        return size, dict(self._db.execute("SELECT lang, count(*) FROM audience WHERE wanted GROUP BY lang").fetchall())

    @_trusted
    def duplicates(self, most: int) -> list[tuple[int, int]]:
        """Lines on which a reader stands again, and the line on which they stand first."""
        query = "SELECT again, row FROM audience WHERE again IS NOT NULL ORDER BY again LIMIT ?"
        return self._db.execute(query, (most,)).fetchall()

    @_trusted
    def outlook(self, issue: str) -> dict[State | None, int]:
        """How many of the readers that this send is for are in which state; None: not among those that were frozen."""
        rows = self._db.execute(
            "SELECT delivery.state, count(*) FROM audience "
            "LEFT JOIN delivery ON delivery.issue = ? AND delivery.recipient = audience.recipient "
            "WHERE wanted GROUP BY delivery.state",
            (issue,),
        )
        return {state and State(state): count for state, count in rows}

    @_trusted
    def gone_from_list(self, issue: str) -> int:
        """How many still wait for their mail who aren't on the list any more."""
        query = (
            "SELECT count(*) FROM delivery WHERE issue = ? AND state IN ('queued', 'deferred', 'recalled') "
            "AND recipient NOT IN (SELECT recipient FROM audience)"
        )
        (count,) = self._db.execute(query, (issue,)).fetchone()
        return int(count)

    @_trusted
    def freeze(
        self, issue: str, at: dt.datetime, editions: Iterable[tuple[str, str, bytes]], *, late: bool = False
    ) -> None:
        """Fix what goes out, editions as (language, digest, bytes), and to whom, the list of `survey`, all at once.

        What was frozen before stays as it is. Whoever isn't among those that were frozen is added only if `late`; who
        left is `skipped`, who is back, or was put off or recalled, is `queued`.
        """
        with self._transaction():
            (size,) = self._db.execute("SELECT count(*) FROM audience").fetchone()
            first = self._db.execute(
                "INSERT OR IGNORE INTO issue (issue, frozen_at, list_size) VALUES (?, ?, ?)",
                (issue, at.isoformat(), size),
            ).rowcount
            self._db.executemany(
                "INSERT OR IGNORE INTO edition VALUES (?, ?, ?, ?)",
                ((issue, lang, digest, rendered) for lang, digest, rendered in editions),
            )
            if first or late:
                self._db.execute(
                    "INSERT OR IGNORE INTO delivery (issue, recipient, lang, state) "
                    "SELECT ?, recipient, lang, 'queued' FROM audience WHERE ? OR wanted ORDER BY row",
                    (issue, first),
                )
            self._db.execute(
                "UPDATE delivery SET state = 'skipped', reason = 'not on the list any more' "
                "WHERE issue = ? AND state IN ('queued', 'deferred', 'recalled') "
                "AND recipient NOT IN (SELECT recipient FROM audience)",
                (issue,),
            )
            self._db.execute(
                "UPDATE delivery SET state = 'queued', reason = '' "
                "WHERE issue = ? AND state IN ('skipped', 'deferred', 'recalled') "
                "AND recipient IN (SELECT recipient FROM audience WHERE wanted)",
                (issue,),
            )

    @_trusted
    def rendered(self, issue: str) -> dict[str, bytes]:
        """The frozen bytes of each edition by language."""
        rows = self._db.execute("SELECT lang, CAST(rendered AS BLOB) FROM edition WHERE issue = ?", (issue,))
        return dict(rows.fetchall())

    @_trusted
    def forget(self, issue: str) -> None:
        """Take an issue out, so that it can be frozen anew: nobody has it, or it was a rehearsal."""
        with self._transaction():
            for table in ("delivery", "edition", "issue", "schedule"):
                self._db.execute(f"DELETE FROM {table} WHERE issue = ?", (issue,))  # noqa: S608  # our own table names

    # Handing over

    @_trusted
    def interrupted(self, issue: str, becomes: State) -> int:
        """Settle what a dead process left as `sending`; how many there were."""
        with self._transaction():
            return self._db.execute(
                "UPDATE delivery SET state = ?, reason = 'stopped in the middle of it' "
                "WHERE issue = ? AND state = 'sending'",
                (becomes.value, issue),
            ).rowcount

    @_trusted
    def find(self, issue: str, recipient: bytes) -> Delivery | None:
        """A reader's row; None if they weren't frozen."""
        row = self._db.execute(
            "SELECT state, lang, tried, reason FROM delivery WHERE issue = ? AND recipient = ?", (issue, recipient)
        ).fetchone()
        return Delivery(State(row[0]), row[1], row[2], row[3]) if row else None

    @_trusted
    def queued(self, issue: str, after: int, *, tried: bool, most: int = 1000) -> list[tuple[int, bytes, str]]:
        """The next queued readers whom this send is for, after a line of the list: (line, digest, language).

        `tried`: those to whom it was tried before, else those to whom it never was.
        """
        return self._db.execute(
            "SELECT row, audience.recipient, delivery.lang FROM audience CROSS JOIN delivery "
            "ON delivery.issue = ? AND delivery.recipient = audience.recipient "
            "WHERE row > ? AND wanted AND state = 'queued' AND (tried > 0) = ? ORDER BY row LIMIT ?",
            (issue, after, tried, most),
        ).fetchall()

    @_trusted
    def commit(
        self,
        issue: str,
        outcomes: Iterable[tuple[bytes, State, str]],
        claims: Sequence[bytes],
        *,
        gone: Collection[bytes] = (),
        schedule: int | None = None,
        day: str = "",
    ) -> set[bytes]:
        """In one commit: what became of mails that were `sending`, as (digest, state, reason), and the next claims.

        Returns whom of `claims` it marked as `sending`: who was queued, and isn't among `gone`; those are `skipped`.
        Nobody is claimed for a schedule that was recalled. `day` is counted for `per_day`.
        """
        claimed: set[bytes] = set()
        with self._transaction():
            self._db.executemany(
                # A refusal that came to reader after reader is taken back.
                "UPDATE delivery SET state = ?1, reason = ?2 WHERE issue = ?3 AND recipient = ?4 "
                "AND (state = 'sending' OR (state = 'rejected' AND ?1 = 'queued'))",
                ((state.value, reason, issue, recipient) for recipient, state, reason in outcomes),
            )
            if claims and schedule is not None and self.is_recalled(schedule):
                return claimed
            for recipient in claims:
                if recipient in gone:
                    self._db.execute(
                        "UPDATE delivery SET state = 'skipped', reason = 'has left' "
                        "WHERE issue = ? AND recipient = ? AND state = 'queued'",
                        (issue, recipient),
                    )
                elif self._db.execute(
                    "UPDATE delivery SET state = 'sending', tried = tried + 1, schedule = ? "
                    "WHERE issue = ? AND recipient = ? AND state = 'queued'",
                    (schedule, issue, recipient),
                ).rowcount:
                    claimed.add(recipient)
            if claimed:
                self._db.execute("UPDATE issue SET claimed = claimed + ? WHERE issue = ?", (len(claimed), issue))
                self._db.execute(
                    "INSERT INTO day VALUES (?, ?) ON CONFLICT DO UPDATE SET claimed = claimed + excluded.claimed",
                    (day, len(claimed)),
                )
        return claimed

    @_trusted
    def change(self, issue: str, before: State, after: State) -> int:
        """Move the readers in one state, of those that this send is for, to another; how many there were."""
        with self._transaction():
            return self._db.execute(
                "UPDATE delivery SET state = ? WHERE issue = ? AND state = ? "
                "AND recipient IN (SELECT recipient FROM audience WHERE wanted)",
                (after.value, issue, before.value),
            ).rowcount

    @_trusted
    def deliver_uncertain(self, issue: str) -> int:
        """Count the uncertain as accepted, wherever they are now; how many there were."""
        with self._transaction():
            return self._db.execute(
                "UPDATE delivery SET state = 'accepted', reason = 'marked as delivered' "
                "WHERE issue = ? AND state = 'uncertain'",
                (issue,),
            ).rowcount

    @_trusted
    def claimed_on(self, day: str) -> int:
        """How many mails were claimed on a day, of all issues."""
        row = self._db.execute("SELECT claimed FROM day WHERE day = ?", (day,)).fetchone()
        return row[0] if row else 0

    # Schedules and tests

    @_trusted
    def schedule(self, issue: str, batch: str, send_at: int) -> Schedule:
        """Note a schedule, before its first request."""
        with self._transaction():
            row = self._db.execute(
                "INSERT INTO schedule (issue, batch, send_at) VALUES (?, ?, ?) RETURNING id", (issue, batch, send_at)
            ).fetchone()
        return Schedule(int(row[0]), batch, send_at)

    @_trusted
    def schedules(self, issue: str) -> list[Schedule]:
        """The schedules of an issue, oldest first."""
        query = "SELECT id, batch, send_at, recalled FROM schedule WHERE issue = ? ORDER BY id"
        rows = self._db.execute(query, (issue,))
        return [Schedule(number, batch, at, recalled > 0, recalled > 1) for number, batch, at, recalled in rows]

    @_trusted
    def stop(self, schedule: Schedule) -> None:
        """Let nobody be claimed for a schedule any more; also while another process sends."""
        with self._transaction():
            self._db.execute("UPDATE schedule SET recalled = 1 WHERE id = ? AND recalled = 0", (schedule.id,))

    @_trusted
    def recall(self, issue: str, schedule: Schedule, becomes: State) -> int:
        """Note what became of the mails of a schedule that was called back; how many there were."""
        with self._transaction():
            self._db.execute("UPDATE schedule SET recalled = 2 WHERE id = ?", (schedule.id,))
            return self._db.execute(
                "UPDATE delivery SET state = ?, reason = '' "
                "WHERE issue = ? AND schedule = ? AND state IN ('accepted', 'uncertain', 'sending')",
                (becomes.value, issue, schedule.id),
            ).rowcount

    @_trusted
    def is_recalled(self, schedule: int) -> bool:
        """Whether a schedule was stopped, maybe by another process."""
        (recalled,) = self._db.execute("SELECT recalled FROM schedule WHERE id = ?", (schedule,)).fetchone()
        return bool(recalled)

    @_trusted
    def tested(self, issue: str, via: str, digests: Mapping[str, str]) -> None:
        """Note that these editions were sent as a test."""
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO test VALUES (?, ?, ?, ?)",
                ((issue, via, lang, digest) for lang, digest in digests.items()),
            )

    @_trusted
    def tests(self, issue: str, via: str) -> dict[str, str]:
        """The digests of the editions that were tested last by a transport, by language."""
        query = "SELECT lang, digest FROM test WHERE issue = ? AND via = ?"
        return dict(self._db.execute(query, (issue, via)).fetchall())

    # Looking

    @_trusted
    def counts(self, issue: str) -> dict[State, int]:
        """How many readers are in each state."""
        rows = self._db.execute("SELECT state, count(*) FROM delivery WHERE issue = ? GROUP BY state", (issue,))
        found = {State(state): count for state, count in rows}
        return {state: found.get(state, 0) for state in State}

    @_trusted
    def reasons(self, issue: str) -> dict[State, dict[str, int]]:
        """Why mails are in the states that they are in, and how many for each reason."""
        rows = self._db.execute(
            "SELECT state, reason, count(*) FROM delivery WHERE issue = ? AND reason != '' "
            "GROUP BY state, reason ORDER BY count(*) DESC",
            (issue,),
        )
        found: dict[State, dict[str, int]] = {}
        for state, reason, count in rows:
            found.setdefault(State(state), {})[reason] = count
        return found

    @_trusted
    def issues(self) -> list[str]:
        """The ids of all issues that were frozen here, newest first."""
        return [row[0] for row in self._db.execute("SELECT issue FROM issue ORDER BY issue DESC")]

    @_trusted
    def earlier_list(self, issue: str) -> tuple[str, int] | None:
        """The issue that was frozen last of all others, and how many readers the list had then."""
        query = "SELECT issue, list_size FROM issue WHERE issue != ? ORDER BY rowid DESC LIMIT 1"
        row = self._db.execute(query, (issue,)).fetchone()
        return (row[0], row[1]) if row else None


def _create(path: Path, key: Key) -> None:
    """A new ledger appears whole or not at all, so that an empty file is never one, and only once."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        temporary.touch(files.PRIVATE_FILE)
        with closing(sqlite3.connect(temporary)) as db:
            db.executescript(SCHEMA)
            db.execute(
                "INSERT INTO ledger (key_fingerprint, name) VALUES (?, ?)", (key.fingerprint, secrets.token_hex(8))
            )
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.commit()
        with contextlib.suppress(FileExistsError):  # made at the same moment by another command
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
