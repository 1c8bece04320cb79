"""The limit on a template's time. The tests' own timer goes off when a test says so, never by the
clock.
"""

import threading
from collections.abc import Callable

import pytest

from briefing.rendering.time_limit import TimeLimitError, time_limit

NEVER = 3600


class FakeTimer:
    """A timer whose time is up when `fire` is called."""

    def __init__(self, seconds: float, on_timeout: Callable[[], None]) -> None:
        self.seconds = seconds
        self.fire = on_timeout
        self.started = self.cancelled = self.joined = False

    def start(self) -> None:
        self.started = True

    def cancel(self) -> None:
        self.cancelled = True

    def join(self) -> None:
        self.joined = True


class Timers:
    """Makes fake timers, and keeps the last one."""

    last: FakeTimer

    def __call__(self, seconds: float, on_timeout: Callable[[], None]) -> FakeTimer:
        self.last = FakeTimer(seconds, on_timeout)
        return self.last


def spin() -> None:
    """Run Python code; a pending exception is raised in it. Gives up after a while, so that no test
    hangs.
    """
    for _ in range(100_000_000):
        pass


def test_a_block_that_runs_too_long_is_stopped() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.01):
        spin()


def test_a_block_that_ends_in_time_is_left_alone_and_its_timer_cancelled() -> None:
    timers = Timers()
    with time_limit(20, make_timer=timers):
        assert timers.last.started
    assert timers.last.seconds == 20
    assert timers.last.cancelled


def test_it_stops_the_thread_that_it_was_set_in() -> None:
    timers = Timers()
    inside = threading.Event()
    caught: list[type] = []

    def work() -> None:
        try:
            with time_limit(20, make_timer=timers):
                inside.set()
                spin()
        except TimeLimitError as error:
            caught.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(NEVER)
    timers.last.fire()
    thread.join(NEVER)
    assert caught == [TimeLimitError]


def test_a_timeout_after_the_block_does_nothing() -> None:
    timers = Timers()
    with time_limit(20, make_timer=timers):
        pass
    timers.last.fire()
    for _ in range(1000):
        pass


def test_a_timeout_at_the_very_end_of_the_block_never_hits_the_code_after_it() -> None:
    for _ in range(300):
        timers = Timers()
        try:
            with time_limit(20, make_timer=timers):
                timers.last.fire()
        except TimeLimitError:
            pass
        else:
            assert timers.last.joined
        for _ in range(100):
            pass


def test_no_timer_is_left_running() -> None:
    before = set(threading.enumerate())
    with time_limit(NEVER):
        timers = set(threading.enumerate()) - before
    for timer in timers:
        timer.join(NEVER)
    assert len(timers) == 1
    assert set(threading.enumerate()) <= before
