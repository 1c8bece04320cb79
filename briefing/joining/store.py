"""The server's database, with requests and the digests of tokens; and the thread that uses it.

Nothing in it names a reader: requests are encrypted, and tokens are digests. SQLite's write-ahead
log is flushed to disk at each commit.
"""

import datetime as dt
import queue
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from briefing.errors import FileError
from briefing.storage import files

from .protocol import (
    DIGEST_LENGTH,
    KEPT_DAYS,
    MOST_REQUESTS,
    Request,
    RequestBatch,
    RequestKind,
)

Result = TypeVar("Result")

FILE = "joining.sqlite3"
MOST_JOINS = 50_000
"""Joins that wait for the editors, about 2 KB each."""
MOST_UNMATCHED = 10_000
"""The last number of a request that is kept although the editors have never sent their tokens."""
PATIENCE = 30.0
"""Seconds for which a request waits for the disk."""


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
CREATE TABLE confirmed (digest BLOB PRIMARY KEY, until TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE state (
    store TEXT NOT NULL,
    upload INTEGER,
    tokens INTEGER NOT NULL DEFAULT 0
) STRICT;
"""


class Store:
    """One open database. It is used by one thread only, that of `Writer`."""

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
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    def leave(self, digest: bytes, day: dt.date) -> None:
        """Keep that the reader whose token has this digest left, if it is known.

        Known or not, the same tables are written. A reader's earlier leaving is replaced: it counts
        after everything that they have done since.
        """
        body = digest.hex()
        self._db.execute(
            "DELETE FROM requests WHERE kind = 'leave' AND body = ?", (body,)
        )
        self.add_for_token(digest, RequestKind.LEAVE, body, day)

    def join(
        self, link: bytes, until: dt.date, body: str, day: dt.date
    ) -> bool:
        """Keep that someone joins by a link, which works once; return whether there was room.

        `link`: its digest, remembered until a day.
        """
        used = "SELECT count(*) FROM confirmed WHERE digest = ?"
        if self._row(used, link) == (1,):
            return True
        # The index 'waiting' is only used for a query with its own conditions.
        (waiting,) = self._row(
            "SELECT count(*) FROM requests WHERE acknowledged IS NULL AND kind <> 'leave' AND kind = 'join'"
        )
        if waiting >= MOST_JOINS:
            return False
        self._db.execute(
            "INSERT INTO confirmed VALUES (?, ?)", (link, until.isoformat())
        )
        self._insert(RequestKind.JOIN, body, day)
        return True

    def add_for_token(
        self, digest: bytes, kind: RequestKind, body: str, day: dt.date
    ) -> None:
        """Keep a request if its token is known. Before the editors have sent any tokens, the first requests
        are kept without.
        """
        number = self._insert(kind, body, day)
        (upload,) = self._row("SELECT upload FROM state")
        (known,) = self._row(
            "SELECT count(*) FROM tokens WHERE upload = ? AND digest = ?",
            upload,
            digest,
        )
        is_early = upload is None and number <= MOST_UNMATCHED
        if not (known or is_early):
            self._db.execute("DELETE FROM requests WHERE id = ?", (number,))

    def batch(self, after: int) -> RequestBatch:
        """Return the first requests after a number, for home."""
        rows = self._db.execute(
            "SELECT id, kind, day, body FROM requests WHERE id > ? ORDER BY id LIMIT ?",
            (after, MOST_REQUESTS),
        )
        requests = [
            Request(number, RequestKind(kind), day, body)
            for number, kind, day, body in rows
        ]
        (tokens,) = self._row("SELECT tokens FROM state")
        return RequestBatch(
            store=self.name,
            tokens=tokens,
            requests=requests,
        )

    def acknowledge(self, name: object, up_to: int, day: dt.date) -> bool:
        """Note that home has carried out the requests up to a number; delete what is old enough. Return
        False if `name` is another store's.
        """
        if name != self.name:
            return False
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
        return True

    def add_tokens(self, upload: int, digests: bytes) -> None:
        """Keep a part of new tokens, until `use_tokens` puts them in force."""
        self._db.executemany(
            "INSERT OR IGNORE INTO tokens VALUES (?, ?)",
            [
                (upload, digests[start : start + DIGEST_LENGTH])
                for start in range(0, len(digests), DIGEST_LENGTH)
            ],
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
        self._db.execute("DELETE FROM tokens WHERE upload <> ?", (upload,))
        return True

    def _insert(self, kind: RequestKind, body: str, day: dt.date) -> int:
        found = self._db.execute(
            "INSERT INTO requests (kind, day, body) VALUES (?, ?, ?)",
            (kind, day.isoformat(), body),
        )
        assert found.lastrowid is not None
        return found.lastrowid

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


Job = Callable[[Store], Any]
_Entry = tuple[Job, Future[Any]]
"""A job, and what its caller waits for."""


class UnavailableError(Exception):
    """The disk is full or doesn't answer; nothing of the request was kept."""


class Writer:
    """Runs jobs on the store in a thread of its own, and answers once they are durable: whatever came in
    while the disk was busy shares the next commit, which takes as long for one request as for a hundred.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._work, name="writer", daemon=True
        )
        self._thread.start()

    def run(self, job: Callable[[Store], Result]) -> Result:
        """Run a job on the store in the next commit, and return its result after that.

        Raises UnavailableError if it couldn't be made durable, and what a job in the same commit raises;
        then nothing of it was kept.
        """
        done: Future[Result] = Future()
        self._jobs.put((job, done))
        try:
            return done.result(PATIENCE)
        except TimeoutError:
            raise UnavailableError from None

    def close(self) -> None:
        """Finish what was asked for, and close the store."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            together = [first]
            with suppress(queue.Empty):
                while True:
                    entry = self._jobs.get_nowait()
                    if entry is None:
                        # The end comes after these.
                        self._jobs.put(None)
                        break
                    together.append(entry)
            self._commit(together)
        self._store.close()

    def _commit(self, together: list[_Entry]) -> None:
        try:
            with self._store.transaction():
                results = [job(self._store) for job, _ in together]
        except Exception as error:  # noqa: BLE001  # it is raised where the jobs came from
            is_disk = isinstance(error, sqlite3.Error)
            for _, done in together:
                done.set_exception(UnavailableError() if is_disk else error)
            return
        for (_, done), result in zip(together, results, strict=True):
            done.set_result(result)
