"""The file of an edition and its journal: requests are written to the journal first, then to the
file, and forgotten only when they are in it.

A crash between any two steps loses nothing. What the journal has waiting is carried out again; if
the file already is what it would become, only the journal still has to be brought up to date.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

from briefing.errors import (
    BriefingError,
    ChangedError,
    IssueError,
    display_path,
)
from briefing.issue import markdown, store
from briefing.issue.edits import Edit
from briefing.issue.fields import item_of, values_of
from briefing.issue.model import Item
from briefing.issue.parts import NOTHING, Parts, follow, is_item_id
from briefing.issue.store import Edition
from briefing.issue.typed_words import overwritten, typed
from briefing.storage import files
from briefing.text.decoding import decode_utf8

from . import requests
from .decisions import Decision, EditionState, decide, keep_unwritten
from .inbox_moves import InboxFile, into_inbox, out_of_inbox
from .journal import EditionJournal
from .journal_file import JournalError
from .records import KeptReason, KeptWords, KnownFile, StepState
from .requests import ApplyEdits, DeskRequest
from .returned_words import edit_restoring, returned, settled

MOST_ATTEMPTS = 20
"""Times to begin again because someone else saved the file at the same moment."""


_as_draft = lru_cache(4)(store.as_draft)
"""Each request reads the file several times, to be sure of it."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What is in the file of an edition now."""

    edition: Edition
    text: str | None
    """The whole file; None if it isn't UTF-8."""

    @property
    def is_readable(self) -> bool:
        return not self.edition.mistakes


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """What became of a request."""

    decision: Decision | None
    """None if it isn't in the file yet."""
    why: str = ""
    """Why it isn't."""


class EditedFile:
    """The file of an edition. Use it only in `store.editing`."""

    def __init__(
        self, path: Path, lang: str, journal: EditionJournal, inbox: InboxFile
    ) -> None:
        self.path = path
        self.lang = lang
        self.journal = journal
        self.inbox = inbox

    def read(self) -> OnDisk:
        """Return what is in the file. Raises IssueError, NotFoundError."""
        data = store.read_bytes(self.path)
        edition = _as_draft(data, self.path, self.lang)
        try:
            return OnDisk(edition, decode_utf8(data, self.path, IssueError))
        except IssueError:
            return OnDisk(edition, None)

    def catch_up(self) -> str:
        """Bring the journal up to date with the file, and what waits into the file.

        Return why something still waits; empty if nothing does. Raises JournalError.
        """
        if not self.journal.waiting():
            self.follow_if_readable()
            if self._returned_words():
                # They are moved into this request once it is carried out.
                self.journal.add_waiting(requests.to_journal(ApplyEdits(())))
        return self._carry_out_waiting(0).why

    def _returned_words(self) -> list[KeptWords]:
        known = self.journal.known()
        return returned(self.journal.kept(), known.parts) if known else []

    def submit(
        self, request: DeskRequest, *, waits: bool = True
    ) -> RequestOutcome:
        """Carry out a request; if that isn't possible now, what was typed waits, unless the request
        is to be carried out now or not at all. Raises JournalError.
        """
        self.catch_up()
        if isinstance(request, ApplyEdits):
            added = self.journal.answer_to(request.key)
            if added is not None:
                return self._repeat(request, added, waits=waits)
        return self._submit(request, waits=waits)

    def _repeat(
        self, request: ApplyEdits, added: Sequence[str], *, waits: bool
    ) -> RequestOutcome:
        """Answer a request again that was carried out."""
        # A page repeats a request whose answer it didn't get. Fields can be set twice, but parts must be added once.
        answer = self._submit(request.fields_only, waits=waits)
        if answer.decision:
            answer.decision.added += added
        return answer

    def _submit(self, request: DeskRequest, *, waits: bool) -> RequestOutcome:
        with self.journal.transaction():
            number = self._add_waiting(request)
        answer = self._carry_out_waiting(number)
        if answer.decision is None and not waits:
            with self.journal.transaction():
                self.journal.drop_waiting(number)
        return answer

    def keep_unwritten(self, request: DeskRequest | None = None) -> list[int]:
        """Keep what was typed in a request, and in all that wait: nothing may be written. Return the
        ids of the kept words. Raises JournalError.
        """
        self.follow_if_readable()
        kept: list[int] = []
        with self.journal.transaction():
            if request:
                self.journal.add_waiting(requests.to_journal(request))
            for number, waiting in self._waiting():
                kept += self._keep(waiting)
                self.journal.drop_waiting(number)
        return kept

    def _keep(self, request: DeskRequest) -> list[int]:
        known = self.journal.known()
        if known is None or not isinstance(request, ApplyEdits):
            return []
        state = self._state(known.parts)
        decision = keep_unwritten(request.edits, KeptReason.READ_ONLY, state)
        return [self.journal.keep(kept) for kept in decision.keep]

    @property
    def unsaved(self) -> tuple[Edit, ...]:
        """The edits that wait, the oldest first."""
        return tuple(
            edit
            for _, request in self._waiting()
            if isinstance(request, ApplyEdits)
            for edit in request.edits
        )

    # Following the file

    def follow_if_readable(self, *, by_us: bool = False) -> None:
        """Follow the file, unless it can't be read and an earlier version of it is known."""
        try:
            disk = self.read()
        except BriefingError:
            return
        if disk.is_readable or self.journal.known() is None:
            self.follow(disk, by_us=by_us)

    def follow(self, disk: OnDisk, *, by_us: bool = False) -> KnownFile:
        """Bring the journal up to date with the file, which may have been changed elsewhere.

        What was typed here and isn't in it any more is kept, unless it was taken out here.
        """
        known = self.journal.known()
        if known and known.digest == disk.edition.digest:
            return known
        before = known.parts if known else NOTHING
        parts = follow(before, disk.edition.issue, self._removed_items())
        now = KnownFile(disk.edition.digest, disk.text or "", parts)
        with self.journal.transaction():
            self._remember_lost(before, parts, by_us=by_us)
            self._set_known(now)
        return now

    def _set_known(self, known: KnownFile) -> None:
        self.journal.set_known(known)
        for kept_id in settled(self.journal.kept(), known.parts):
            self.journal.drop_kept(kept_id)

    def _removed_items(self) -> dict[str, Item]:
        """Return the items that were removed, as they were."""
        return {
            part_id: item_of(fields)
            for part_id, fields in self.journal.removed().items()
            if is_item_id(part_id)
        }

    def _remember_lost(self, before: Parts, now: Parts, *, by_us: bool) -> None:
        for part_id in _ids(before):
            part = before.part(part_id)
            if part is not None and now.part(part_id) is None:
                self.journal.remember_removed(part_id, values_of(part))
        if not by_us:
            self._keep_overwritten(before, now)

    def _keep_overwritten(self, before: Parts, now: Parts) -> None:
        """Keep what was typed here and someone else's version doesn't have."""
        steps = self.journal.steps()
        done = [step for step in steps if step.state is not StepState.UNDONE]
        words = typed(chain.from_iterable(step.edits for step in done))
        for lost in overwritten(before, now, words):
            kept = KeptWords(
                part=lost.part,
                field=lost.field,
                before=lost.words,
                words=lost.words,
                reason=KeptReason.OVERWRITTEN,
                item=lost.values,
            )
            self.journal.keep(kept)

    # Carrying out what waits

    def _waiting(self) -> list[tuple[int, DeskRequest]]:
        return [
            (number, requests.from_journal(request))
            for number, request in self.journal.waiting()
        ]

    def _add_waiting(self, request: DeskRequest) -> int:
        """Add a request to those that wait, unless it repeats one of them; typing continues the last
        one.
        """
        waiting = self._waiting()
        for number, known in waiting:
            if requests.is_repeated(known, request):
                return number
        if waiting and requests.changes_nothing(request):
            # A page asks whether what it typed has been written by now.
            return waiting[-1][0]
        if waiting and isinstance(request, ApplyEdits) and request.continues:
            number, last = waiting[-1]
            joined = requests.joined(last, request)
            if joined:
                return self.journal.add_waiting(
                    requests.to_journal(joined), number
                )
        return self.journal.add_waiting(requests.to_journal(request))

    def _carry_out_waiting(self, wanted: int) -> RequestOutcome:
        """Carry out all that waits; return what became of one of these requests."""
        for _ in range(MOST_ATTEMPTS):
            try:
                return RequestOutcome(self._carry_out_all(wanted))
            except ChangedError as error:
                why = str(error)
            except BriefingError as error:
                return RequestOutcome(None, str(error))
        return RequestOutcome(None, why)

    def _carry_out_all(self, wanted: int) -> Decision | None:
        decisions = {
            number: self._carry_out(number, request)
            for number, request in self._waiting()
        }
        return decisions.get(wanted)

    def _carry_out(self, number: int, request: DeskRequest) -> Decision:
        """Carry out a request. Raises ChangedError, BriefingError."""
        disk = self._read_sound()
        known = self.journal.known()
        if known and known.digest != disk.edition.digest:
            decision = decide(request, self._state(known.parts))
            if _written(decision.parts) == disk.text:
                # The program ended after it had written the file.
                self.inbox.release(out_of_inbox(decision))
                self._record(number, request, decision)
                return decision
        before = known
        known = self.follow(disk)
        if before:
            request = requests.without_added(request, before.parts, known.parts)
        request = self._with_returned(number, request)
        decision = decide(request, self._state(known.parts))
        if decision.parts != known.parts:
            self._write(disk, request, decision, known.parts)
        self._record(number, request, decision)
        return decision

    def _with_returned(self, number: int, request: DeskRequest) -> DeskRequest:
        """Move kept words that can be put back into a request that waits, ahead of its own edits, which
        may continue them.
        """
        words = self._returned_words()
        if not words or not isinstance(request, ApplyEdits):
            return request
        back = map(edit_restoring, words)
        whole = replace(request, edits=(*back, *request.edits))
        with self.journal.transaction():
            for kept in words:
                self.journal.drop_kept(kept.id)
            self.journal.add_waiting(requests.to_journal(whole), number)
        return whole

    def _write(
        self,
        disk: OnDisk,
        request: DeskRequest,
        decision: Decision,
        before: Parts,
    ) -> None:
        """Write the file, and the inbox if items move between them: first where they go to."""
        moved = out_of_inbox(decision)
        if isinstance(request, ApplyEdits):
            self.inbox.require(moved)
        self.inbox.receive(into_inbox(decision, before))
        text = _written(decision.parts)
        store.save_bytes(disk.edition, text.encode())
        self.inbox.release(moved)

    def _read_sound(self) -> OnDisk:
        disk = self.read()
        if disk.is_readable:
            return disk
        raise BriefingError(
            f"{display_path(self.path)} has mistakes in its format; correct them first"
        )

    def _record(
        self, number: int, request: DeskRequest, decision: Decision
    ) -> None:
        """Write to the journal what is in the file now. If that fails, the request waits, and what is
        in the file already is recognised the next time.
        """
        with contextlib.suppress(JournalError):
            self._write_record(number, request, decision)

    def _write_record(
        self, number: int, request: DeskRequest, decision: Decision
    ) -> None:
        journal = self.journal
        text = _written(decision.parts)
        digest = files.digest(text.encode())
        with journal.transaction():
            for step in decision.steps:
                if step.id:
                    journal.replace_step(step)
                else:
                    journal.add_step(step)
            for kept in decision.keep:
                journal.keep(kept)
            for kept_id in decision.drop:
                journal.drop_kept(kept_id)
            for part, fields in decision.removed.items():
                journal.remember_removed(part, fields)
            self._set_known(KnownFile(digest, text, decision.parts))
            if isinstance(request, ApplyEdits) and request.key:
                journal.record_answer(request.key, decision.added)
            journal.drop_waiting(number)

    def _state(self, parts: Parts) -> EditionState:
        return EditionState(
            parts,
            self.journal.last_step(StepState.DONE),
            self.journal.last_step(StepState.UNDONE),
            self.journal.kept(),
            self.journal.removed(),
        )


def _written(parts: Parts) -> str:
    return markdown.write(parts.issue)


def _ids(parts: Parts) -> Iterator[str]:
    for section_id, item_ids in parts.ids:
        yield section_id
        yield from item_ids
