"""Locks that only one process holds, as files in a newsletter's private folder."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing.errors import BusyError

from . import files

MOMENT = 0.3
"""Seconds that somebody who only looks at a lock may hold it."""
RETRY = 0.05
"""Seconds between two attempts to take a lock."""


@contextmanager
def hold(
    folder: Path,
    name: str,
    busy: str,
    *,
    patience: float = MOMENT,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold the lock of this name in a folder, which is made, as private. The system releases it when the
    process ends, however it ends.

    Raises BusyError with the message `busy` if another process still holds it after `patience` seconds.
    """
    path = files.make_private_folder(folder) / name
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
    descriptor = os.open(path, flags, files.PRIVATE_FILE)
    try:
        attempts = round(patience / RETRY)
        if not _take(descriptor, attempts=attempts, sleep=sleep):
            raise BusyError(busy)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def while_free(folder: Path, name: str) -> Iterator[bool]:
    """Yield whether no process holds a lock; if so, none can take it meanwhile. Be quick."""
    try:
        descriptor = os.open(folder / name, os.O_RDONLY)
    except FileNotFoundError:  # nobody has ever held it
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
