"""What a send waits for is shown at once, also after it was stopped."""

import threading
from dataclasses import replace

import pytest

from briefing.newsletter import Newsletter
from briefing.sending.delivery import STOPPING, WORTH_SHOWING
from briefing.sending.ledger.schema import State
from briefing.sending.progress import Progress
from briefing.sending.transports.base import Outcome, Queue
from tests.sending.conftest import TIMING, counts, send_issue
from tests.sending.test_delivery import Scripted, accepted, deferred


def test_a_stop_ends_the_wait_at_once_with_everything_recorded(
    sendable: Newsletter,
) -> None:
    stop, shown = threading.Event(), list[str]()

    def stop_while_it_waits(progress: Progress) -> None:
        shown.append(progress.waiting)
        if progress.waiting:
            stop.set()

    result = send_issue(
        sendable,
        Scripted(deferred),
        timing=replace(TIMING, monotonic=lambda: 0.0, back_off=(10.0,)),
        show_progress=stop_while_it_waits,
        stop=stop,
    )
    assert counts(result) == {State.DEFERRED: 30}
    waiting, after = shown[-2:]
    assert "30 emails deferred by the server" in waiting
    assert after == "", "no answer is missing"


def test_a_stop_says_at_once_what_is_waited_for(sendable: Newsletter) -> None:
    stop, shown, said = (
        threading.Event(),
        list[str](),
        threading.Event(),
    )

    class Silent(Scripted):
        def deliver(self, queue: Queue) -> None:
            batch = queue.next()
            assert batch
            (mail,) = queue.claim(batch).wait().mails
            stop.set()
            assert said.wait(60)  # the server answers only then
            queue.settle(accepted(mail))

    def show(progress: Progress) -> None:
        if progress.waiting:
            shown.append(progress.waiting)
            said.set()

    result = send_issue(
        sendable, Silent(accepted, batch=1), stop=stop, show_progress=show
    )
    assert set(shown) == {STOPPING}
    assert counts(result) == {State.ACCEPTED: 1, State.QUEUED: 29}


@pytest.mark.parametrize("state", [State.REJECTED, State.UNCERTAIN])
def test_nobody_who_is_not_tried_again_is_waited_for(
    sendable: Newsletter, state: State
) -> None:
    shown = set[str]()

    def show(progress: Progress) -> None:
        shown.add(progress.waiting)

    result = send_issue(
        sendable,
        Scripted(lambda mail: [Outcome(mail, state, "no")]),
        timing=replace(TIMING, back_off=(0.001,)),
        show_progress=show,
    )
    assert counts(result) == {state: 30}
    assert shown == {""}


@pytest.mark.parametrize(
    ("seconds", "is_shown"),
    [(0.01, False), (WORTH_SHOWING + 100, True)],
)
def test_a_pause_of_the_server_is_shown_if_it_is_long(
    sendable: Newsletter, seconds: float, *, is_shown: bool
) -> None:
    stop, shown = threading.Event(), list[str]()

    class Slow(Scripted):
        def deliver(self, queue: Queue) -> None:
            queue.pause(seconds, "450 slowly")
            super().deliver(queue)

    def show(progress: Progress) -> None:
        if progress.waiting:
            shown.append(progress.waiting)
            stop.set()

    send_issue(sendable, Slow(accepted), stop=stop, show_progress=show)
    assert bool(shown) is is_shown
    assert all(
        "(450 slowly); the next one goes out at" in text for text in shown
    )
