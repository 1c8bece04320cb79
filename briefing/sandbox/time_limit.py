"""Limit the CPU time of a block, in a process that was started for it."""

import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from briefing.text.counts import counted

_GRACE = 2
"""Seconds of CPU time after which the kernel ends a child that didn't end itself."""


class OutOfTimeError(BaseException):
    """Raised in a function that takes too long. No `except Exception` of a library catches it."""


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise OutOfTimeError in the block after some seconds of CPU time.

    Python raises it between two of its instructions. If a library written in C doesn't come back,
    the kernel ends the process a few seconds later.
    """

    def on_signal(*_: object) -> None:
        raise OutOfTimeError(f"takes longer than {counted(seconds, 'second')}")

    used = int(time.process_time())
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds + _GRACE, hard))
    signal.signal(signal.SIGPROF, on_signal)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
