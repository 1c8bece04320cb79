"""The record of a send, in SQLite: what goes out, to whom, and what became of each mail.

              freeze            claim              record
    (reader) ────────▶ queued ────────▶ sending ─────────▶ accepted
                         │                 │
                         │ left the list   │ found by the next send: its process died
                         ▼                 ▼
                      skipped           queued    (a transport whose hand-over can be repeated without harm)

Readers are keyed digests: no address stands here, and a ledger of another key is refused. Each change of state is
durable before the next step is taken (write-ahead log, synchronous=FULL).
"""

import contextlib
import datetime as dt
import functools
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ParamSpec, TypeVar

from briefing import files
from briefing.errors import LedgerError
from briefing.keys import Key

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

VERSION = 1
SCHEMA = """
-- One row: whose digests these are.
CREATE TABLE ledger (
    key_fingerprint TEXT NOT NULL
);
-- What goes out: the rendered bytes of each edition, fixed when the issue was frozen.
CREATE TABLE edition (
    issue    TEXT NOT NULL,
    lang     TEXT NOT NULL,
    digest   TEXT NOT NULL,   -- of rendered and its sender: delivery.Plan.digest
    rendered BLOB NOT NULL,
    PRIMARY KEY (issue, lang)
);
-- When the issue was frozen: the date that all its mails carry.
CREATE TABLE issue (
    issue     TEXT PRIMARY KEY,
    frozen_at TEXT NOT NULL   -- ISO 8601 with offset
);
-- One row a reader and issue: that is what makes a second mail impossible.
CREATE TABLE delivery (
    issue     TEXT NOT NULL,
    recipient BLOB NOT NULL,  -- keyed digest of the reader's identity
    lang      TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'skipped')),
    PRIMARY KEY (issue, recipient)
) WITHOUT ROWID;
CREATE INDEX delivery_by_state ON delivery (issue, state);
"""


class State(StrEnum):
    """What became of one mail; the drawing above says how one follows from another."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Frozen:
    """An issue as it was frozen: when, and the digest of each edition by language."""

    at: dt.datetime
    digests: Mapping[str, str]


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
    """One ledger file; closed by `close` or at the end of a `with`."""

    def __init__(self, path: Path, key: Key) -> None:
        """Open the ledger, or make a new one. Raises LedgerError if it is damaged, newer, or of another key."""
        self.path = path
        self._key = key
        files.make_private_folder(path.parent)
        try:
            if not path.exists():
                _create(path, key)
            elif path.stat().st_size == 0:
                raise LedgerError(path, "is empty, which a ledger never is; bring it back from a backup")
            self._db = sqlite3.connect(path, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(path, f"can't be opened: {error}") from error
        try:
            self._trust()
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
        self._db.close()

    def _trust(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise LedgerError(self.path, f"was written by another version of briefing ({version}); use that one")
        row = self._db.execute("SELECT key_fingerprint FROM ledger").fetchone()
        if row is None:
            raise LedgerError(self.path, "is damaged (it names no key); bring it back from a backup")
        if row[0] != self._key.fingerprint:
            raise LedgerError(self.path, "belongs to another key; bring key and ledger over together")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")

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

    @_trusted
    def frozen(self, issue: str) -> Frozen | None:
        """What was frozen of an issue; None if nothing was."""
        row = self._db.execute("SELECT frozen_at FROM issue WHERE issue = ?", (issue,)).fetchone()
        if row is None:
            return None
        digests = self._db.execute("SELECT lang, digest FROM edition WHERE issue = ?", (issue,))
        return Frozen(dt.datetime.fromisoformat(row[0]), dict(digests.fetchall()))

    @_trusted
    def freeze(
        self,
        issue: str,
        at: dt.datetime,
        editions: Iterable[tuple[str, str, bytes]],
        recipients: Iterable[tuple[bytes, str]],
    ) -> None:
        """Fix what goes out, editions as (language, digest, bytes), and to whom, as (digest, language), all at once.

        What was frozen before stays as it is; readers that are new, or back on the list, are added.
        """
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO issue VALUES (?, ?)", (issue, at.isoformat()))
            self._db.executemany(
                "INSERT OR IGNORE INTO edition VALUES (?, ?, ?, ?)",
                ((issue, lang, digest, rendered) for lang, digest, rendered in editions),
            )
            self._db.executemany(
                "INSERT INTO delivery VALUES (?, ?, ?, 'queued') "
                "ON CONFLICT DO UPDATE SET state = 'queued' WHERE state = 'skipped'",
                ((issue, recipient, lang) for recipient, lang in recipients),
            )

    @_trusted
    def rendered(self, issue: str) -> dict[str, bytes]:
        """The frozen bytes of each edition by language."""
        rows = self._db.execute("SELECT lang, CAST(rendered AS BLOB) FROM edition WHERE issue = ?", (issue,))
        return dict(rows.fetchall())

    @_trusted
    def forget(self, issue: str) -> None:
        """Take an issue out, for a rehearsal that starts anew."""
        with self._transaction():
            for table in ("delivery", "edition", "issue"):
                self._db.execute(f"DELETE FROM {table} WHERE issue = ?", (issue,))  # noqa: S608  # our own table names

    @_trusted
    def requeue_interrupted(self, issue: str) -> None:
        """Put what a dead process left as `sending` back to `queued`; only for hand-overs that can be repeated."""
        with self._transaction():
            self._db.execute("UPDATE delivery SET state = 'queued' WHERE issue = ? AND state = 'sending'", (issue,))

    @_trusted
    def claim(self, issue: str, recipients: Sequence[bytes]) -> dict[bytes, str]:
        """Mark those of `recipients` that are queued as `sending`; their languages by digest."""
        claimed: dict[bytes, str] = {}
        with self._transaction():
            for recipient in recipients:
                row = self._db.execute(
                    "UPDATE delivery SET state = 'sending' WHERE issue = ? AND recipient = ? AND state = 'queued' "
                    "RETURNING lang",
                    (issue, recipient),
                ).fetchone()
                if row:
                    claimed[recipient] = row[0]
        return claimed

    @_trusted
    def record(self, issue: str, recipients: Iterable[bytes], state: State) -> None:
        """What became of mails that were `sending`."""
        self._change(issue, recipients, State.SENDING, state)

    @_trusted
    def skip(self, issue: str, recipients: Iterable[bytes]) -> None:
        """Mark readers who were queued and have left the list since."""
        self._change(issue, recipients, State.QUEUED, State.SKIPPED)

    def _change(self, issue: str, recipients: Iterable[bytes], before: State, after: State) -> None:
        with self._transaction():
            self._db.executemany(
                "UPDATE delivery SET state = ? WHERE issue = ? AND recipient = ? AND state = ?",
                ((after.value, issue, recipient, before.value) for recipient in recipients),
            )

    @_trusted
    def counts(self, issue: str) -> dict[State, int]:
        """How many readers are in each state."""
        rows = self._db.execute("SELECT state, count(*) FROM delivery WHERE issue = ? GROUP BY state", (issue,))
        found = {State(state): count for state, count in rows}
        return {state: found.get(state, 0) for state in State}

    @_trusted
    def states(self, issue: str) -> dict[bytes, State]:
        """The state of each reader by digest."""
        rows = self._db.execute("SELECT recipient, state FROM delivery WHERE issue = ?", (issue,))
        return {recipient: State(state) for recipient, state in rows}

    @_trusted
    def issues(self) -> list[str]:
        """The ids of all issues that were frozen here, newest first."""
        return [row[0] for row in self._db.execute("SELECT issue FROM issue ORDER BY issue DESC")]


def _create(path: Path, key: Key) -> None:
    """A new ledger appears whole or not at all, so that an empty file is never one, and only once."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        temporary.touch(files.PRIVATE_FILE)
        with closing(sqlite3.connect(temporary)) as db:
            db.executescript(SCHEMA)
            db.execute("INSERT INTO ledger VALUES (?)", (key.fingerprint,))
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.commit()
        with contextlib.suppress(FileExistsError):  # made at the same moment by another command
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
