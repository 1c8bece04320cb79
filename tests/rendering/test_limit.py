"""The limit on a template's time."""

import threading
import time

import pytest

from briefing.rendering.limit import TookTooLongError, time_limit


def spin(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_what_runs_longer_is_stopped_within_the_block() -> None:
    begin = time.monotonic()
    with pytest.raises(TookTooLongError), time_limit(0.05):
        spin(30)
    assert time.monotonic() - begin < 10


def test_what_ends_in_time_is_left_alone() -> None:
    with time_limit(20):
        spin(0.01)


def test_it_works_in_any_thread() -> None:
    caught: list[type] = []

    def work() -> None:
        try:
            with time_limit(0.05):
                spin(30)
        except TookTooLongError as error:
            caught.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert caught == [TookTooLongError]


def test_a_limit_that_ends_with_the_block_hits_nothing_after_it() -> None:
    for _ in range(300):
        try:
            with time_limit(0.0005):
                spin(0.0005)
        except TookTooLongError:
            pass
        spin(0.0001)


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    for _ in range(20):
        with time_limit(20):
            pass
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before
