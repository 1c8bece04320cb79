"""Waiting within a send: its clock, and connections that pause before they continue."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


class DispatchClock:
    """Time in seconds, and waiting. Tests pass in a fake one."""

    def now(self) -> float:
        return time.monotonic()

    def wait(
        self, condition: threading.Condition, seconds: float | None
    ) -> None:
        """Wait until the condition is notified, for at most `seconds`; None: without limit."""
        condition.wait(seconds)


@dataclass(frozen=True)
class Pause:
    """A connection waits before it continues."""

    until: float
    """By the clock of the dispatch."""
    why: str


class Pauses:
    """The connections of a dispatch that pause. Use it only while holding the dispatch's lock."""

    def __init__(self, lock: threading.RLock, clock: DispatchClock) -> None:
        self._clock = clock
        self._ended = threading.Condition(lock)
        self._by_thread: dict[int, Pause] = {}

    def __len__(self) -> int:
        return len(self._by_thread)

    def wait(
        self, seconds: float, why: str, is_stopped: Callable[[], bool]
    ) -> None:
        """Let this thread pause, without the lock, until the time is over or the dispatch has stopped."""
        until = self._clock.now() + seconds
        this = threading.get_ident()
        self._by_thread[this] = Pause(until, why)
        while (remaining := until - self._clock.now()) > 0 and not is_stopped():
            self._clock.wait(self._ended, remaining)
        del self._by_thread[this]

    def wake_all(self) -> None:
        """Let all threads that pause check whether the dispatch has stopped."""
        self._ended.notify_all()

    @property
    def next_to_end(self) -> Pause | None:
        """The pause that ends next; None without any."""
        pauses = self._by_thread.values()
        return min(pauses, key=lambda pause: pause.until, default=None)
