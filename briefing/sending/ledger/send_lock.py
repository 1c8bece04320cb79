"""One sender at a time in a newsletter's folder."""

from contextlib import AbstractContextManager
from pathlib import Path

from briefing.errors import BusyError
from briefing.newsletter import Newsletter
from briefing.storage import folder_lock

FILE = "send.lock"
BUSY = "another briefing command is sending from this folder; wait until it has finished"


def hold(newsletter: Newsletter) -> AbstractContextManager[None]:
    """Hold the newsletter's send lock. Raises BusyError if another process holds it."""
    return folder_lock.hold(newsletter.state, FILE, BUSY)


def require_free(newsletter: Newsletter) -> None:
    """Raise BusyError if another process is sending. It doesn't wait, nor keep others from sending."""
    if not is_free(newsletter.state):
        raise BusyError(BUSY)


def is_free(state: Path) -> bool:
    """Whether no process holds the send lock at this moment. `state` is the newsletter's private
    folder.
    """
    with while_free(state) as free:
        return free


def while_free(state: Path) -> AbstractContextManager[bool]:
    """Yield whether the send lock is free; if so, no process can take it within the block. Be quick."""
    return folder_lock.while_free(state, FILE)
