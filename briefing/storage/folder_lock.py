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
"""Seconds for which a process that only looks at a lock may hold it."""
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
    """Hold the lock of this name in a folder, which is created as private if missing. The system releases
    the lock when the process ends, however it ends.

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
    """Yield whether a lock is free; if so, no process can take it within the block. Be quick."""
    try:
        descriptor = os.open(folder / name, os.O_RDONLY)
    except FileNotFoundError:  # it has never been held
        yield True
        return
    try:
        yield _try(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _take(
    descriptor: int, attempts: int, sleep: Callable[[float], None]
) -> bool:
    """Try to take the lock, and `attempts` times more; return whether that worked."""
    for _ in range(attempts):
        if _try(descriptor, fcntl.LOCK_EX):
            return True
        sleep(RETRY)
    return _try(descriptor, fcntl.LOCK_EX)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
