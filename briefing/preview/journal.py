"""The desk's journal: what is typed is on the disk before the issue's file is written.

It keeps, for each edition, its file as it was last read with the ids of its parts, the steps that
can be taken back, requests that aren't in the file yet, and words that couldn't be written to it.
"""

import contextlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing import files
from briefing.errors import BriefingError, FileError
from briefing.issue import markdown
from briefing.issue.edit_json import from_json, to_json
from briefing.issue.edits import Edit, Refusal
from briefing.issue.model import Issue, Section
from briefing.issue.parts import (
    START,
    NumberedItem,
    NumberedSection,
    Parts,
    follow,
)
from briefing.preview.records import (
    Kept,
    KeptReason,
    Known,
    Step,
    StepState,
)

FILE = "desk.sqlite3"
MOST_STEPS = 500
"""Steps that can be taken back, for each edition."""
MOST_REMOVED = 500
MOST_ANSWERED = 200
PATIENCE = 30.0
"""Seconds to wait for another desk on the same journal."""
VERSION = 1

LEAST_SPACE = 64 * 1024
"""Bytes that SQLite needs at least beside the journal."""

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
    # Parts that are gone, to make them again when somebody typed in them meanwhile.
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

    def edition(self, issue: str, lang: str) -> "EditionJournal":
        return EditionJournal(self, issue, lang)

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
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


@dataclass(frozen=True, slots=True)
class EditionJournal:
    """What the journal has on one edition of an issue."""

    journal: Journal
    issue: str
    lang: str

    # The file as it was last read

    def known(self) -> Known | None:
        """Return the file as it was last read; None if it never was."""
        rows = self._read("SELECT digest, text, ids FROM known")
        if not rows:
            return None
        digest, text, written = rows[0]
        ids = json.loads(written)
        issue, _ = markdown.read_draft(text, self.journal.path)
        return Known(digest, text, _numbered(issue, ids["ids"], ids["given"]))

    def set_known(self, known: Known) -> None:
        ids = {"ids": known.parts.ids, "given": known.parts.given}
        self.journal.write(
            "INSERT OR REPLACE INTO known (issue, lang, digest, text, ids) VALUES (?, ?, ?, ?, ?)",
            self.issue,
            self.lang,
            known.digest,
            known.text,
            json.dumps(ids),
        )

    # Steps

    def steps(self, state: StepState | None = None) -> list[Step]:
        """Return the steps in a state, or all; the newest last."""
        query = "SELECT id, edits, inverses, label, state FROM step"
        steps = [
            Step(_edits(edits), _edits(inverses), label, StepState(is_), number)
            for number, edits, inverses, label, is_ in self._read(query)
        ]
        return [step for step in steps if state in {None, step.state}]

    def last_step(self, state: StepState) -> Step | None:
        """Return the step to take back next (DONE), or to do again next (UNDONE)."""
        steps = self.steps(state)
        if not steps:
            return None
        # What was undone last is the oldest of the undone.
        return steps[0] if state is StepState.UNDONE else steps[-1]

    def add_step(self, step: Step) -> None:
        """Add a step that was just done; what was undone before can't be done again then."""
        self._write("DELETE FROM step WHERE state = ? AND", (StepState.UNDONE,))
        self.journal.write(
            "INSERT INTO step (issue, lang, edits, inverses, label, state) VALUES (?, ?, ?, ?, ?, ?)",
            self.issue,
            self.lang,
            *_step_row(step),
        )
        self._write(
            "DELETE FROM step WHERE id NOT IN (SELECT id FROM step WHERE issue = ? AND lang = ? "
            "ORDER BY id DESC LIMIT ?) AND",
            (self.issue, self.lang, MOST_STEPS),
        )

    def replace_step(self, step: Step) -> None:
        self._write(
            "UPDATE step SET edits = ?, inverses = ?, label = ?, state = ? WHERE id = ? AND",
            (*_step_row(step), step.id),
        )

    # Words that aren't in the file

    def kept(self) -> list[Kept]:
        """Return all kept words, the oldest first."""
        query = "SELECT part, field, before, words, reason, item, id FROM kept"
        return [
            Kept(
                part,
                name,
                before,
                words,
                KeptReason(reason),
                json.loads(item),
                number,
            )
            for part, name, before, words, reason, item, number in self._read(
                query
            )
        ]

    def keep(self, kept: Kept) -> None:
        """Add kept words, or replace those with the same id."""
        self.journal.write(
            "INSERT OR REPLACE INTO kept (id, issue, lang, part, field, before, words, reason, item) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            kept.id or None,
            self.issue,
            self.lang,
            kept.part,
            kept.field,
            kept.before,
            kept.words,
            kept.reason,
            json.dumps(dict(kept.item)),
        )

    def drop_kept(self, kept: int) -> None:
        self._write("DELETE FROM kept WHERE id = ? AND", (kept,))

    # Parts that are gone

    def removed(self) -> dict[str, dict[str, str]]:
        """Return the fields of parts as they were before they were removed, by id."""
        rows = self._read("SELECT part, item FROM removed")
        return {part: json.loads(item) for part, item in rows}

    def remember_removed(self, part: str, fields: Mapping[str, str]) -> None:
        self.journal.write(
            "INSERT OR REPLACE INTO removed (issue, lang, part, item) VALUES (?, ?, ?, ?)",
            self.issue,
            self.lang,
            part,
            json.dumps(dict(fields)),
        )
        self._write(
            "DELETE FROM removed WHERE id NOT IN (SELECT id FROM removed WHERE issue = ? AND lang = ? "
            "ORDER BY id DESC LIMIT ?) AND",
            (self.issue, self.lang, MOST_REMOVED),
        )

    # What isn't in the file yet

    def waiting(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the requests that aren't in the file yet with their ids, the oldest first."""
        rows = self._read("SELECT id, request FROM waiting")
        return [(number, json.loads(request)) for number, request in rows]

    def wait(
        self, request: Mapping[str, Any], number: int | None = None
    ) -> int:
        """Add a request, or replace the one with this id; return its id."""
        return self.journal.write(
            "INSERT OR REPLACE INTO waiting (id, issue, lang, request) VALUES (?, ?, ?, ?)",
            number,
            self.issue,
            self.lang,
            json.dumps(request),
        )

    def settle(self, request: int) -> None:
        """Forget a request: it is in the file, or its words are kept."""
        self._write("DELETE FROM waiting WHERE id = ? AND", (request,))

    def answered(self, key: str) -> tuple[str, ...] | None:
        """Return the ids of the parts that a request has added; None if it wasn't carried out."""
        rows = self._read("SELECT key, added FROM answered")
        found = [added for known, added in rows if key and known == key]
        return tuple(json.loads(found[-1])) if found else None

    def answer(self, key: str, added: Sequence[str]) -> None:
        """Record that a request was carried out."""
        self.journal.write(
            "INSERT INTO answered (issue, lang, key, added) VALUES (?, ?, ?, ?)",
            self.issue,
            self.lang,
            key,
            json.dumps(list(added)),
        )
        self._write(
            "DELETE FROM answered WHERE id NOT IN (SELECT id FROM answered WHERE issue = ? AND lang = ? "
            "ORDER BY id DESC LIMIT ?) AND",
            (self.issue, self.lang, MOST_ANSWERED),
        )

    def _read(self, query: str) -> list[tuple[Any, ...]]:
        where = "WHERE issue = ? AND lang = ? ORDER BY rowid"
        return self.journal.read(f"{query} {where}", self.issue, self.lang)

    def _write(self, statement: str, values: Sequence[object]) -> None:
        where = "issue = ? AND lang = ?"
        self.journal.write(
            f"{statement} {where}", *values, self.issue, self.lang
        )


def _step_row(step: Step) -> tuple[str, str, str, str]:
    edits = json.dumps(list(map(to_json, step.edits)))
    inverses = json.dumps(list(map(to_json, step.inverses)))
    return edits, inverses, step.label, step.state


def _edits(written: str) -> tuple[Edit, ...]:
    edits = [from_json(value) for value in json.loads(written)]
    return tuple(edit for edit in edits if not isinstance(edit, Refusal))


def _numbered(
    issue: Issue, ids: Sequence[tuple[str, Sequence[str]]], given: int
) -> Parts:
    """Return an issue with the ids that its parts had before; with new ones, if these are the ids of
    another issue.
    """
    nothing = Parts(Issue(), (NumberedSection(START, Section()),), given)
    parts = follow(nothing, issue)
    counts = [len(section.items) for section in parts.sections]
    if counts != [len(items) for _, items in ids]:
        return parts
    sections: list[NumberedSection] = []
    for section, (section_id, item_ids) in zip(
        parts.sections, ids, strict=True
    ):
        pairs = zip(item_ids, section.items, strict=True)
        items = [NumberedItem(part_id, part.item) for part_id, part in pairs]
        sections.append(
            NumberedSection(section_id, section.section, tuple(items))
        )
    return Parts(parts.head, tuple(sections), given)


def _open(path: Path | None) -> sqlite3.Connection:
    if path:
        files.refuse_links(path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
        os.close(os.open(path, flags, files.PRIVATE_FILE))
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
        if not version:
            for statement in _SCHEMA:
                db.execute(statement)
        db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _is_damaged(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _put_aside(path: Path) -> None:
    """Rename a damaged journal, and what belongs to it: it may have words that are nowhere else."""
    name = f"{path.stem}-damaged-{secrets.token_hex(4)}{path.suffix}"
    for end in ("", "-wal", "-shm"):
        part = path.with_name(f"{path.name}{end}")
        if part.exists():
            part.rename(path.with_name(f"{name}{end}"))


def _explain(error: Exception, path: Path) -> JournalError:
    """Return the error that says what the user can do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or _is_full(path):
        return JournalError(path, "the disk is full; free some space")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return JournalError(path, "another program is writing to it")
    return JournalError(path, f"can't be written ({error}); check the disk")


def _is_full(path: Path) -> bool:
    """Whether there is no space left, which SQLite also calls an I/O error."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < LEAST_SPACE
