"""Between one ledger and many connections: mails out, outcomes back, each step durable, one commit for many of them.

Connections run in threads of their own; the ledger, the list and the person's signals belong to the thread that calls
`Dispatch.run`. A connection asks for its next intent while its mail is on the wire, and waits for it only when that
mail was answered. A commit begins when somebody waits or enough have asked; it takes everything that was asked
meanwhile, and its time on the disk passes while other mails travel.

     a connection:   body k ──▶   asks: intent k+1, outcome k-1    … answer k …    waits    body k+1 ──▶
     this thread:                         commit ════════════════════ durable ═══════▶

So at most two mails a connection stand in the ledger as `sending`: the one on the wire, and the last or the next.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from briefing.errors import TransportError
from briefing.sending.transports.base import Batch, Claim, Mail, Outcome, SendStopped, Transport

ENOUGH = 8
"""So many asking together are worth a commit although nobody waits yet: commits and mails then overlap."""
PATIENCE = 0.1
"""Seconds after which what was told is recorded although nobody waits."""
LINGER = 0.0005
"""Seconds that the first of several who waits is kept waiting, since the others are about to ask, too."""
MANY = 4
"""So many connections are several."""

Record = Callable[[Sequence[Outcome], Sequence[Mail]], Collection[bytes]]
"""Commits outcomes and claims; returns whom it claimed, by their digests."""


class _Asked:
    """What a connection asked in one go: outcomes to record, and a batch to claim or None."""

    def __init__(self, dispatch: "Dispatch", batch: Batch | None, after: Sequence[Outcome]) -> None:
        self.batch = batch
        self.after = after
        self.awaited = False
        self.answered = False
        self.claimed: Batch | None = None
        self._dispatch = dispatch

    def wait(self) -> Batch:
        return self._dispatch._wait(self)


class Dispatch:
    """The queue of one send (`transports.base.Queue`), worked at by the connections of one transport."""

    def __init__(self, transport: Transport, record: Record, stop: threading.Event) -> None:
        """`record` commits to the ledger, always in the thread of `run`; `stop` ends the send from outside."""
        self.reason = ""
        """Why the transport halted the send; empty if it didn't."""
        self._transport = transport
        self._record = record
        self._stop = stop
        self._worth = min(ENOUGH, transport.connections)
        self._low = 2 * transport.connections if transport.batch == 1 else 1
        lock = threading.RLock()  # guards everything below
        self._news = threading.Condition(lock)  # for the thread of the ledger
        self._answers = threading.Condition(lock)  # for the connections
        self._ready: deque[Batch] = deque()
        self._asked: list[_Asked] = []
        self._given: dict[int, Batch] = {}  # out, and not yet asked for; by identity
        self._sending: set[bytes] = set()  # claimed, and without a recorded outcome
        self._working = 0
        self._halted = False
        self._ended = False  # the supply
        self._dry = False  # the supply, for the moment
        self._mistake: BaseException | None = None
        self._not_before = 0.0

    @property
    def idle(self) -> bool:
        """Whether every mail that was given out has its outcome in the ledger."""
        with self._news:
            return not (self._ready or self._given or self._asked or self._sending)

    # For the thread of the ledger

    def run(self, supply: Iterator[Batch | None]) -> None:
        """Give out what `supply` yields until it ends (None: nothing at the moment), and record what becomes of it.

        Returns when all connections have ended. Raises what the ledger raises, and a mistake of a connection.
        """
        self._working = self._transport.connections
        for number in range(self._working):
            threading.Thread(target=self._work, name=f"connection {number + 1}", daemon=True).start()
        try:
            while self._working:
                self._feed(supply)
                self._commit(self._gather())
            self._commit(self._asked)
        finally:
            self._halt()
        if self._mistake:
            raise self._mistake

    def _feed(self, supply: Iterator[Batch | None]) -> None:
        """Keep some mails ready for every connection."""
        self._dry = False
        while len(self._ready) < 2 * self._low and not self._ended and not self._dry and not self._halted:
            try:
                batch = next(supply, self)
            except Exception as error:  # noqa: BLE001  # raised by `run` once the connections have ended
                self._halt(mistake=error)
                return
            with self._answers:
                if isinstance(batch, Batch):
                    self._ready.append(batch)
                elif batch is None:
                    self._dry = True
                else:
                    self._ended = True
                self._answers.notify_all()

    def _gather(self) -> list[_Asked]:
        """Wait until there is something to do: what a commit is to take, nothing if it is for `_feed`."""
        until = time.monotonic() + PATIENCE
        with self._news:
            while self._working and not self._is_worth_it():
                if self._stop.is_set():
                    self._halt()
                hungry = len(self._ready) < self._low and not (self._ended or self._dry or self._halted)
                left = until - time.monotonic()
                if hungry and left > 0:
                    return []
                if left <= 0:
                    break
                self._news.wait(left)
            self._linger()
            asked, self._asked = self._asked, []
        if self._stop.is_set():
            self._halt()
        return asked

    def _linger(self) -> None:
        """Let a few more ask: a commit for each mail would keep the disk busier than the wire."""
        if self._transport.connections < MANY:
            return
        until = time.monotonic() + LINGER
        while self._working and len(self._asked) < self._worth and not self._halted:
            left = until - time.monotonic()
            if left <= 0:
                return
            self._news.wait(left)

    def _is_worth_it(self) -> bool:
        """Whether to commit now: enough have asked, somebody waits, or all mails are given out and outcomes come in."""
        last = bool(self._asked) and (self._dry or self._ended)
        return last or len(self._asked) >= self._worth or any(one.awaited for one in self._asked)

    def _commit(self, asked: list[_Asked]) -> None:
        if not asked:
            return
        outcomes = [outcome for one in asked for outcome in one.after]
        batches = [one.batch for one in asked if one.batch is not None] if not self._halted else []
        try:
            claimed = self._record(outcomes, [mail for batch in batches for mail in batch.mails])
        except Exception as error:  # noqa: BLE001  # raised by `run` once the connections have ended
            # Nothing of it was recorded: what is on the wire stays `sending`, and nothing more goes out.
            self._halt(mistake=error)
            claimed, batches = (), []
        with self._answers:
            self._sending -= {outcome.mail.recipient for outcome in outcomes}
            self._sending |= set(claimed)
            for one in asked:
                one.answered = True
                if one.batch is not None and batches:
                    mails = [mail for mail in one.batch.mails if mail.recipient in claimed]
                    one.claimed = replace(one.batch, mails=mails)
            self._answers.notify_all()

    def _halt(self, reason: str = "", mistake: BaseException | None = None) -> None:
        with self._news:
            if not self._halted:
                self._halted = True
                self.reason = reason
            self._mistake = self._mistake or mistake
            self._ready.clear()
            self._answers.notify_all()

    # For the connections

    def _work(self) -> None:
        try:
            self._transport.deliver(self)
        except SendStopped:
            pass
        except TransportError as error:
            self._halt(reason=str(error))
        except BaseException as error:  # noqa: BLE001  # handed on to the thread that runs the send
            self._halt(mistake=error)
        finally:
            with self._news:
                self._working -= 1
                self._news.notify_all()

    def next(self, *, wait: bool = True) -> Batch | None:
        with self._answers:
            while not self._halted:
                pause = self._not_before - time.monotonic()
                if self._ready and pause <= 0:
                    if self._transport.per_second:
                        self._not_before = time.monotonic() + 1 / self._transport.per_second
                    batch = self._ready.popleft()
                    self._given[id(batch)] = batch
                    if len(self._ready) < self._low:
                        self._news.notify_all()
                    return batch
                if not wait or (self._ended and not self._ready):
                    return None
                self._answers.wait(pause if self._ready else None)
        return None

    def claim(self, batch: Batch, after: Sequence[Outcome] = ()) -> Claim:
        with self._news:
            self._given.pop(id(batch), None)
            return self._ask(_Asked(self, batch, after))

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        self._ask(_Asked(self, None, outcomes))

    def pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        with self._answers:
            while (left := until - time.monotonic()) > 0 and not self._halted:
                self._answers.wait(left)
            if self._halted:
                raise SendStopped

    def _ask(self, asked: _Asked) -> _Asked:
        with self._news:
            self._asked.append(asked)
            if self._is_worth_it():
                self._news.notify_all()
        return asked

    def _wait(self, asked: _Asked) -> Batch:
        with self._answers:
            if not asked.answered:
                asked.awaited = True
                self._news.notify_all()
            while not asked.answered:
                self._answers.wait()
        if asked.claimed is None:
            raise SendStopped
        return asked.claimed
