"""One sender at a time in a newsletter's folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from briefing import files
from briefing.errors import BusyError
from briefing.newsletter import Newsletter


@contextmanager
def lock(newsletter: Newsletter) -> Iterator[None]:
    """Hold the newsletter's send lock. Raises BusyError at once if somebody else has it; it goes with its process."""
    path = files.make_private_folder(newsletter.state) / "send.lock"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, files.PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BusyError("somebody else is sending from this folder; wait until that has ended") from None
    try:
        yield
    finally:
        os.close(descriptor)
