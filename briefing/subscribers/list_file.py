"""Store a changed list: one command at a time, and never over someone else's edit."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

from briefing.errors import ChangedError, RefusedError, display_path
from briefing.newsletter import Newsletter
from briefing.storage import files, folder_lock

from .subscriber_list import SubscriberList

LOCK = "list.lock"
BUSY = "another briefing command is changing the list; run this one again when it has finished"
PATIENCE = 30.0
"""Seconds to wait for another command that is changing the list."""

_OPEN_MARKS = (
    (".~lock.{}#", "LibreOffice"),
    ("~${}", "Excel"),
    (".{}.swp", "a text editor"),
    (".{}.kate-swp", "Kate"),
    (".#{}", "a text editor"),
)
"""Files that programs keep beside a file while they have it open."""


def lock(newsletter: Newsletter) -> AbstractContextManager[None]:
    """Let no other command change the newsletter's lists. Raises BusyError if one still does after half a
    minute.
    """
    return folder_lock.hold(newsletter.state, LOCK, BUSY, patience=PATIENCE)


def replace(before: SubscriberList, after: bytes) -> None:
    """Replace a list, as it was read, by new contents, which only its owner can read.

    Raises ChangedError if the file isn't as it was read any more, RefusedError if it is open in a
    spreadsheet or is a link, and BriefingError if it can't be written. Then it is unchanged.
    """
    path = before.path

    def require_unchanged(place: Path) -> None:
        refuse_open(path)
        if _contents(place) != before.data:
            raise ChangedError(
                path,
                "was changed in the meantime, so nothing was written; run the command again",
            )

    require_unchanged(path)
    files.write_atomically(
        path, after, mode=files.PRIVATE_FILE, last_check=require_unchanged
    )


def refuse_open(path: Path) -> None:
    """Raise RefusedError if a program has the list open: it would later save what it has read."""
    for pattern, program in _OPEN_MARKS:
        mark = path.with_name(pattern.format(path.name))
        if os.path.lexists(mark):
            raise RefusedError(
                f"{display_path(path)} is open in {program}; save and close it there, then run the command again; "
                f"if it isn't open anywhere, delete {display_path(mark)}"
            )


def _contents(path: Path) -> bytes | None:
    try:
        return files.read(path)
    except OSError:
        return None
