"""A clock that stands still until a test moves it, so that nothing depends on how fast the machine
is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from briefing.network.deadline import Clock


class FakeClock(Clock):
    """A clock for requests to the web. Its alarms go off when a test moves it past their time."""

    def __init__(self) -> None:
        self._now = 0.0
        self._alarms: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return self._now

    @contextmanager
    def alarm(
        self, seconds: float, action: Callable[[], None]
    ) -> Iterator[None]:
        alarm = (self._now + seconds, action)
        self._alarms.append(alarm)
        try:
            yield
        finally:
            self._alarms.remove(alarm)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds
        for time, action in list(self._alarms):
            if time <= self._now:
                action()
