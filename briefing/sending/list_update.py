"""Change the list, and everything that depends on it: the tokens of readers who moved, which of them are
suppressed, and the ledger. Undo the last change.

Copies of the files come first, then the record of moves, the suppressions and the ledger, and the list last. After an
interruption the list decides: if it has the change, all the rest has it too; if not, the rest is put back. The next
command or send does that. An undo begins with the list, so the same holds for it.
"""

import contextlib
import dataclasses
import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import (
    BriefingError,
    BusyError,
    LedgerError,
    RefusedError,
    display_path,
)
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.storage import files
from briefing.subscribers import last_change, list_file
from briefing.subscribers.csv_edit import changed_list
from briefing.subscribers.last_change import LIST, LastChange, ReaderMove
from briefing.subscribers.moves import FILE as MOVES
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.reader_changes import Add, Move, ReaderChange
from briefing.subscribers.subscriber import identity_of
from briefing.subscribers.subscriber_list import (
    NEW_LIST,
    SubscriberList,
    open_list,
)
from briefing.subscribers.suppression import FILE as SUPPRESSIONS
from briefing.subscribers.suppression import Suppression, token_of

from . import receipts
from .ledger import send_lock
from .ledger.recipients import reader_digest
from .ledger.records import ledger_path, open_ledger

NOTHING_TO_UNDO = "no command has changed the list in the last week, so there is nothing to undo"
SYNCED = "a sync has run since"


@dataclass
class Editing:
    """A list that is locked against changes by other commands."""

    newsletter: Newsletter
    key: Key
    subscribers: SubscriberList
    now: dt.datetime

    def apply(
        self,
        changes: Sequence[ReaderChange],
        what: str,
        *,
        is_sync: bool = False,
    ) -> None:
        """Make changes and store them; `subscribers` is the list after them.

        `what` describes them without an address, as in `2 readers added`. The changes are as in
        `changed_list`. Those of a sync can't be undone. Raises what that and `list_file.replace`
        raise, BusyError if a send is running, and LedgerError; then nothing was changed.
        """
        if not changes:
            return
        before = self.subscribers
        after = changed_list(before, changes)
        if after.data == before.data:
            return
        newsletter = self.newsletter
        with send_lock.hold(newsletter):
            list_file.refuse_open(before.path)
            change = LastChange(
                what=what,
                at=self.now.isoformat(timespec="seconds"),
                list_path=_relative(before.path, newsletter.root),
                after={LIST: files.digest(after.data)},
                moves=self._reader_moves(changes),
            )
            change = _begin(newsletter, self.key, change)
            try:
                _record_moves(newsletter, self.key, change)
                list_file.replace(before, after.data)
            except BriefingError:
                _settle(newsletter, self.key, change)
                raise
            self.subscribers = after
            change = _complete(newsletter, self.key, change)
            if is_sync:
                last_change.end(newsletter, change, SYNCED)

    def _reader_moves(
        self, changes: Sequence[ReaderChange]
    ) -> list[ReaderMove]:
        moves: list[ReaderMove] = []
        left_behind = Moves.of(self.newsletter).current_tokens()
        for change in changes:
            if isinstance(change, Move):
                if change.new_identity != change.identity:
                    moves.append(
                        self._reader_move(change.identity, change.new_identity)
                    )
            elif isinstance(change, Add):
                identity = identity_of(change.address)
                if token_of(self.key, identity) in left_behind:
                    # A reader moved away from this address, so this is another one.
                    moves.append(self._reader_move(identity, identity))
        return moves

    def _reader_move(self, old: str, new: str) -> ReaderMove:
        return ReaderMove(
            token_of(self.key, old),
            token_of(self.key, new),
            reader_digest(self.key, old).hex(),
            reader_digest(self.key, new).hex(),
        )


@contextlib.contextmanager
def editing(
    newsletter: Newsletter,
    key: Key,
    now: dt.datetime,
    path: Path | None = None,
    *,
    create: bool = False,
) -> Iterator[Editing]:
    """Yield a list, the newsletter's own unless `path` is another one, to be changed. Other commands
    that would change it wait; sends needn't. With `create`, a list that doesn't exist is created.

    Raises BusyError if another command is changing it or a send is running, and what
    `open_list` raises.
    """
    with list_file.lock(newsletter):
        _finish(newsletter, key)
        path = path or newsletter.subscribers
        if create and not os.path.lexists(path):
            files.create(path, NEW_LIST, mode=files.PRIVATE_FILE)
        subscribers = open_list(path)
        yield Editing(newsletter, key, subscribers, now)


@contextlib.contextmanager
def suppressing(
    newsletter: Newsletter, key: Key, now: dt.datetime, what: str
) -> Iterator[None]:
    """Change only who is suppressed, so that it can be undone; `what` as in `Editing.apply`. It doesn't wait
    for a send. Raises BusyError, BriefingError.
    """
    with list_file.lock(newsletter):
        _finish(newsletter, key)
        change = LastChange(what, now.isoformat(timespec="seconds"))
        change = _begin(newsletter, key, change)
        yield
        _complete(newsletter, key, change)


def undo(newsletter: Newsletter, key: Key, change: LastChange) -> None:
    """Put back the files and the ledger's rows as they were before the last change, which is `change`.

    Raises RefusedError with the reason if something has come after it, BusyError, BriefingError.
    """
    with list_file.lock(newsletter), send_lock.hold(newsletter):
        if last_change.read(newsletter) != change:
            raise RefusedError(f"{_CHANGED}; run the command again")
        refuse_undo(newsletter, key, change)
        undoing = dataclasses.replace(change, is_complete=False)
        last_change.write(newsletter, undoing)
        if path := last_change.list_path_of(newsletter, change):
            before = last_change.copy_of(newsletter, change, LIST)
            assert before is not None, "refuse_undo has read it"
            list_file.replace(open_list(path), before)
        _put_back(newsletter, key, undoing)


_CHANGED = "the list was changed in the meantime"


def require_last(newsletter: Newsletter, key: Key) -> LastChange:
    """Return the last change, if it can be undone. Raises RefusedError with the reason otherwise."""
    finish_interrupted(newsletter, key)
    change = last_change.read(newsletter)
    if change is None:
        raise RefusedError(NOTHING_TO_UNDO)
    refuse_undo(newsletter, key, change)
    return change


def refuse_undo(newsletter: Newsletter, key: Key, change: LastChange) -> None:
    """Raise RefusedError with the reason why a change can't be undone any more, if it can't."""
    reason = change.ended or _find_later(newsletter, key, change)
    if reason:
        raise RefusedError(
            f"the last change can't be undone: {reason}; make the correction yourself"
        )
    for name in change.before:
        last_change.copy_of(newsletter, change, name)


def _find_later(newsletter: Newsletter, key: Key, change: LastChange) -> str:
    """Return what came after a change; empty if nothing did."""
    path = last_change.list_path_of(newsletter, change)
    now = last_change.digests(last_change.current(newsletter, path))
    if path and now[LIST] != change.after[LIST]:
        return f"{display_path(path)} was edited after that command"
    if any(now[name] != change.after[name] for name in (SUPPRESSIONS, MOVES)):
        return "readers have left, come back or moved since"
    sends, rows = _ledger_state(newsletter, key, change.moves)
    if (sends, rows) != (change.sends, change.rows_after):
        return "emails were sent, or an issue was made ready to be sent, since"
    return ""


def end_undo(newsletter: Newsletter, reason: str = SYNCED) -> None:
    """Record that the last change can't be undone any more, and delete the copies. Raises BriefingError."""
    with list_file.lock(newsletter):
        change = last_change.read(newsletter)
        if change and change.is_complete and not change.ended:
            last_change.end(newsletter, change, reason)


def moves_state(newsletter: Newsletter) -> str:
    """Return a text that differs after every change of an address; empty if there was none."""
    try:
        return files.digest(files.read(newsletter.state / MOVES))
    except OSError:
        return ""


def refuse_moved(newsletter: Newsletter, state: str) -> None:
    """Raise BusyError if an address was changed since `moves_state` returned this.

    A list that was read before has the old address, while the ledger knows the new one.
    """
    if moves_state(newsletter) != state:
        raise BusyError(
            "an address on the list was changed by a command in the meantime; nothing was sent now, run the command "
            "again"
        )


def finish_interrupted(newsletter: Newsletter, key: Key) -> None:
    """Finish a change or an undo that was interrupted, or put everything back, before anything is sent.

    Raises BusyError, and what is wrong with the files.
    """
    change = last_change.read(newsletter)
    if change and not change.is_complete:
        with list_file.lock(newsletter):
            _finish(newsletter, key)


def _finish(newsletter: Newsletter, key: Key) -> None:
    change = last_change.read(newsletter)
    if change is None or change.is_complete:
        return
    if not change.list_path:  # a reader's departure doesn't wait for a send
        _complete(newsletter, key, change)
        return
    with send_lock.hold(newsletter):
        _settle(newsletter, key, change)


def _settle(newsletter: Newsletter, key: Key, change: LastChange) -> None:
    """Complete an interrupted change if the list has it, and put the rest back otherwise."""
    if _is_on_list(newsletter, key, change):
        _complete(newsletter, key, change)
    else:
        _put_back(newsletter, key, change)


def _is_on_list(newsletter: Newsletter, key: Key, change: LastChange) -> bool:
    """Whether a change, which may have been interrupted, reached the list."""
    from briefing.subscribers import lookup  # noqa: PLC0415  # only after an interruption

    path = last_change.list_path_of(newsletter, change)
    assert path
    if not os.path.lexists(path):
        raise RefusedError(
            f"{display_path(path)} is missing, and a command that changed it was interrupted; put the file back under "
            "this name, and run the command again"
        )
    subscribers = open_list(path)
    digest = files.digest(subscribers.data)
    if digest in {change.before[LIST], change.after[LIST]}:
        return digest == change.after[LIST]
    # It was edited since: then it has the new addresses, or not.
    new = {move.new for move in change.moves}
    return not new or bool(lookup.by_token(subscribers, key, new))


def _begin(newsletter: Newsletter, key: Key, change: LastChange) -> LastChange:
    """Copy what a change will change, and record that it begins; return it with what is so before it."""
    path = last_change.list_path_of(newsletter, change)
    sends, rows = _ledger_state(newsletter, key, change.moves)
    before = last_change.copy_files(newsletter, path)
    begun = dataclasses.replace(change, before=before, sends=sends, rows=rows)
    last_change.write(newsletter, begun)
    return begun


def _relative(path: Path, root: Path) -> str:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  # a link stays a link
    root = Path(os.path.abspath(root))  # noqa: PTH100
    if absolute.is_relative_to(root):
        absolute = absolute.relative_to(root)
    return str(absolute)


def _complete(
    newsletter: Newsletter, key: Key, change: LastChange
) -> LastChange:
    """Record that everything has a change; one that changed nothing is forgotten."""
    path = last_change.list_path_of(newsletter, change)
    after = last_change.digests(last_change.current(newsletter, path))
    if after == change.before:
        last_change.forget(newsletter)
        return change
    if path:
        # If it was edited since, the change can't be undone.
        after[LIST] = change.after[LIST]
    _, rows = _ledger_state(newsletter, key, change.moves)
    change = dataclasses.replace(
        change, after=after, rows_after=rows, is_complete=True
    )
    last_change.write(newsletter, change)
    return change


def _record_moves(newsletter: Newsletter, key: Key, change: LastChange) -> None:
    """Make what belongs to readers who move known by their new addresses."""
    if not change.moves:
        return
    moves = [TokenMove(move.old, move.new) for move in change.moves]
    Moves.of(newsletter).add(moves, change.time.date())
    # After the moves are recorded: a command that unsubscribes a reader reads them last.
    suppression = Suppression.of(newsletter)
    for move in moves:
        removal = suppression.find(move.old)
        if removal:
            day = dt.date.fromisoformat(removal.date)
            suppression.add([move.new], removal.reason, day)
    if not ledger_path(newsletter).exists():
        return
    pairs = [
        (bytes.fromhex(move.old_digest), bytes.fromhex(move.new_digest))
        for move in change.moves
        if move.old != move.new
    ]
    with open_ledger(newsletter, key) as ledger:
        for issue in ledger.move_readers(pairs):
            receipts.renew(newsletter, issue, ledger)


def _put_back(newsletter: Newsletter, key: Key, change: LastChange) -> None:
    """Put back everything but the list as it was before a change, and forget it. Repeating it does no harm."""
    suppressions = change.after.get(SUPPRESSIONS, "")
    if suppressions and suppressions != change.before[SUPPRESSIONS]:
        Suppression.of(newsletter).put_back(
            last_change.copy_of(newsletter, change, SUPPRESSIONS) or b"",
            suppressions,
        )
    copied = last_change.copy_of(newsletter, change, MOVES)
    if copied is None:
        (newsletter.state / MOVES).unlink(missing_ok=True)
    elif moves_state(newsletter) != change.before[MOVES]:
        files.write_private(newsletter.state / MOVES, copied)
    if change.rows or change.rows_after:
        with open_ledger(newsletter, key) as ledger:
            ledger.put_back_rows(_digests(change.moves), change.rows)
            for issue in {**change.rows, **change.rows_after}:
                receipts.renew(newsletter, issue, ledger)
    last_change.forget(newsletter)


def _ledger_state(
    newsletter: Newsletter, key: Key, moves: Iterable[ReaderMove]
) -> tuple[str, last_change.Rows]:
    """Return what identifies all that was sent, and the ledger's rows of readers who move.

    Raises LedgerError if someone moves and the ledger can't be read.
    """
    if not ledger_path(newsletter).exists():
        return "", {}
    digests = _digests(moves)
    try:
        with open_ledger(newsletter, key) as ledger:
            return ledger.sends(), ledger.rows_of(digests)
    except (LedgerError, BusyError):
        if digests:
            raise
        # Readers are added and leave without it.
        return "unknown", {}


def _digests(moves: Iterable[ReaderMove]) -> list[bytes]:
    return [
        bytes.fromhex(digest)
        for move in moves
        if move.old != move.new
        for digest in (move.old_digest, move.new_digest)
    ]
