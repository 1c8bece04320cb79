"""The desk: one issue, made in the browser, whose files may be changed elsewhere at any moment.

What is typed is in the journal before it is in the file, and words that can't be written are kept.
"""

import dataclasses
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from briefing.errors import NotFoundError, RefusedError
from briefing.issue import store
from briefing.issue.edits import Conflict, Edit, Refusal
from briefing.issue.model import Item
from briefing.issue.parts import NOTHING, Parts
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.text.decoding import without_lone_surrogates

from . import read_only, source_text
from .decisions import Decision
from .edited_file import EditedFile
from .inbox_moves import InboxFile
from .journal import EditionJournal
from .journal_file import Journal, JournalError
from .read_only import ReadOnly
from .records import FieldValues, KeptReason, KeptWords, StepState
from .requests import ApplyEdits, Redo, Resolve, Undo


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """An edition as the page shows it."""

    edition: Edition
    """The issue as it is in the file, or as it was when the file could last be read. With mistakes,
    nothing can be edited but the source. The digest is empty if there is no file.
    """
    parts: Parts
    source: str
    """The whole file; empty if it isn't UTF-8, or there is none."""
    kept: tuple[KeptWords, ...]
    """What was typed and isn't in the file."""
    removed: Mapping[str, FieldValues]
    """The fields of parts that are gone, by their ids."""
    unsaved: tuple[Edit, ...]
    """What was done and isn't in the file yet, the oldest first; it will be as soon as possible."""
    undo: str
    """What undo would undo; empty if there is nothing."""
    redo: str
    read_only: ReadOnly | None
    why: str
    """Why nothing can be saved at the moment; empty if it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult:
    """What became of a request."""

    version: str
    """The digest of the file after it."""
    saved: bool
    """Whether all that was typed is in the file or, in a conflict, in the kept words."""
    why: str = ""
    """Why it isn't."""
    waits: bool = False
    """Whether it is in the journal, and can be written later: by the desk itself or, if it is a whole
    file, when it is posted again.
    """
    kept: Sequence[int] = ()
    """The ids of the kept words that it became, since it may not be written at all."""
    stored: Mapping[str, FieldValues] = dataclasses.field(default_factory=dict)
    """The fields that were set as the file has them now, by part."""
    added: Sequence[str] = ()
    """The ids of new parts."""
    conflicts: Sequence[Conflict] = ()
    refused: Sequence[Refusal] = ()


class Desk:
    """The editions of one issue. Any thread may use it."""

    def __init__(
        self,
        newsletter: Newsletter,
        folder: Path,
        *,
        is_read_only: bool = False,
    ) -> None:
        """`is_read_only`: nothing is written, not even to the journal."""
        self._root = newsletter.root
        self._folder = folder
        self._is_read_only = is_read_only
        self._lock = threading.RLock()
        self._opened: Journal | None = None
        # For what can be shown while the journal can't be opened.
        self._substitute = Journal(None)

    @property
    def folder(self) -> Path:
        """The folder of the issue."""
        return self._folder

    def newsletter(self) -> Newsletter:
        """Return the newsletter with its settings as they are now, which it reads only once."""
        return Newsletter(self._root)

    def close(self) -> None:
        with self._lock:
            if self._opened:
                self._opened.close()
            self._opened = None
            self._substitute.close()

    def view(self, lang: str = "") -> DeskView:
        """Return an edition as it is now, by default the first one. Raises NotFoundError if there is
        none.
        """
        with self._editing() as newsletter:
            reason = self._read_only_reason(newsletter)
            try:
                file = self._edited_file(newsletter, lang, self._journal())
                if reason:
                    file.keep_unwritten()
                    why = reason.message
                else:
                    why = file.catch_up()
            except JournalError as error:
                file = self._edited_file(newsletter, lang, self._substitute)
                file.follow_if_readable()
                why = str(error)
            return _view(file, reason, why)

    def item(self, lang: str, part: str) -> Item:
        """Return an item as it is now. Raises NotFoundError if it is gone."""
        item = self.view(lang).parts.item(part)
        if item is None:
            raise NotFoundError("this item was removed in the meantime")
        return item

    def edit(
        self,
        lang: str,
        edits: Sequence[Edit],
        *,
        continues: bool = False,
        key: str = "",
        waits: bool = True,
    ) -> EditResult:
        """Apply edits, one by one, and save the file once.

        `continues`: they continue what was typed in the request before, and are undone with it.
        `key`: of this request alone; a page that got no answer repeats it with the same key.
        `waits`: what can't be written now is written as soon as possible; otherwise it is forgotten.
        """
        request = ApplyEdits(tuple(edits), continues, key)

        def submit(file: EditedFile) -> EditResult:
            answer = file.submit(request, waits=waits)
            result = _result(file, answer.why, answer.decision)
            is_waiting = waits and answer.decision is None
            return replace(result, waits=is_waiting)

        def keep(file: EditedFile) -> Sequence[int]:
            return file.keep_unwritten(request if waits else None)

        return self._change_or_keep(lang, submit, keep)

    def edit_now(self, lang: str, edits: Sequence[Edit]) -> EditResult:
        """Apply edits now. Raises RefusedError if nothing can be saved, and then forgets them."""
        result = self.edit(lang, edits, waits=False)
        if not result.saved:
            raise RefusedError(result.why)
        return result

    def undo(self, lang: str) -> EditResult:
        """Undo the last step."""
        return self._undo_or_redo(lang, Undo(), StepState.DONE)

    def redo(self, lang: str) -> EditResult:
        """Redo the step that was undone last."""
        return self._undo_or_redo(lang, Redo(), StepState.UNDONE)

    def resolve(
        self,
        lang: str,
        part: str,
        field: str,
        choice: Literal["mine", "theirs"],
        kept: int = 0,
    ) -> EditResult:
        """Decide on kept words: take them, or leave the file as it is and forget them.

        `kept`: the id of the words, if several were kept of a field; by default the newest.
        """

        def decide(file: EditedFile) -> EditResult:
            words = _find_kept(file.journal, part, field, kept)
            if words is None:
                return _result(file, "")
            if words.reason is KeptReason.SOURCE:
                return _result(file, _decide_on_source(file, words, choice))
            request = Resolve(words.id, choice == "mine")
            answer = file.submit(request, waits=False)
            return _result(file, answer.why, answer.decision)

        return self._change_or_keep(lang, decide, EditedFile.keep_unwritten)

    def write_source(
        self, lang: str, before_digest: str, text: str, kept: int = 0
    ) -> EditResult:
        """Replace a whole file, which must still have the digest that it had when it was shown.

        Otherwise the text is kept, in place of the `kept` words with this id, if it continues any.
        """
        new = without_lone_surrogates(text)

        def write(file: EditedFile) -> EditResult:
            why = source_text.write(file, before_digest, new)
            result = _result(file, why)
            if not why:
                source_text.forget(file, kept)
                return result
            is_outdated = result.version not in {"", before_digest}
            return replace(result, kept=keep(file), waits=not is_outdated)

        def keep(file: EditedFile) -> Sequence[int]:
            return (source_text.keep(file, new, kept),)

        return self._change_or_keep(lang, write, keep)

    def _undo_or_redo(
        self, lang: str, request: Undo | Redo, state: StepState
    ) -> EditResult:
        def step(file: EditedFile) -> EditResult:
            file.catch_up()
            last = file.journal.last_step(state)
            if last and not last.has_edits:
                return _result(file, source_text.undo_or_redo(file, last))
            answer = file.submit(request, waits=False)
            return _result(file, answer.why, answer.decision)

        return self._change_or_keep(lang, step, EditedFile.keep_unwritten)

    def _change_or_keep(
        self,
        lang: str,
        act: Callable[[EditedFile], EditResult],
        keep: Callable[[EditedFile], Sequence[int]],
    ) -> EditResult:
        """Do something to an edition, or only keep the words if nothing may be written."""
        with self._editing() as newsletter:
            reason = self._read_only_reason(newsletter)
            try:
                file = self._edited_file(newsletter, lang, self._journal())
                if not reason:
                    return act(file)
                kept = keep(file)
                return replace(_result(file, reason.message), kept=kept)
            except JournalError as error:
                file = self._edited_file(newsletter, lang, self._substitute)
                return _result(file, str(error))

    @contextmanager
    def _editing(self) -> Iterator[Newsletter]:
        newsletter = self.newsletter()
        with self._lock, store.editing(newsletter):
            yield newsletter

    def _journal(self) -> Journal:
        if self._is_read_only:
            return self._substitute
        if self._opened is None:
            self._opened = Journal(self.newsletter().state)
        self._opened.restore()
        return self._opened

    def _edited_file(
        self, newsletter: Newsletter, lang: str, journal: Journal
    ) -> EditedFile:
        name = self._folder.name
        lang = lang or store.first_written_language(newsletter, name)
        if not store.EDITION.fullmatch(f"issue.{lang}.md"):
            raise NotFoundError(f"‘{lang}’ isn’t a language code")
        path = store.edition_path(newsletter, name, lang)
        file = EditedFile(
            path,
            lang,
            EditionJournal(journal, name, lang),
            InboxFile(newsletter, self._folder),
        )
        if not path.exists() and file.journal.known() is None:
            raise NotFoundError(f"issue {name} has no edition in ‘{lang}’")
        return file

    def _read_only_reason(self, newsletter: Newsletter) -> ReadOnly | None:
        if self._is_read_only:
            return read_only.ASKED_FOR
        return read_only.reason(newsletter, self._folder)


def _view(file: EditedFile, reason: ReadOnly | None, why: str) -> DeskView:
    disk, problem = source_text.read(file)
    known = file.journal.known()
    parts = known.parts if known else NOTHING
    edition = Edition(parts.issue, file.path, file.lang, "")
    if disk:
        edition = replace(disk.edition, issue=parts.issue)
    first_mistake = next(map(str, edition.mistakes), "")
    undo = file.journal.last_step(StepState.DONE)
    redo = file.journal.last_step(StepState.UNDONE)
    return DeskView(
        edition=edition,
        parts=parts,
        source=(disk.text or "") if disk else "",
        kept=tuple(file.journal.kept()),
        removed=file.journal.removed(),
        unsaved=file.unsaved,
        undo=undo.label if undo else "",
        redo=redo.label if redo else "",
        read_only=reason,
        why=why or problem or first_mistake,
    )


def _result(
    file: EditedFile, why: str, decision: Decision | None = None
) -> EditResult:
    disk, _ = source_text.read(file)
    version = disk.edition.digest if disk else ""
    result = EditResult(version=version, saved=not why, why=why)
    if decision is None:
        return result
    return replace(
        result,
        stored=decision.stored,
        added=tuple(decision.added),
        conflicts=tuple(decision.conflicts),
        refused=tuple(decision.refused),
    )


def _find_kept(
    journal: EditionJournal, part: str, field: str, kept: int
) -> KeptWords | None:
    """Return kept words by their id, or the newest of a field."""
    for words in reversed(journal.kept()):
        if words.is_of(part, field) and kept in {0, words.id}:
            return words
    return None


def _decide_on_source(
    file: EditedFile, words: KeptWords, choice: Literal["mine", "theirs"]
) -> str:
    """Decide on a whole file that was kept; return why that wasn't possible."""
    if choice == "mine":
        return source_text.take(file, words)
    source_text.discard(file, words)
    return ""
