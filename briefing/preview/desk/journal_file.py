"""The desk's journal as a file: opened or created, written durably, put aside if it is damaged."""

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from briefing.errors import BriefingError, FileError, RefusedError
from briefing.storage import files

FILE = "desk.sqlite3"
PATIENCE = 30.0
"""Seconds to wait for another desk on the same journal."""
VERSION = 1

JournalRow = tuple[Any, ...]

_EDITION = "issue TEXT NOT NULL, lang TEXT NOT NULL"
_NUMBER = "id INTEGER PRIMARY KEY AUTOINCREMENT"
_SCHEMA = (
    # The file as it was last read; `ids`: of its parts in order, with the highest number given.
    f"CREATE TABLE known ({_EDITION}, digest TEXT NOT NULL, text TEXT NOT NULL, ids TEXT NOT NULL, "
    "PRIMARY KEY (issue, lang))",
    f"CREATE TABLE step ({_NUMBER}, {_EDITION}, edits TEXT NOT NULL, inverses TEXT NOT NULL, "
    "label TEXT NOT NULL, state TEXT NOT NULL)",
    f"CREATE TABLE kept ({_NUMBER}, {_EDITION}, part TEXT NOT NULL, field TEXT NOT NULL, "
    "before TEXT NOT NULL, words TEXT NOT NULL, reason TEXT NOT NULL, item TEXT NOT NULL)",
    # Parts that are gone, to recreate them if someone was typing in them.
    f"CREATE TABLE removed ({_NUMBER}, {_EDITION}, part TEXT NOT NULL, item TEXT NOT NULL, "
    "UNIQUE (issue, lang, part))",
    # What isn't in the file yet.
    f"CREATE TABLE waiting ({_NUMBER}, {_EDITION}, request TEXT NOT NULL)",
    # Requests that were carried out, for a page that repeats one; `added`: ids of new parts.
    f"CREATE TABLE answered ({_NUMBER}, {_EDITION}, key TEXT NOT NULL, added TEXT NOT NULL)",
    f"PRAGMA user_version = {VERSION}",
)


class JournalError(FileError):
    """The journal can't be read or written."""


class Journal:
    """The journal of all editions. Only one thread at a time may use it."""

    def __init__(self, state: Path | None) -> None:
        """Open the journal in a newsletter's private folder, or create it; None: in memory.

        One that is damaged is put aside, whole, and a new one begun. Raises JournalError.
        """
        self.path = state / FILE if state else Path(FILE)
        try:
            if state:
                files.make_private_folder(state)
            self._db = _open(self.path if state else None)
        except (BriefingError, OSError) as error:
            raise JournalError(
                self.path, f"can't be opened: {error}"
            ) from error
        except sqlite3.DatabaseError as error:
            if not _is_damaged(error):
                raise _explain(error, self.path) from error
            _put_aside(self.path)
            self._db = _open(self.path)

    def restore(self) -> None:
        """Write the journal again if its file was removed in the meantime, as by `git clean`: until it is
        closed, everything can still be read. Raises JournalError.
        """
        if self.path.exists():
            return
        try:
            files.make_private_folder(self.path.parent)
            db = _open(self.path)
            self._db.backup(db)
        except (BriefingError, OSError, sqlite3.Error) as error:
            raise JournalError(
                self.path, f"can't be written again: {error}"
            ) from error
        self._db.close()
        self._db = db

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing; it is on the disk at the end. Raises JournalError."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise _explain(error, self.path) from error
            raise

    def read(self, query: str, *values: object) -> list[JournalRow]:
        """Return the rows of a query. Raises JournalError."""
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _explain(error, self.path) from error

    def write(self, statement: str, *values: object) -> int:
        """Execute a statement; return the id of the new row. Raises JournalError."""
        try:
            return self._db.execute(statement, values).lastrowid or 0
        except sqlite3.Error as error:
            raise _explain(error, self.path) from error


def _open(path: Path | None) -> sqlite3.Connection:
    if path:
        files.refuse_links(path)
        _create(path)
    db = sqlite3.connect(
        path or ":memory:",
        isolation_level=None,
        timeout=PATIENCE,
        check_same_thread=False,
    )
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("BEGIN IMMEDIATE")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise RefusedError("it was written by a newer version of briefing")  # noqa: TRY301  # closes it below
        if not version:
            for statement in _SCHEMA:
                db.execute(statement)
        db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _create(path: Path) -> None:
    """Create the file, unless it exists.

    One that exists isn't opened here: closing it would end the locks of this process's other
    connections, and then another process could remove their log (sqlite.org/howtocorrupt.html, 2.2).
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, flags, files.PRIVATE_FILE))


def _is_damaged(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _put_aside(path: Path) -> None:
    """Rename a damaged journal and its log: it may contain words that are nowhere else."""
    name = f"{path.stem}-damaged-{secrets.token_hex(4)}{path.suffix}"
    for end in ("", "-wal", "-shm"):
        part = path.with_name(f"{path.name}{end}")
        if part.exists():
            part.rename(path.with_name(f"{name}{end}"))


def _explain(error: Exception, path: Path) -> JournalError:
    """Return the error that says what the user can do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or files.is_disk_full(path.parent):
        return JournalError(path, f"{files.DISK_FULL}; free some space")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return JournalError(path, "another program is writing to it")
    return JournalError(path, f"can't be written ({error}); check the disk")
