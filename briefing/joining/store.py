"""The server's database: requests, the digests of tokens and invitations, and counters.

Nothing in it names a reader: requests are encrypted, and tokens are digests. It is used by one
thread only, `writer.Writer`. SQLite's write-ahead log is flushed to disk at each commit.
"""

import datetime as dt
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from briefing.errors import FileError
from briefing.storage import files

from .counters import Counter
from .protocol import (
    DIGEST_LENGTH,
    KEPT_DAYS,
    MOST_REQUESTS,
    Mode,
    Request,
    RequestBatch,
    RequestKind,
)

FILE = "joining.sqlite3"
MOST_WAITING = {
    RequestKind.JOIN: 50_000,
    RequestKind.FIND: 20_000,
    RequestKind.QUEUED: 5_000,
}
"""Requests that wait for the editors, about 2 KB each: a flood of one kind leaves room for others."""
MOST_UNMATCHED = 10_000
"""The last number of a request that is kept although the editors have never sent their tokens."""
_COUNTERS = {
    RequestKind.LEAVE: (Counter.LEFT, Counter.LEFT_UNKNOWN),
    RequestKind.CHANGE: (Counter.CHANGED, Counter.CHANGED_UNKNOWN),
    RequestKind.UNDO: (Counter.UNDONE, Counter.UNDONE_UNKNOWN),
    RequestKind.JOIN: (Counter.JOINED, Counter.FULL),
    RequestKind.FIND: (Counter.FIND, Counter.FULL),
    RequestKind.QUEUED: (Counter.QUEUED, Counter.FULL),
}
"""Of the requests that are kept, and of those that aren't: their token isn't known, or there is no room."""
_DELETED_AT_ONCE = 2_000
"""Rows that are deleted in one commit: readers' requests have their turn in between."""

_SCHEMA = """
CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    body TEXT NOT NULL,
    acknowledged TEXT
) STRICT;
CREATE INDEX leavings ON requests (body) WHERE kind = 'leave';
CREATE INDEX waiting ON requests (kind) WHERE acknowledged IS NULL AND kind <> 'leave';
CREATE INDEX acknowledged ON requests (acknowledged) WHERE acknowledged IS NOT NULL;
CREATE TABLE tokens (
    upload INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (upload, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE invitations (digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE confirmed (digest BLOB PRIMARY KEY, until TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counters (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE state (
    store TEXT NOT NULL,
    upload INTEGER,
    tokens INTEGER NOT NULL DEFAULT 0,
    mode TEXT NOT NULL DEFAULT '',
    closed_by_itself INTEGER NOT NULL DEFAULT 0
) STRICT;
"""


class Store:
    """One open database."""

    def __init__(self, path: Path) -> None:
        """Open it, or create it. Raises FileError if it can't be used."""
        files.make_private_folder(path.parent)
        files.refuse_links(path)
        try:
            self._db = _open(path)
        except (sqlite3.Error, OSError) as error:
            raise FileError(
                path,
                f"can't be used ({error}); if it is damaged, move it away, start the server again, and run "
                "'briefing subscribers sync' on your own computer",
            ) from error
        (self.name,) = self._row("SELECT store FROM state")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything within durable together, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back where the disk is full.
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def part(self) -> Iterator[None]:
        """Undo what was done within, and nothing else, if it fails."""
        self._db.execute("SAVEPOINT part")
        try:
            yield
            self._db.execute("RELEASE part")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK TO part")
                self._db.execute("RELEASE part")
            raise

    def count(self, name: Counter) -> None:
        """Count one more."""
        self._db.execute(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
            (name,),
        )

    def leave(self, digest: bytes, day: dt.date) -> bool:
        """Keep and count that the reader whose token has this digest left; return whether it is known.

        Known or not, the same tables are written. A reader's earlier leaving is replaced: it counts
        after everything that they have done since.
        """
        body = digest.hex()
        self._db.execute(
            "DELETE FROM requests WHERE kind = 'leave' AND body = ?", (body,)
        )
        return self.add_for_token(digest, RequestKind.LEAVE, body, day)

    def add(self, kind: RequestKind, body: str, day: dt.date) -> bool:
        """Keep and count a request of one of MOST_WAITING; return whether there was room for it."""
        # The index 'waiting' is only used for a query with its own conditions.
        (waiting,) = self._row(
            "SELECT count(*) FROM requests WHERE acknowledged IS NULL AND kind <> 'leave' AND kind = ?",
            kind,
        )
        has_room = bool(waiting < MOST_WAITING[kind])
        if has_room:
            self._insert(kind, body, day)
        return self._count_kept(kind, has_room)

    def add_for_token(
        self, digest: bytes, kind: RequestKind, body: str, day: dt.date
    ) -> bool:
        """Keep and count a request if its token is known; return whether it is."""
        number = self._insert(kind, body, day)
        is_kept = self.knows(digest) or self._takes_unmatched(number)
        if not is_kept:
            self._db.execute("DELETE FROM requests WHERE id = ?", (number,))
        return self._count_kept(kind, is_kept)

    def _count_kept(self, kind: RequestKind, is_kept: bool) -> bool:
        kept, not_kept = _COUNTERS[kind]
        self.count(kept if is_kept else not_kept)
        return is_kept

    def confirm(self, link: bytes, until: dt.date) -> bool:
        """Return whether a link, by its digest, is used for the first time; from now on it isn't."""
        found = self._db.execute(
            "INSERT OR IGNORE INTO confirmed VALUES (?, ?)",
            (link, until.isoformat()),
        )
        return bool(found.rowcount == 1)

    def knows_invitation(self, digest: bytes) -> bool:
        return self._has("SELECT 1 FROM invitations WHERE digest = ?", digest)

    def mode(self) -> tuple[Mode | None, bool]:
        """Return the mode that was set from home or by a spike, if any, and whether it was a spike."""
        mode, by_itself = self._row("SELECT mode, closed_by_itself FROM state")
        return (Mode(mode) if mode else None), bool(by_itself)

    def set_mode(self, mode: Mode | None, *, by_itself: bool = False) -> None:
        self._db.execute(
            "UPDATE state SET mode = ?, closed_by_itself = ?",
            (mode or "", by_itself),
        )

    def batch(self, after: int, mode: Mode) -> RequestBatch:
        """Return the first requests after a number, for home; `mode` is the one in force."""
        rows = self._db.execute(
            "SELECT id, kind, day, body FROM requests WHERE id > ? ORDER BY id LIMIT ?",
            (after, MOST_REQUESTS),
        )
        requests = [
            Request(number, RequestKind(kind), day, body)
            for number, kind, day, body in rows
        ]
        counters = dict(self._db.execute("SELECT name, count FROM counters"))
        tokens, by_itself = self._row(
            "SELECT tokens, closed_by_itself FROM state"
        )
        return RequestBatch(
            store=self.name,
            mode=mode,
            is_closed_by_itself=bool(by_itself),
            tokens=tokens,
            counters=counters,
            requests=requests,
        )

    def acknowledge(self, up_to: int, day: dt.date) -> None:
        """Note that home has carried out the requests up to a number; delete what is old enough."""
        self._db.execute(
            "UPDATE requests SET acknowledged = ? WHERE id <= ? AND acknowledged IS NULL",
            (day.isoformat(), up_to),
        )
        kept_since = day - dt.timedelta(days=KEPT_DAYS)
        self._db.execute(
            "DELETE FROM requests WHERE acknowledged < ?",
            (kept_since.isoformat(),),
        )
        self._db.execute(
            "DELETE FROM confirmed WHERE until < ?", (day.isoformat(),)
        )

    def add_tokens(self, upload: int, digests: bytes) -> None:
        """Keep a part of new tokens, until `use_tokens` puts them in force."""
        self._db.executemany(
            "INSERT OR IGNORE INTO tokens VALUES (?, ?)",
            [(upload, digest) for digest in _cut(digests)],
        )

    def use_tokens(self, upload: int, count: int) -> bool:
        """Replace all tokens by those of an upload; False if it doesn't have this number of them."""
        (have,) = self._row(
            "SELECT count(*) FROM tokens WHERE upload = ?", upload
        )
        if have != count:
            return False
        self._db.execute(
            "UPDATE state SET upload = ?, tokens = ?", (upload, count)
        )
        return True

    def delete_old_tokens(self) -> bool:
        """Delete some tokens of other uploads; return whether there may be more."""
        # The order of the table makes all of these quick, however many tokens there are.
        least, most, current = self._row(
            "SELECT min(upload), (SELECT max(upload) FROM tokens), (SELECT upload FROM state) FROM tokens"
        )
        if least == most == current or least is None:
            return False
        other = most if least == current else least
        self._db.execute(
            "DELETE FROM tokens WHERE upload = ?1 AND digest IN (SELECT digest FROM tokens WHERE upload = ?1 LIMIT ?2)",
            (other, _DELETED_AT_ONCE),
        )
        return True

    def replace_invitations(self, digests: bytes) -> None:
        self._db.execute("DELETE FROM invitations")
        self._db.executemany(
            "INSERT OR IGNORE INTO invitations VALUES (?)",
            [(digest,) for digest in _cut(digests)],
        )

    def _insert(self, kind: RequestKind, body: str, day: dt.date) -> int:
        found = self._db.execute(
            "INSERT INTO requests (kind, day, body) VALUES (?, ?, ?)",
            (kind, day.isoformat(), body),
        )
        assert found.lastrowid is not None
        return found.lastrowid

    def knows(self, digest: bytes) -> bool:
        """Whether a token, by its digest, is one of those that the editors sent."""
        return self._has(
            "SELECT 1 FROM tokens WHERE upload = (SELECT upload FROM state) AND digest = ?",
            digest,
        )

    def _takes_unmatched(self, number: int) -> bool:
        """Whether the request with a number is kept although its token isn't known: before the editors
        sent theirs, none is.
        """
        has_tokens = self._has("SELECT 1 FROM state WHERE upload IS NOT NULL")
        return number <= MOST_UNMATCHED and not has_tokens

    def _has(self, query: str, *values: object) -> bool:
        return self._db.execute(query, values).fetchone() is not None

    def _row(self, query: str, *values: object) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self._db.execute(query, values).fetchone()
        return row


def _open(path: Path) -> sqlite3.Connection:
    path.touch(files.PRIVATE_FILE)
    # The writer's thread uses it; the one that starts the server opens it.
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    """Make commits durable, and create the tables of a new database."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten as well.
    db.execute("PRAGMA secure_delete = ON")
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        db.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}")
        db.execute(
            "INSERT INTO state (store) VALUES (?)", (secrets.token_hex(8),)
        )
        db.execute("COMMIT")


def _cut(digests: bytes) -> list[bytes]:
    """Return digests that follow one another."""
    return [
        digests[start : start + DIGEST_LENGTH]
        for start in range(0, len(digests), DIGEST_LENGTH)
    ]
