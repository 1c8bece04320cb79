"""What a send waits for is shown at once, also after it was stopped."""

import datetime as dt
import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from briefing.newsletter import Newsletter
from briefing.sending.dispatch import Dispatch
from briefing.sending.ledger.schema import State
from briefing.sending.pauses import Pause
from briefing.sending.progress import Cause, Progress, Tally, Waiting
from briefing.sending.supply import Supply
from briefing.sending.transports.base import Outcome, Queue
from briefing.sending.waits import WORTH_SHOWING, Waits
from tests.sending.conftest import TIMING, counts, send_issue
from tests.sending.test_delivery import Scripted, accepted, deferred


def test_a_stop_ends_the_wait_at_once_with_everything_recorded(
    sendable: Newsletter,
) -> None:
    stop, causes = threading.Event(), list[Cause | None]()

    def stop_while_it_waits(progress: Progress) -> None:
        waiting = progress.waiting
        causes.append(waiting.cause if waiting else None)
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
    assert causes[-2:] == [Cause.RETRY, None], "no answer is missing"


def test_a_stop_says_at_once_what_is_waited_for(sendable: Newsletter) -> None:
    stop, shown, said = (
        threading.Event(),
        list[Waiting](),
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
    assert set(shown) == {Waiting(Cause.STOP, 1)}
    assert counts(result) == {State.ACCEPTED: 1, State.QUEUED: 29}


@pytest.mark.parametrize("state", [State.REJECTED, State.UNCERTAIN])
def test_nobody_who_is_not_tried_again_is_waited_for(
    sendable: Newsletter, state: State
) -> None:
    causes = set[Cause | None]()

    def show(progress: Progress) -> None:
        causes.add(progress.waiting.cause if progress.waiting else None)

    result = send_issue(
        sendable,
        Scripted(lambda mail: [Outcome(mail, state, "no")]),
        timing=replace(TIMING, back_off=(0.001,)),
        show_progress=show,
    )
    assert counts(result) == {state: 30}
    assert causes == {None}


@pytest.mark.parametrize(
    ("seconds", "cause"),
    [(1.0, None), (WORTH_SHOWING, None), (WORTH_SHOWING + 1, Cause.PACE)],
)
def test_a_pause_of_the_server_is_shown_if_it_is_long(
    seconds: float, cause: Cause | None
) -> None:
    now = dt.datetime(2020, 10, 9, tzinfo=dt.UTC)
    waits = Waits(
        cast(Dispatch, SimpleNamespace(pausing=Pause(100 + seconds, "slowly"))),
        cast(Supply, SimpleNamespace(waiting_until=None)),
        Tally(Progress(30)),
        threading.Event(),
        is_rehearsal=False,
        now=lambda: now,
        monotonic=lambda: 100.0,
    )
    assert waits.have_changed() is (cause is not None)
    assert (waits.waiting and waits.waiting.cause) is cause
