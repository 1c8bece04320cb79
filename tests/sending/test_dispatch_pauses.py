"""A connection that pauses goes on after its pause, or at once if the send is stopped."""

import threading

import pytest

from briefing.sending.dispatch import LONGEST_DELAY
from briefing.sending.transports.base import Queue, SendStopped
from tests.sending.queues import Book, ManualClock, batches, mails
from tests.sending.test_dispatch import Fake, dispatch_of


@pytest.mark.parametrize("seconds", [30, 0.5])
def test_it_waits_for_the_full_pause(seconds: float) -> None:
    clock, took = ManualClock(), []

    def deliver(queue: Queue) -> None:
        threading.Thread(target=advance).start()
        queue.pause(seconds, "busy")
        took.append(clock.now())

    def advance() -> None:
        for _ in range(4):
            clock.until_waiting(seconds)
            clock.advance(seconds / 4)

    dispatch_of(Book(mails(9)), Fake(deliver, batch=100), clock).run(
        iter(batches(*mails(9)))
    )
    assert took == [seconds]


def test_a_stop_ends_it() -> None:
    clock, stop, stopped = ManualClock(), threading.Event(), []

    def deliver(queue: Queue) -> None:
        threading.Thread(target=advance).start()
        with pytest.raises(SendStopped):
            queue.pause(1_000_000, "busy")
        stopped.append(clock.now())

    def advance() -> None:
        clock.until_waiting(1_000_000)
        clock.until_waiting(LONGEST_DELAY)
        stop.set()
        clock.advance(LONGEST_DELAY)

    Book(mails(1)).send(Fake(deliver), stop=stop, clock=clock)
    assert stopped == [LONGEST_DELAY]
