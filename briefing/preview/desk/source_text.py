"""The file of an edition as text, replaced as a whole: how the page corrects one that can't be read.

Unlike the edits of parts, this works whether the file can be read or not, and so does undoing it.
"""

import contextlib
from dataclasses import replace

from briefing.errors import BriefingError
from briefing.issue import store

from .edited_file import EditedFile, OnDisk
from .journal_file import JournalError
from .records import KeptReason, KeptWords, ReplacedFile, Step, StepState

SOURCE = "source"
"""The part and field of kept words that are a whole file."""


def read(file: EditedFile) -> tuple[OnDisk | None, str]:
    """Return what is in the file, or why it can't be read."""
    try:
        return file.read(), ""
    except BriefingError as error:
        return None, str(error)


def write(file: EditedFile, before_digest: str, text: str) -> str:
    """Replace a whole file, which must still have a digest; return why that wasn't possible."""
    disk, problem = read(file)
    if disk is None:
        return problem
    is_expected = disk.edition.digest == before_digest
    if disk.text is None and is_expected:
        # Its contents can't be shown, so the editor can't have meant to replace them.
        return str(disk.edition.mistakes[0])
    text = _with_line_ends(text, disk.text or "")
    if disk.text == text:
        # It may be here already, if the program ended before it could say so.
        return ""
    if disk.text is None or not is_expected:
        return (
            "the file was changed elsewhere in the meantime; your text is kept"
        )
    # Words that someone else has already taken out aren't ours to forget.
    known = file.journal.known()
    by_us = known is not None and known.digest == before_digest
    why = _save(file, disk, text, by_us=by_us)
    if not why:
        _add_step(file, ReplacedFile(disk.text, text))
    return why


def _with_line_ends(text: str, like: str) -> str:
    """Return a text with the line ends of another one."""
    if "\r\n" not in like:
        return text
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def keep(file: EditedFile, text: str, kept: int = 0) -> int:
    """Keep a whole file that can't be written, in place of the `kept` one with this id, if any; return
    its id. Raises JournalError.
    """
    replaced = kept if _is_kept(file, kept) else 0
    words = KeptWords(SOURCE, SOURCE, "", text, KeptReason.SOURCE, id=replaced)
    with file.journal.transaction():
        return file.journal.keep(words)


def forget(file: EditedFile, kept: int) -> None:
    """Forget a whole file that was kept and that is written now. Raises JournalError."""
    if _is_kept(file, kept):
        with file.journal.transaction():
            file.journal.drop_kept(kept)


def _is_kept(file: EditedFile, kept: int) -> bool:
    """Whether the kept words with an id are a whole file."""
    return any(
        words.id == kept and words.reason is KeptReason.SOURCE
        for words in file.journal.kept()
    )


def take(file: EditedFile, words: KeptWords) -> str:
    """Replace the file by a whole file that was kept, and keep what it replaces; return why that
    wasn't possible.
    """
    disk, problem = read(file)
    if disk is None:
        return problem
    # Both are kept until the file is written: whenever the program ends, neither is lost.
    with file.journal.transaction():
        replaced = file.journal.keep(
            replace(words, words=disk.text or "", id=0)
        )
    why = write(file, disk.edition.digest, words.words)
    with file.journal.transaction():
        file.journal.drop_kept(replaced if why else words.id)
    return why


def discard(file: EditedFile, words: KeptWords) -> None:
    """Forget a whole file that was kept, unless that is undone. Raises JournalError."""
    with file.journal.transaction():
        file.journal.drop_kept(words.id)
        file.journal.add_step(Step.discarding(words))


def undo_or_redo(file: EditedFile, step: Step) -> str:
    """Undo a step about a whole file or kept words, or redo it if it was undone; return why that isn't
    possible. Raises JournalError.
    """
    is_done = step.state is StepState.DONE
    state = StepState.UNDONE if is_done else StepState.DONE
    if step.replaced:
        disk, problem = read(file)
        if disk is None:
            return problem
        texts = (step.replaced.after, step.replaced.before)
        now, wanted = texts if is_done else reversed(texts)
        if disk.text != now:
            _record(file, replace(step, state=StepState.STUCK))
            return "the file was changed afterwards, so this can’t be undone"
        problem = _save(file, disk, wanted, by_us=True)
        if problem:
            return problem
    _record(file, replace(step, state=state))
    return ""


def _record(file: EditedFile, step: Step) -> None:
    with file.journal.transaction():
        file.journal.replace_step(step)
        if step.discarded and step.state is StepState.UNDONE:
            file.journal.keep(step.discarded)
        elif step.discarded:
            _drop(file, step.discarded)


def _drop(file: EditedFile, words: KeptWords) -> None:
    for kept in file.journal.kept():
        if replace(kept, id=0) == words:
            file.journal.drop_kept(kept.id)


def _save(file: EditedFile, disk: OnDisk, text: str, *, by_us: bool) -> str:
    try:
        store.save_bytes(disk.edition, text.encode())
    except BriefingError as error:
        return str(error)
    file.follow_if_readable(by_us=by_us)
    return ""


def _add_step(file: EditedFile, replaced: ReplacedFile) -> None:
    """Add a step, or continue the last one. If that fails, the file still has the text."""
    journal = file.journal
    last = journal.last_step(StepState.DONE)
    earlier = last.replaced if last else None
    has_redo = journal.last_step(StepState.UNDONE) is not None
    with contextlib.suppress(JournalError), journal.transaction():
        if (
            last
            and earlier
            and earlier.after == replaced.before
            and not has_redo
        ):
            whole = replace(replaced, before=earlier.before)
            journal.replace_step(replace(last, replaced=whole))
        else:
            journal.add_step(Step.replacing(replaced))
