"""The ledger as a file: created completely or not at all, opened only if it can be trusted, durable
after each commit.
"""

import contextlib
import functools
import inspect
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal, ParamSpec, Self, TypeVar

from briefing.errors import BriefingError, BusyError, LedgerError
from briefing.keys import Key
from briefing.storage import files, folder_lock

from . import send_lock
from .schema import MIGRATION, OLDEST, SCHEMA, VERSION

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
AnyLedger = TypeVar("AnyLedger", bound="LedgerFile")

PATIENCE = 30.0
"""Seconds that SQLite waits for another process's transaction."""
CACHE = 8_000
"""KB of pages in memory. A send goes through its readers in the order of the file, so it needs few."""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNREACHABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""The file or its folder can't be read or written; that says nothing about its contents."""

_SEND_ENDED = "UPDATE ledger SET sending = 0"
_IN_MEMORY = Path(":memory:")


def raise_ledger_errors(ledger: type[AnyLedger]) -> type[AnyLedger]:
    """Let the public methods of a class turn an error of SQLite, or a row that no ledger has, into a
    LedgerError that ends the send.
    """
    for name, method in list(vars(ledger).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(ledger, name, _guard(method))
    return ledger


def _guard(
    method: Callable[Arguments, Result],
) -> Callable[Arguments, Result]:
    @functools.wraps(method)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return method(*args, **kwargs)
        except (sqlite3.Error, ValueError, TypeError) as error:
            ledger = args[0]
            assert isinstance(ledger, LedgerFile)
            raise _explain(error, ledger.path) from error

    return guarded


@raise_ledger_errors
class LedgerFile:
    """One open ledger file. Use it in a `with`, and only in the thread that opened it."""

    def __init__(self, path: Path | None, key: Key) -> None:
        """Open the ledger, or create it; one of an earlier version is brought up to date. `None`: one in
        memory, for a rehearsal.

        Raises LedgerError if it is damaged, newer, or belongs to another key, and BusyError if it
        is of an earlier version and another process is sending.
        """
        self.path = path or _IN_MEMORY
        self._key = key
        self._sending = False
        try:
            had_log = self._prepare() if path else False
            self._db = sqlite3.connect(
                self.path, isolation_level=None, timeout=PATIENCE
            )
        except (sqlite3.Error, OSError) as error:
            raise _explain(error, self.path) from error
        try:
            if path is None:
                _fill(self._db, key)
            self.name = self._verify()
            self._configure()
            self._require_log(had_log)
            self._bring_up_to_date()
        except sqlite3.Error as error:
            self._db.close()
            raise _explain(error, self.path) from error
        except BriefingError:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. A send that was begun has ended then, whatever its outcome."""
        if self._sending:
            # On a full disk, say; closing then frees the log's space.
            with contextlib.suppress(sqlite3.Error):
                self._db.execute(_SEND_ENDED)
                self._sending = False
        self._db.close()
        if self._sending:
            with (
                contextlib.suppress(sqlite3.Error),
                closing(sqlite3.connect(self.path)) as db,
                db,
            ):
                db.execute(_SEND_ENDED)

    def begin_send(self) -> None:
        """Record in the file itself, not in its log, that the two belong together from now on."""
        self._db.execute("UPDATE ledger SET sending = 1")
        self._sending = True
        # Not TRUNCATE: the log keeps its space on the disk, so that `close` can write to it even if
        # the disk is full.
        self._db.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()

    @contextmanager
    def _transaction(
        self, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE"
    ) -> Iterator[None]:
        """Run the statements in one commit. `DEFERRED`: other processes can write at the same time."""
        self._db.execute(f"BEGIN {kind}")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                # On a full disk SQLite has rolled back already.
                self._db.execute("ROLLBACK")
            raise

    def _read_number(self, query: str, *values: object) -> int:
        (number,) = self._db.execute(query, values).fetchone()
        return int(number)

    # Opening

    def _prepare(self) -> bool:
        """Create the file if there is none. Return whether its log exists."""
        files.make_private_folder(self.path.parent)
        if not self.path.exists():
            _create(self.path, self._key)
        elif self.path.stat().st_size == 0:
            raise LedgerError(self.path, "is empty; restore it from a backup")
        return self.path.with_name(f"{self.path.name}-wal").exists()

    def _verify(self) -> str:
        """Make sure that the ledger is of a known version and of this key. Return its name."""
        version = self._version()
        if not OLDEST <= version <= VERSION:
            raise LedgerError(
                self.path,
                f"was written by another version of briefing ({version}); use that version",
            )
        row = self._db.execute(
            "SELECT key_fingerprint, name FROM ledger"
        ).fetchone()
        if row is None:
            raise LedgerError(
                self.path,
                "is damaged (it names no key); restore it from a backup",
            )
        fingerprint, name = row
        if fingerprint != self._key.fingerprint:
            raise LedgerError(
                self.path,
                "belongs to another key; copy the key and the ledger together",
            )
        return str(name)

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        return int(version)

    def _bring_up_to_date(self) -> None:
        if self._version() == VERSION:
            return
        with (
            folder_lock.hold(self.path.parent, send_lock.FILE, send_lock.BUSY),
            self._transaction(),
        ):
            if self._version() == VERSION:  # another command was quicker
                return
            for statement in MIGRATION:
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _configure(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        # The list never reaches the disk.
        self._db.execute("PRAGMA temp_store = MEMORY")
        self._db.execute(f"PRAGMA cache_size = -{CACHE}")

    def _require_log(self, had_log: bool) -> None:
        """Raise LedgerError for the ledger of an interrupted send that was copied without its log.

        Only the log knows who got the issue last. Reading both together merges them.
        """
        (sending,) = self._db.execute("SELECT sending FROM ledger").fetchone()
        if not sending:
            return
        if not had_log:
            if not send_lock.is_free(self.path.parent):
                raise BusyError(  # the log was begun after we looked for it
                    "another briefing command has begun to send; wait until it has finished"
                )
            reason = (
                f"was copied without {self.path.name}-wal, which knows who got the issue last; copy both files, "
                "or restore both from a backup"
            )
            raise LedgerError(self.path, reason)
        with send_lock.while_free(self.path.parent) as free:
            if free:
                self._db.execute(_SEND_ENDED)


def _explain(error: Exception, path: Path) -> BriefingError:
    """Return an error that says what the user can do about one of SQLite's, or of the disk."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the details
    if code in _BUSY:
        return BusyError(
            "another briefing command is writing to the ledger; run this one again when it has finished"
        )
    if _is_disk_full(error, path):
        return LedgerError(
            path,
            f"{files.DISK_FULL}; free some space, then run the command again",
        )
    if code in _UNREACHABLE or isinstance(error, OSError):
        return LedgerError(
            path, f"can't be opened or written ({error}); check the disk"
        )
    return LedgerError(path, f"is damaged ({error}); restore it from a backup")


def _is_disk_full(error: Exception, path: Path) -> bool:
    if isinstance(error, OSError):
        return files.is_disk_full_error(error)
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_FULL:
        return True
    return code & 0xFF in _UNREACHABLE and files.is_disk_full(path.parent)


def _create(path: Path, key: Key) -> None:
    """Create a ledger completely or not at all, so that no ledger is ever an empty file."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        temporary.touch(files.PRIVATE_FILE)
        with closing(sqlite3.connect(temporary)) as db:
            _fill(db, key)
        # Another command may have created it at the same moment.
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, key: Key) -> None:
    """Create the tables of a new ledger, and name it."""
    db.executescript(SCHEMA)
    db.execute(
        "INSERT INTO ledger (key_fingerprint, name) VALUES (?, ?)",
        (key.fingerprint, secrets.token_hex(8)),
    )
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.commit()
