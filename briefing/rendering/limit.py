"""A limit on how long a template may take, in whichever thread it is filled."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TookTooLongError(Exception):
    """Raised within the block at its limit."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TookTooLongError in the block if it runs longer than `seconds`.

    Python code is stopped between two of its instructions; a signal would do that in the main thread only, and the
    preview renders in others.
    """
    thread = ctypes.c_ulong(threading.get_ident())
    ended = threading.Lock()  # held by whoever decides first: the timer, or the block's end

    def stop() -> None:
        if ended.acquire(blocking=False):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TookTooLongError))

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if not ended.acquire(blocking=False):
            timer.join()
            # Raised, or about to be: it must not hit what comes after the block.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)
