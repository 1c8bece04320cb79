"""Change the list, and everything that depends on it: the tokens of readers who moved, which of them are
suppressed, and the ledger.

The order makes an interruption harmless: what is to be done is recorded first, then the list is
replaced, then the rest is done. The next command, or the next send, finishes it. No send can begin
before that.
"""

import contextlib
import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import BusyError, NotFoundError, RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.storage import files
from briefing.subscribers import list_file
from briefing.subscribers.formats import NEW_LIST, open_list, parse_editable
from briefing.subscribers.moves import FILE as MOVES
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.previous_list import (
    ListChange,
    PreviousList,
    ReadAgain,
    ReaderMove,
)
from briefing.subscribers.subscriber_list import EditableList
from briefing.subscribers.suppression import Suppression, token_of

from .ledger import receipts, send_lock
from .ledger.recipients import reader_digest
from .ledger.records import ledger_path, open_ledger

if TYPE_CHECKING:
    from briefing.subscribers.reader_changes import ReaderChange

NOTHING_TO_UNDO = "no command has changed the list in the last week, so there is nothing to undo"


@dataclass
class Editing:
    """A list that is locked against changes by other commands."""

    newsletter: Newsletter
    key: Key
    subscribers: EditableList
    now: dt.datetime

    def apply(
        self,
        changes: "Sequence[ReaderChange]",
        what: str,
        server: ReadAgain | None = None,
    ) -> None:
        """Make changes and store them; `subscribers` is the list after them.

        `what` describes them without an address, as in `2 readers added`. The changes are as in
        `EditableList.changed`. `server` is kept for `undo`. Raises what that and `list_file.replace`
        raise, BusyError if a send is running, and LedgerError; then nothing was changed.
        """
        if not changes:
            return
        after = self.subscribers.changed(changes)
        self._store(after, self._reader_moves(changes), what, server)

    def undo(self, server: ReadAgain | None = None) -> None:
        """Put back the version before the last change, which `require_undoable` returned. It can be
        undone in turn. Raises what `require_undoable` and `apply` raise.
        """
        change, before = self.require_undoable()
        moves = [move.reversed for move in reversed(change.moves)]
        self._store(before, moves, f"undid: {change.what}", server)

    def require_undoable(self) -> tuple[ListChange, EditableList]:
        """Return the last change, and the list before it.

        Raises RefusedError if there is none, or if the list was edited since.
        """
        previous = PreviousList.of(self.newsletter)
        change = previous.read()
        data = previous.contents(change) if change else None
        if change is None or data is None:
            raise RefusedError(NOTHING_TO_UNDO)
        if files.digest(self.subscribers.data) != change.after:
            raise RefusedError(
                f"{self.subscribers.name} was edited after that command; undoing it would lose these edits, so "
                "make the correction there yourself"
            )
        return change, parse_editable(self.subscribers.path, data)

    def _store(
        self,
        after: EditableList,
        moves: Sequence[ReaderMove],
        what: str,
        server: ReadAgain | None,
    ) -> None:
        before = self.subscribers
        if after.data == before.data:
            return
        change = ListChange(
            path=str(before.path.absolute()),
            before=files.digest(before.data),
            after=files.digest(after.data),
            at=self.now.isoformat(timespec="seconds"),
            what=what,
            moves=tuple(moves),
            server=server,
        )
        with send_lock.hold(self.newsletter):
            if change.moves:
                _require_ledger(self.newsletter, self.key)
            list_file.refuse_open(before.path)
            PreviousList.of(self.newsletter).begin(change, before.data)
            list_file.replace(before, after.data)
            self.subscribers = after
            _carry_out(self.newsletter, self.key, change, change.moves)

    def _reader_moves(
        self, changes: "Sequence[ReaderChange]"
    ) -> list[ReaderMove]:
        # A send only looks whether a change was interrupted.
        from briefing.subscribers.reader_changes import Add, Move  # noqa: PLC0415

        moves: list[ReaderMove] = []
        left_behind = Moves.of(self.newsletter).current_tokens()
        for change in changes:
            if isinstance(change, Move):
                if change.new_identity != change.identity:
                    moves.append(
                        self._reader_move(change.identity, change.new_identity)
                    )
            elif isinstance(change, Add):
                identity = change.subscriber.identity
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
    `formats.open_list` raises.
    """
    with list_file.lock(newsletter):
        _finish(newsletter, key)
        path = path or newsletter.subscribers
        if create and not os.path.lexists(path):
            list_file.create(path, NEW_LIST)
        subscribers = open_list(path)
        yield Editing(newsletter, key, subscribers, now)


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
    """Finish a change that was interrupted after the list was replaced, before anything is sent.

    Raises BusyError, and what is wrong with the files.
    """
    if _unfinished(newsletter):
        with list_file.lock(newsletter):
            _finish(newsletter, key)


def _unfinished(newsletter: Newsletter) -> ListChange | None:
    change = PreviousList.of(newsletter).read()
    return None if change is None or change.finished else change


def _finish(newsletter: Newsletter, key: Key) -> None:
    change = _unfinished(newsletter)
    if change is None:
        return
    with send_lock.hold(newsletter):
        try:
            subscribers = open_list(Path(change.path))
        except NotFoundError:  # it was renamed since
            _carry_out(newsletter, key, change, change.moves)
            return
        if files.digest(subscribers.data) == change.before:
            # The list wasn't replaced.
            PreviousList.of(newsletter).forget()
            return
        moves = _listed_moves(subscribers, key, change.moves)
        _carry_out(newsletter, key, change, moves)


def _listed_moves(
    subscribers: EditableList, key: Key, moves: Sequence[ReaderMove]
) -> list[ReaderMove]:
    """Return the moves whose new addresses are on the list."""
    from briefing.subscribers import lookup  # noqa: PLC0415  # only after an interruption

    listed = lookup.by_token(subscribers, key, {move.new for move in moves})
    return [move for move in moves if move.new in listed]


def _carry_out(
    newsletter: Newsletter,
    key: Key,
    change: ListChange,
    moves: Sequence[ReaderMove],
) -> None:
    """Do what follows a change of the list. Repeating it does no harm."""
    if moves:
        day = change.time.date()
        record = Moves.of(newsletter)
        record.add([TokenMove(move.old, move.new) for move in moves], day)
        # After the moves are recorded: a command that unsubscribes a reader reads them last.
        _suppress_new_addresses(newsletter, moves)
        _move_in_ledger(newsletter, key, moves)
    PreviousList.of(newsletter).finish(change)


def _suppress_new_addresses(
    newsletter: Newsletter, moves: Sequence[ReaderMove]
) -> None:
    """Suppress the new addresses of readers whose old ones are, for the same reason."""
    suppression = Suppression.of(newsletter)
    for move in moves:
        removal = suppression.find(move.old)
        if removal:
            day = dt.date.fromisoformat(removal.date)
            suppression.add([move.new], removal.reason, day)


def _require_ledger(newsletter: Newsletter, key: Key) -> None:
    """Raise LedgerError if there is a ledger that can't be changed."""
    if ledger_path(newsletter, rehearsal=False).exists():
        with open_ledger(newsletter, key, rehearsal=False):
            pass


def _move_in_ledger(
    newsletter: Newsletter, key: Key, moves: Sequence[ReaderMove]
) -> None:
    if not ledger_path(newsletter, rehearsal=False).exists():
        return
    digests = [
        (bytes.fromhex(move.old_digest), bytes.fromhex(move.new_digest))
        for move in moves
        if move.old != move.new
    ]
    with open_ledger(newsletter, key, rehearsal=False) as ledger:
        for issue in ledger.move_readers(digests):
            receipts.renew(newsletter.issues / issue, ledger)
