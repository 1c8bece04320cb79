"""One sender at a time in a newsletter's folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing import files
from briefing.errors import BusyError
from briefing.newsletter import Newsletter

FILE = "send.lock"
MOMENT = 0.3
"""Seconds: `nobody_sends` holds the lock for less."""


@contextmanager
def lock(newsletter: Newsletter, *, patience: float = MOMENT) -> Iterator[None]:
    """Hold the newsletter's send lock; it goes with its process.

    Raises BusyError if somebody else has it, and still has it after `patience` seconds.
    """
    path = files.make_private_folder(newsletter.state) / FILE
    until = time.monotonic() + patience
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, files.PRIVATE_FILE)
    try:
        while not _is_taken(descriptor):
            if time.monotonic() >= until:
                raise BusyError("somebody else is sending from this folder; wait until that has ended")
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def nobody_sends(state: Path) -> bool:
    """Whether nobody holds the lock of the newsletter whose private folder `state` is, at this moment."""
    try:
        descriptor = os.open(state / FILE, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
