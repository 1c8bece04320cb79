"""Between one ledger and many connections: emails out, outcomes back, each step durable, one commit
for many of them.

Connections run in threads of their own; the ledger, the list and the signals of the terminal belong
to the thread that calls `Dispatch.run`. A connection asks for its next claim while an email is on the
wire, and waits for it only once that email is answered. A commit begins when a connection waits or
enough have asked; it includes everything asked for until then, and while the disk writes it, other
emails travel.

     a connection:   body k ──▶   asks: claim k+1, outcome k-1     … answer k …    waits    body k+1 ──▶
     this thread:                         commit ════════════════════ durable ═══════▶

So at most two emails of a connection are `sending` in the ledger: the one on the wire, and the last
or the next.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.errors import TransportError
from briefing.sending.transports.base import (
    MANY,
    Batch,
    Claim,
    Mail,
    Outcome,
    SendStopped,
    Transport,
)

ENOUGH_REQUESTS = 8
"""Requests that are worth a commit although no connection waits yet: commits and emails overlap
then.
"""
LONGEST_DELAY = 0.1
"""Seconds after which outcomes are recorded although no connection waits."""
GATHER_DELAY, LONGEST_GATHER_DELAY = 0.0005, 0.005
"""Seconds that the first of several connections is kept waiting, since the others are about to ask
as well: longer where the disk is slow.
"""
SHARE_OF_COMMIT = 0.25
"""The part of a commit's time that it pays to wait for more requests."""
SEVERAL_CONNECTIONS = 4

_Record = Callable[[Sequence[Outcome], Sequence[Mail]], Collection[bytes]]
"""Commits outcomes and claims; returns the recipients that were claimed."""


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


class _CommitRequest:
    """What a connection asks for: to record outcomes, and to claim a batch if it has one."""

    def __init__(
        self,
        dispatch: "Dispatch",
        batch: Batch | None,
        outcomes: Sequence[Outcome],
    ) -> None:
        self.batch = batch
        self.outcomes = outcomes
        self.is_answered = False
        self.awaited: threading.Condition | None = None
        """On which its connection waits; of its own, so that an answer wakes only that one."""
        self.claimed: Batch | None = None
        self._dispatch = dispatch

    def wait(self) -> Batch:
        return self._dispatch._wait(self)


class Dispatch:
    """The queue of one send (`transports.base.Queue`), shared by the connections of one transport."""

    def __init__(
        self,
        transport: Transport,
        record: _Record,
        stop: threading.Event,
        clock: DispatchClock | None = None,
        *,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        """`record` commits to the ledger, always in the thread of `run`; `stop` ends the send from
        outside. `watch` is called in that thread several times a second.
        """
        self._watch = watch
        self.reason = ""
        """Why the transport stopped the send; empty if it didn't."""
        self._transport = transport
        self._record = record
        self._stop = stop
        self._clock = clock or DispatchClock()
        self._enough_requests = min(ENOUGH_REQUESTS, transport.connections)
        self._least = 2 * transport.connections if transport.batch == 1 else 1
        """Batches below which more are asked of the supply."""
        lock = threading.RLock()  # guards everything below
        self._for_ledger = threading.Condition(lock)
        self._for_next = threading.Condition(lock)
        self._pauses = Pauses(lock, self._clock)
        self._lock = lock
        self._ready: deque[Batch] = deque()
        self._requests: list[_CommitRequest] = []
        # Not asked for yet; by identity.
        self._handed_out: dict[int, Batch] = {}
        # Claimed, and without a recorded outcome.
        self._sending: set[bytes] = set()
        self._working = 0  # connections
        self._waiting = 0  # of them for an email
        self._stopped = False
        self._supply_ended = False
        self._supply_pauses = False
        self._bug: BaseException | None = None
        self._next_allowed = 0.0
        self._gather_delay = GATHER_DELAY
        self._is_gathering = False
        """Whether the ledger's thread waits for more requests before a commit that is certain."""

    @property
    def idle(self) -> bool:
        """Whether every email that was handed out has its outcome in the ledger, and no connection
        has another outcome to report.
        """
        with self._for_ledger:
            is_waiting = len(self._pauses) + self._waiting == self._working
            return is_waiting and not (
                self._ready
                or self._handed_out
                or self._requests
                or self._sending
            )

    # For the thread of the ledger

    def run(self, supply: Iterator[Batch | None]) -> None:
        """Hand out what `supply` yields until it ends (None: nothing at the moment), and record the
        outcomes.

        Returns when all connections have ended. Raises what the ledger raises, and any unexpected
        error of a connection.
        """
        self._working = self._transport.connections
        for number in range(self._working):
            threading.Thread(
                target=self._work, name=f"connection {number + 1}", daemon=True
            ).start()
        try:
            while self._working:
                self._fill(supply)
                self._commit(self._gather())
                self._watch()
            self._commit(self._requests)
        finally:
            self._stop_sending()
        if self._bug:
            raise self._bug

    def _fill(self, supply: Iterator[Batch | None]) -> None:
        """Keep some emails ready for every connection."""
        self._supply_pauses = False
        while len(self._ready) < 2 * self._least and self._supply_continues:
            try:
                batch = next(supply, self)
            except Exception as error:  # noqa: BLE001  # raised by `run` once the connections have ended
                self._stop_sending(bug=error)
                return
            with self._lock:
                if isinstance(batch, Batch):
                    self._ready.append(batch)
                    self._for_next.notify()
                self._supply_pauses = batch is None
                self._supply_ended = batch is self
                if self._supply_ended:
                    self._for_next.notify_all()

    @property
    def _supply_continues(self) -> bool:
        return not (self._supply_ended or self._supply_pauses or self._stopped)

    def _gather(self) -> list[_CommitRequest]:
        """Wait until there is something to do; return the requests for a commit, none if `_fill`
        has work first.
        """
        until = self._clock.now() + LONGEST_DELAY
        with self._for_ledger:
            while self._working and not self._is_worth_a_commit():
                self._check_stop()
                remaining = until - self._clock.now()
                if remaining <= 0:
                    break
                if len(self._ready) < self._least and self._supply_continues:
                    return []
                self._clock.wait(self._for_ledger, remaining)
            self._is_gathering = True
            self._wait_for_more_requests()
            self._is_gathering = False
            requests = self._requests
            self._requests = []
        self._check_stop()
        return requests

    def _check_stop(self) -> None:
        if self._stop.is_set():
            self._stop_sending()

    def _wait_for_more_requests(self) -> None:
        """Let a few more connections ask: a commit for each email would keep the disk busier than
        the wire.
        """
        if self._transport.connections < SEVERAL_CONNECTIONS:
            return
        until = self._clock.now() + self._gather_delay
        while (
            self._working
            and len(self._requests) < self._enough_requests
            and not self._stopped
        ):
            remaining = until - self._clock.now()
            if remaining <= 0:
                return
            self._clock.wait(self._for_ledger, remaining)

    def _is_worth_a_commit(self) -> bool:
        """Whether to commit now: enough have asked, one waits, or all emails are handed out and
        outcomes come in.
        """
        if len(self._requests) >= self._enough_requests:
            return True
        if self._requests and (self._supply_pauses or self._supply_ended):
            return True
        return any(request.awaited for request in self._requests)

    def _commit(self, requests: list[_CommitRequest]) -> None:
        """Record outcomes and claims in one commit, and answer the connections that asked for it."""
        if not requests:
            return
        # Asked once, so that all claims of a commit are granted, or none.
        granted = not self._stopped
        outcomes: list[Outcome] = []
        claims: list[Mail] = []
        for request in requests:
            outcomes += request.outcomes
            if request.batch is not None and granted:
                claims += request.batch.mails
        claimed: Collection[bytes] = ()
        began = self._clock.now()
        try:
            claimed = self._record(outcomes, claims)
        except Exception as error:  # noqa: BLE001  # raised by `run` once the connections have ended
            # Nothing was recorded: what is on the wire stays `sending`, and nothing more goes
            # out.
            self._stop_sending(bug=error)
            granted = False
        share = (self._clock.now() - began) * SHARE_OF_COMMIT
        self._gather_delay = min(max(share, GATHER_DELAY), LONGEST_GATHER_DELAY)
        with self._lock:
            self._sending -= {outcome.mail.recipient for outcome in outcomes}
            self._sending |= set(claimed)
            for request in requests:
                self._answer(request, claimed, granted=granted)

    def _answer(
        self,
        request: _CommitRequest,
        claimed: Collection[bytes],
        *,
        granted: bool,
    ) -> None:
        request.is_answered = True
        if request.batch is not None and granted:
            mails = [
                mail
                for mail in request.batch.mails
                if mail.recipient in claimed
            ]
            everyone = len(mails) == len(request.batch.mails)
            request.claimed = (
                request.batch
                if everyone
                else replace(request.batch, mails=mails)
            )
        if request.awaited:
            request.awaited.notify()

    def _stop_sending(
        self,
        reason: str = "",
        bug: BaseException | None = None,
    ) -> None:
        with self._for_ledger:
            if not self._stopped:
                self._stopped = True
                self.reason = reason
            self._bug = self._bug or bug
            self._ready.clear()
            self._for_next.notify_all()
            self._pauses.wake_all()

    # For the connections

    def _work(self) -> None:
        try:
            self._transport.deliver(self)
        except SendStopped:
            pass
        except TransportError as error:
            self._stop_sending(reason=str(error))
        except BaseException as error:  # noqa: BLE001  # handed on to the thread that runs the send
            self._stop_sending(bug=error)
        finally:
            with self._for_ledger:
                self._working -= 1
                self._for_ledger.notify_all()

    def next(self, *, wait: bool = True, most: int = MANY) -> Batch | None:
        with self._lock:
            while not self._stopped:
                pause = self._next_allowed - self._clock.now()
                if self._ready and pause <= 0:
                    batch = self._hand_out(most)
                    if self._ready:  # one more may wait
                        self._for_next.notify()
                    return batch
                if not wait or (self._supply_ended and not self._ready):
                    return None
                self._waiting += 1
                self._clock.wait(self._for_next, pause if self._ready else None)
                self._waiting -= 1
        return None

    def _hand_out(self, most: int) -> Batch:
        if self._transport.per_second:
            self._next_allowed = (
                self._clock.now() + 1 / self._transport.per_second
            )
        batch = self._ready.popleft()
        if len(batch.mails) > most:
            batch, others = batch.cut(most)
            self._ready.appendleft(others)
        self._handed_out[id(batch)] = batch
        if len(self._ready) < self._least:
            self._for_ledger.notify_all()
        return batch

    def claim(self, batch: Batch, after: Sequence[Outcome] = ()) -> Claim:
        with self._for_ledger:
            self._handed_out.pop(id(batch), None)
            return self._ask(_CommitRequest(self, batch, after))

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        self._ask(_CommitRequest(self, None, outcomes))

    def pause(self, seconds: float, why: str) -> None:
        with self._lock:
            self._pauses.wait(seconds, why, lambda: self._stopped)
            if self._stopped:
                raise SendStopped

    @property
    def pausing(self) -> Pause | None:
        """The pause that ends next, if all connections pause."""
        with self._lock:
            all_pause = len(self._pauses) >= self._working
            return self._pauses.next_to_end if all_pause else None

    def _ask(self, request: _CommitRequest) -> _CommitRequest:
        with self._for_ledger:
            self._requests.append(request)
            self._wake_ledger()
        return request

    def _wake_ledger(self) -> None:
        """Wake the thread of the ledger if it has a reason: each wake-up costs as much as an email's
        envelope.
        """
        enough = len(self._requests) >= self._enough_requests
        if enough or (not self._is_gathering and self._is_worth_a_commit()):
            self._for_ledger.notify_all()

    def _wait(self, request: _CommitRequest) -> Batch:
        with self._lock:
            if not request.is_answered:
                request.awaited = threading.Condition(self._lock)
                self._wake_ledger()
                while not request.is_answered:
                    self._clock.wait(request.awaited, None)
        if request.claimed is None:
            raise SendStopped
        return request.claimed
