"""The list as it was before the last change by a command, for `subscribers undo`; and what that change
means for other files, so that a change that was interrupted can be finished.

`.briefing/list-change.json` describes the change, with tokens and hashes; `.briefing/previous-list` is
the file before it, with addresses. Both are deleted a week later.
"""

import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.newsletter import Newsletter
from briefing.storage import files, json_file

CHANGE = "list-change.json"
CONTENTS = "previous-list"
KEPT = dt.timedelta(days=7)
"""How long the previous version is kept."""


@dataclass(frozen=True, slots=True)
class ReaderMove:
    """A reader whose address changed: their tokens, and the hexadecimal digests from which those in
    the ledger are made.
    """

    old: str
    new: str
    old_digest: str = dataclasses.field(repr=False)
    new_digest: str = dataclasses.field(repr=False)

    @property
    def reversed(self) -> "ReaderMove":
        """Return the move back."""
        return ReaderMove(self.new, self.old, self.new_digest, self.old_digest)


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What a sync must read again from the server where readers join once a change is undone."""

    store: str
    """Identifies the server's database."""
    requests: tuple[int, ...]
    """The numbers of what readers asked for, in their order."""
    after: int = 0
    """Changes after this one as well: they may have changed nothing only because of these requests."""


@dataclass(frozen=True, slots=True)
class ListChange:
    """What the last command did to a list."""

    path: str
    """The list's file, absolute."""
    before: str
    """SHA-256 of the file before, and after."""
    after: str
    at: str
    """When: ISO 8601 with an offset."""
    what: str
    """In words, without any address: `2 readers added`."""
    moves: tuple[ReaderMove, ...] = ()
    finished: bool = False
    """Whether the ledger, the tokens and the suppressions know of the moves."""
    server: ReadAgain | None = None
    """Set if readers asked for the change on the server."""

    @property
    def time(self) -> dt.datetime:
        """When, as a value. Raises ValueError."""
        return dt.datetime.fromisoformat(self.at)


class PreviousList:
    """The two files of one newsletter."""

    def __init__(self, state: Path) -> None:
        """`state` is the newsletter's private folder."""
        self._state = state

    @classmethod
    def of(cls, newsletter: Newsletter) -> "PreviousList":
        return cls(newsletter.state)

    def read(self) -> ListChange | None:
        """Return the last change; None if there was none, or if it can't be read."""
        try:
            values = json.loads(files.read(self._state / CHANGE))
            moves = tuple(ReaderMove(**move) for move in values.pop("moves"))
            server = values.pop("server", None)
            change = ListChange(
                **values,
                moves=moves,
                server=_read_again(server) if server else None,
            )
            is_usable = change.time.tzinfo is not None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return change if is_usable else None

    def contents(self, change: ListChange) -> bytes | None:
        """Return the file before a change; None if it isn't there any more."""
        try:
            data = files.read(self._state / CONTENTS)
        except OSError:
            return None
        return data if files.digest(data) == change.before else None

    def begin(self, change: ListChange, before: bytes) -> None:
        """Keep the file as it is before a change. Raises BriefingError."""
        files.write_private(self._state / CONTENTS, before)
        self._write(change)

    def finish(self, change: ListChange) -> None:
        """Record that everything knows of a change. Raises BriefingError."""
        self._write(dataclasses.replace(change, finished=True))

    def forget(self) -> None:
        """Delete both files."""
        for name in (CONTENTS, CHANGE):
            (self._state / name).unlink(missing_ok=True)

    def forget_old(self, now: dt.datetime) -> None:
        """Delete both files if the change was more than a week before `now`."""
        change = self.read()
        if change is None or not change.finished:
            return
        if now - change.time > KEPT:
            with contextlib.suppress(OSError):
                self.forget()

    def _write(self, change: ListChange) -> None:
        json_file.write_private(
            self._state / CHANGE, dataclasses.asdict(change)
        )


def _read_again(given: Mapping[str, Any]) -> ReadAgain:
    requests = tuple(given["requests"])
    return ReadAgain(given["store"], requests, given["after"])
