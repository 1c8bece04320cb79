"""The desk's journal: what is typed is on the disk before the issue's file is written.

It keeps, for each edition, its file as it was last read with the ids of its parts, the steps that
can be undone, requests that aren't in the file yet, and words that couldn't be written to it.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from briefing.issue import markdown
from briefing.issue.edit_json import known_edits, to_json
from briefing.issue.model import Issue
from briefing.issue.parts import NumberedItem, NumberedSection, Parts

from .journal_file import Journal, JournalRow
from .records import (
    FieldValues,
    KeptReason,
    KeptWords,
    KnownFile,
    ReplacedFile,
    Step,
    StepState,
)

MOST_STEPS = 500
"""Steps that can be undone, for each edition."""
MOST_REMOVED = 100
MOST_ANSWERED = 200

_STEPS = "SELECT id, edits, inverses, label, state FROM step"


@dataclass(frozen=True, slots=True)
class EditionJournal:
    """What the journal has on one edition of an issue."""

    journal: Journal
    issue: str
    lang: str

    def transaction(self) -> AbstractContextManager[None]:
        """Write all or nothing; see `Journal.transaction`."""
        return self.journal.transaction()

    # The file as it was last read

    def known(self) -> KnownFile | None:
        """Return the file as it was last read; None if it never was."""
        rows = self._read("SELECT digest, text, ids FROM known")
        if not rows:
            return None
        digest, text, written = rows[0]
        ids = json.loads(written)
        parts = _with_ids(_read_issue(text), ids["ids"], ids["given"])
        return KnownFile(digest, text, parts)

    def set_known(self, known: KnownFile) -> None:
        ids = {"ids": known.parts.ids, "given": known.parts.given}
        self._insert(
            "INSERT OR REPLACE INTO known (issue, lang, digest, text, ids) VALUES (?, ?, ?, ?, ?)",
            known.digest,
            known.text,
            json.dumps(ids),
        )

    # Steps

    def steps(self) -> list[Step]:
        """Return all steps, the newest last."""
        return list(map(_step, self._read(_STEPS)))

    def last_step(self, state: StepState) -> Step | None:
        """Return the step to undo next (DONE), or to redo next (UNDONE)."""
        # What was undone last is the oldest of the undone.
        order = "ASC" if state is StepState.UNDONE else "DESC"
        rows = self.journal.read(
            f"{_STEPS} WHERE issue = ? AND lang = ? AND state = ? ORDER BY id {order} LIMIT 1",
            self.issue,
            self.lang,
            state,
        )
        return _step(rows[0]) if rows else None

    def add_step(self, step: Step) -> None:
        """Add a step that was just done; what was undone before can then no longer be redone."""
        self._write("DELETE FROM step WHERE state = ? AND", (StepState.UNDONE,))
        self._insert(
            "INSERT INTO step (issue, lang, edits, inverses, label, state) VALUES (?, ?, ?, ?, ?, ?)",
            *_step_row(step),
        )
        self._forget_oldest("step", MOST_STEPS)

    def replace_step(self, step: Step) -> None:
        self._write(
            "UPDATE step SET edits = ?, inverses = ?, label = ?, state = ? WHERE id = ? AND",
            (*_step_row(step), step.id),
        )

    # Words that aren't in the file

    def kept(self) -> list[KeptWords]:
        """Return all kept words, the oldest first."""
        query = "SELECT part, field, before, words, reason, item, id FROM kept"
        return list(map(_kept, self._read(query)))

    def keep(self, kept: KeptWords) -> int:
        """Add kept words, or replace those with the same id; return their id."""
        return self._insert(
            "INSERT OR REPLACE INTO kept (issue, lang, id, part, field, before, words, reason, item) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            kept.id or None,
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

    def remember_removed(self, part: str, fields: FieldValues) -> None:
        self._insert(
            "INSERT OR REPLACE INTO removed (issue, lang, part, item) VALUES (?, ?, ?, ?)",
            part,
            json.dumps(dict(fields)),
        )
        self._forget_oldest("removed", MOST_REMOVED)

    # What isn't in the file yet

    def waiting(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the requests that aren't in the file yet with their ids, the oldest first."""
        rows = self._read("SELECT id, request FROM waiting")
        return [(number, json.loads(request)) for number, request in rows]

    def add_waiting(
        self, request: Mapping[str, Any], number: int | None = None
    ) -> int:
        """Add a request, or replace the one with this id; return its id."""
        return self._insert(
            "INSERT OR REPLACE INTO waiting (issue, lang, id, request) VALUES (?, ?, ?, ?)",
            number,
            json.dumps(request),
        )

    def drop_waiting(self, request: int) -> None:
        """Forget a request: it is in the file, or its words are kept."""
        self._write("DELETE FROM waiting WHERE id = ? AND", (request,))

    def answer_to(self, key: str) -> tuple[str, ...] | None:
        """Return the ids of the parts that a request has added; None if it wasn't carried out."""
        rows = self._read("SELECT key, added FROM answered")
        found = [added for known, added in rows if key and known == key]
        return tuple(json.loads(found[-1])) if found else None

    def record_answer(self, key: str, added: Sequence[str]) -> None:
        """Record that a request was carried out."""
        self._insert(
            "INSERT INTO answered (issue, lang, key, added) VALUES (?, ?, ?, ?)",
            key,
            json.dumps(list(added)),
        )
        self._forget_oldest("answered", MOST_ANSWERED)

    def _forget_oldest(
        self, table: Literal["step", "removed", "answered"], most: int
    ) -> None:
        """Keep only the newest rows of a table."""
        self._write(
            f"DELETE FROM {table} WHERE id NOT IN (SELECT id FROM {table} WHERE issue = ? AND lang = ? "  # noqa: S608  # our own table names
            "ORDER BY id DESC LIMIT ?) AND",
            (self.issue, self.lang, most),
        )

    def _read(self, query: str) -> list[JournalRow]:
        where = "WHERE issue = ? AND lang = ? ORDER BY rowid"
        return self.journal.read(f"{query} {where}", self.issue, self.lang)

    def _insert(self, statement: str, *values: object) -> int:
        """Insert a row, whose first columns are those of the edition; return its id."""
        return self.journal.write(statement, self.issue, self.lang, *values)

    def _write(self, statement: str, values: Sequence[object]) -> None:
        where = "issue = ? AND lang = ?"
        self.journal.write(
            f"{statement} {where}", *values, self.issue, self.lang
        )


@lru_cache(4)  # each request asks for it several times
def _read_issue(text: str) -> Issue:
    issue, _ = markdown.read_draft(text, Path())
    return issue


def _kept(row: JournalRow) -> KeptWords:
    part, field, before, words, reason, item, number = row
    why = KeptReason(reason)
    fields = json.loads(item)
    return KeptWords(part, field, before, words, why, fields, number)


def _step(row: JournalRow) -> Step:
    number, edits, inverses, label, state = row
    done = json.loads(edits)
    if isinstance(done, list):
        back = known_edits(json.loads(inverses))
        step = Step(known_edits(done), back, label)
    elif "replaced" in done:
        step = Step.replacing(ReplacedFile(**done["replaced"]))
    else:
        step = Step.discarding(KeptWords(**done["discarded"]))
    return replace(step, label=label, state=StepState(state), id=number)


def _step_row(step: Step) -> tuple[str, str, str, str]:
    done: object = list(map(to_json, step.edits))
    if step.replaced:
        done = {"replaced": asdict(step.replaced)}
    elif step.discarded:
        done = {"discarded": asdict(step.discarded)}
    inverses = json.dumps(list(map(to_json, step.inverses)))
    return json.dumps(done), inverses, step.label, step.state


def _with_ids(
    issue: Issue, ids: Sequence[tuple[str, Sequence[str]]], given: int
) -> Parts:
    """Return an issue with these ids of its parts; with new ones, if they are those of another issue."""
    parts = Parts.number(issue, given)
    counts = [len(section.items) for section in parts.sections]
    if counts != [len(items) for _, items in ids]:
        return parts
    sections: list[NumberedSection] = []
    for section, (section_id, item_ids) in zip(
        parts.sections, ids, strict=True
    ):
        items = [part.item for part in section.items]
        numbered = tuple(map(NumberedItem, item_ids, items))
        sections.append(NumberedSection(section_id, section.section, numbered))
    return Parts(parts.head, tuple(sections), given)
