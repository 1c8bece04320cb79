"""One sender at a time in a newsletter's folder."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing import files
from briefing.errors import BusyError
from briefing.newsletter import Newsletter

FILE = "send.lock"
BUSY = "another process is sending from this folder; wait until it has finished"
MOMENT = 0.3
"""Seconds. `is_free` holds the lock for less, so a sender waits that long before it gives up."""
RETRY = 0.05
"""Seconds between two attempts to take the lock."""


@contextmanager
def lock(
    newsletter: Newsletter,
    *,
    patience: float = MOMENT,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold the newsletter's send lock. The system releases it when the process ends, however it
    ends.

    Raises BusyError if another process still holds it after `patience` seconds.
    """
    with lock_folder(newsletter.state, patience=patience, sleep=sleep):
        yield


@contextmanager
def lock_folder(
    state: Path,
    *,
    patience: float = MOMENT,
    sleep: Callable[[float], None] = time.sleep,
    name: str = FILE,
    busy: str = BUSY,
) -> Iterator[None]:
    """Hold the send lock of the newsletter whose private folder is `state`; see `lock`.

    Another `name` is another lock, and `busy` what its BusyError says.
    """
    path = files.make_private_folder(state) / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, files.PRIVATE_FILE)
    try:
        attempts = round(patience / RETRY)
        if not _take(descriptor, attempts=attempts, sleep=sleep):
            raise BusyError(busy)
        yield
    finally:
        os.close(descriptor)


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


@contextmanager
def while_free(state: Path) -> Iterator[bool]:
    """Yield whether no process holds the send lock; if so, none can take it meanwhile. Be quick."""
    try:
        descriptor = os.open(state / FILE, os.O_RDONLY)
    except FileNotFoundError:  # nobody has ever sent from here
        yield True
        return
    try:
        yield _try(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _take(
    descriptor: int, attempts: int, sleep: Callable[[float], None]
) -> bool:
    """Return whether the lock could be taken; it is tried `attempts` times more."""
    while not _try(descriptor, fcntl.LOCK_EX):
        if attempts <= 0:
            return False
        attempts -= 1
        sleep(RETRY)
    return True


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
