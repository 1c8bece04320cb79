"""What `subscribers undo` needs: a description of the last change, and copies of the files before it.

`.briefing/undo.json` has the description, with tokens and digests. The copies beside it contain addresses, so
they are deleted after an undo, after a sync, and after a week.
"""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.errors import FileError, RefusedError, display_path
from briefing.newsletter import Newsletter
from briefing.storage import files, json_file

from . import moves, suppression

CHANGE = "undo.json"
LIST = "list"
COPIES = (LIST, suppression.FILE, moves.FILE)
KEPT = dt.timedelta(days=7)
"""How long the copies are kept."""
OF_EARLIER_VERSIONS = ("list-change.json", "previous-list")
DAMAGED = (
    "can't be read; delete it: the last change of the list can't be undone then"
)

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows of the ledger by issue, as it returns them."""


@dataclass(frozen=True, slots=True)
class ReaderMove:
    """A reader whose address changed: their tokens, and the hexadecimal digests from which those in
    the ledger are made. If both are the same, the address belongs to another reader from now on.
    """

    old: str
    new: str
    old_digest: str = field(repr=False)
    new_digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last change by a command."""

    what: str
    """In words, without any address: `2 readers added`."""
    at: str
    """When: ISO 8601 with an offset."""
    list_path: str = ""
    """The list, relative to the newsletter's folder if it is inside; empty if it didn't change."""
    before: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file before, by the name of its copy; empty: there was none."""
    after: Mapping[str, str] = field(default_factory=dict)
    """The same afterwards. Only the list's is known before the change is complete."""
    moves: Sequence[ReaderMove] = ()
    rows: Rows = field(default_factory=dict, repr=False)
    """What the ledger had about the readers who moved."""
    rows_after: Rows = field(default_factory=dict, repr=False)
    sends: str = ""
    """Identifies what was sent until then, as `Ledger.sends` does."""
    is_complete: bool = False
    """False while the change is made or undone."""
    ended: str = ""
    """Why the change can't be undone any more."""

    @property
    def time(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.at)


def read(newsletter: Newsletter) -> LastChange | None:
    """Return the last change; None if there was none. Raises FileError."""
    return json_file.read(newsletter.state / CHANGE, _build, DAMAGED)


def _build(given: Any) -> LastChange:
    moved = [ReaderMove(**move) for move in given.pop("moves")]
    change = LastChange(moves=moved, **given)
    if change.time.tzinfo is None:
        raise ValueError("the time has no zone")
    return change


def write(newsletter: Newsletter, change: LastChange) -> None:
    """Record what is known of a change. Raises BriefingError."""
    json_file.write_private(
        newsletter.state / CHANGE, dataclasses.asdict(change)
    )


def copy_files(
    newsletter: Newsletter, list_path: Path | None
) -> dict[str, str]:
    """Copy the files as they are before a change, and return their digests. Raises BriefingError."""
    forget(newsletter)
    contents = current(newsletter, list_path)
    for name, data in contents.items():
        if data is not None:
            files.write_private(_copy(newsletter, name), data)
    return digests(contents)


def current(
    newsletter: Newsletter, list_path: Path | None
) -> dict[str, bytes | None]:
    """Return the files that a change may concern, by the names of their copies; None: there is none."""
    paths = {name: newsletter.state / name for name in COPIES[1:]}
    if list_path:
        paths[LIST] = list_path
    return {name: _contents(path) for name, path in paths.items()}


def digests(contents: Mapping[str, bytes | None]) -> dict[str, str]:
    """Return the SHA-256 of each file; empty for one that doesn't exist."""
    return {
        name: "" if data is None else files.digest(data)
        for name, data in contents.items()
    }


def copy_of(
    newsletter: Newsletter, change: LastChange, name: str
) -> bytes | None:
    """Return a file as it was before a change; None if it didn't exist. Raises RefusedError if its copy isn't
    there any more.
    """
    if not change.before[name]:
        return None
    data = _contents(_copy(newsletter, name))
    if data is None or files.digest(data) != change.before[name]:
        raise RefusedError(
            f"the last change can't be undone: {display_path(_copy(newsletter, name))} is missing or was changed; "
            "make the correction yourself"
        )
    return data


def forget(newsletter: Newsletter) -> None:
    """Delete the description and the copies."""
    (newsletter.state / CHANGE).unlink(missing_ok=True)
    _delete_copies(newsletter)


def end(newsletter: Newsletter, change: LastChange, reason: str) -> None:
    """Delete the copies, and keep the reason why the change can't be undone any more."""
    write(newsletter, dataclasses.replace(change, ended=reason))
    _delete_copies(newsletter)


def forget_old(newsletter: Newsletter, now: dt.datetime) -> None:
    """Delete the copies of a complete change that was more than a week before `now`, and what earlier
    versions kept.
    """
    with contextlib.suppress(OSError, FileError):
        for name in OF_EARLIER_VERSIONS:
            (newsletter.state / name).unlink(missing_ok=True)
        if not (newsletter.state / CHANGE).exists():
            # A command was killed before it wrote this.
            _delete_copies(newsletter, before=now - KEPT)
            return
        change = read(newsletter)
        if change and change.is_complete and now - change.time > KEPT:
            forget(newsletter)


def list_path_of(newsletter: Newsletter, change: LastChange) -> Path | None:
    """Return the list that a change concerns; None: none."""
    return newsletter.root / change.list_path if change.list_path else None


def _copy(newsletter: Newsletter, name: str) -> Path:
    return newsletter.state / f"undo-{name}"


def _delete_copies(
    newsletter: Newsletter, *, before: dt.datetime | None = None
) -> None:
    """Delete the copies, or only those from before a time."""
    for name in COPIES:
        path = _copy(newsletter, name)
        if not before or _is_older(path, before):
            path.unlink(missing_ok=True)


def _is_older(path: Path, than: dt.datetime) -> bool:
    return path.exists() and path.stat().st_mtime < than.timestamp()


def _contents(path: Path) -> bytes | None:
    try:
        return files.read(path)
    except FileNotFoundError:
        return None
