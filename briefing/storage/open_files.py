"""Whether another program has a file open for writing.

Linux shows it by refusing a lease (fcntl(2), F_SETLEASE). On other systems it can't be known.
"""

import errno
import fcntl
import os
import signal
from pathlib import Path


def is_open_for_writing(path: Path) -> bool:
    """Whether a program has a file open for writing; False where that can't be known. Raises OSError
    if the file can't be opened.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _is_refused_lease(descriptor)
    finally:
        # This also gives the lease back.
        os.close(descriptor)


def _is_refused_lease(descriptor: int) -> bool:
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    # A program that opens the file while we have the lease waits until we give it back, and the system tells us by
    # SIGIO, which would end this program. SIGURG does nothing.
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        # Some file systems have no leases, and say so by other errors.
        return error.errno == errno.EAGAIN
    return False
