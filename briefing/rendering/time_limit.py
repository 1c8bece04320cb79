"""A limit on how long a template may take, in whichever thread it runs."""

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class TimeLimitError(Exception):
    """Raised within the block when its time is up."""


class Timer(Protocol):
    """What the limit needs of `threading.Timer`."""

    def start(self) -> None: ...
    def cancel(self) -> None: ...
    def join(self) -> None: ...


def _daemon_timer(seconds: float, on_timeout: Callable[[], None]) -> Timer:
    timer = threading.Timer(seconds, on_timeout)
    timer.daemon = True
    return timer


@contextmanager
def time_limit(
    seconds: float,
    *,
    make_timer: Callable[[float, Callable[[], None]], Timer] = _daemon_timer,
) -> Iterator[None]:
    """Raise TimeLimitError in the block if it runs longer than `seconds`.

    Python code stops between two of its instructions. A signal would reach only the main thread,
    and the preview renders in others. `make_timer` is for tests: a timer that they fire themselves.
    """
    thread = ctypes.c_ulong(threading.get_ident())
    decided = (
        threading.Lock()
    )  # held by whichever comes first: the timeout, or the end of the block

    def on_timeout() -> None:
        if decided.acquire(blocking=False):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                thread, ctypes.py_object(TimeLimitError)
            )

    timer = make_timer(seconds, on_timeout)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if not decided.acquire(blocking=False):
            timer.join()
            # The exception may not have been raised yet; it must not hit the code after the block.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)
