"""A request's time, and how it is cut off."""

import socket
import threading

import pytest

from briefing.errors import FetchError
from briefing.network.deadline import Clock, Deadline
from tests.clock import FakeClock

NEVER = 3600


def test_the_time_left_shrinks_and_its_end_is_an_error() -> None:
    clock = FakeClock()
    deadline = Deadline(10, clock)
    assert deadline.remaining("https://example.org/") == 10
    clock.advance(9)
    assert deadline.remaining("https://example.org/") == 1
    clock.advance(1)
    with pytest.raises(
        FetchError,
        match=r"^https://example.org/: took longer than 10 seconds to answer$",
    ):
        deadline.remaining("https://example.org/")


def test_a_socket_is_shut_down_at_the_deadline_and_not_before() -> None:
    clock = FakeClock()
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline(10, clock).cutting_off(ours):
        clock.advance(9)
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
        clock.advance(1)
        assert ours.recv(1) == b""


def test_a_socket_that_is_done_in_time_is_left_alone() -> None:
    clock = FakeClock()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Deadline(10, clock).cutting_off(ours):
            pass
        clock.advance(20)
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"


def test_the_real_clock_runs_forward() -> None:
    clock = Clock()
    assert clock.now() <= clock.now()


def test_a_real_alarm_goes_off_while_the_block_runs() -> None:
    rang = threading.Event()
    with Clock().alarm(0.01, rang.set):
        assert rang.wait(NEVER)


def test_a_real_alarm_ends_with_its_block() -> None:
    before = set(threading.enumerate())
    rang = threading.Event()
    with Clock().alarm(NEVER, rang.set):
        (timer,) = set(threading.enumerate()) - before
    timer.join(NEVER)
    assert not rang.is_set()
