"""Sending an issue: the only loop that does it.

It promises never to send an email twice and never to lose one silently. Its order of steps keeps that
promise: hold the lock; freeze what goes out and to whom in one commit; write the receipt that other
computers see; then for each email make the intent durable, hand the email over, record the outcome. A
process that dies between two steps leaves a ledger that says so, and the next send continues from
there. An email that was being handed over is uncertain then, and the editor decides.

The outbox is a rehearsal: the same path with a separate ledger and without a receipt. It always
starts over, so nothing is uncertain.
"""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import cast

from briefing import clock
from briefing.errors import BriefingError, BusyError, RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.transports.base import (
    Mail,
    Outcome,
    SchedulingTransport,
    Transport,
)
from briefing.subscribers.suppression import token_maker

from . import list_update, rehearsals, schedule, witnesses
from .dispatch import Dispatch
from .ledger import receipts, send_lock
from .ledger.ledger import Ledger
from .ledger.schema import Schedule, State, state_after_interruption
from .plan import Plan
from .preflight import gathering
from .preflight.preflight import Preflight
from .progress import Progress, ShowProgress, Tally
from .supply import Messages, Supply, frozen_messages
from .waits import Waits
from .witnesses import Witnesses

BACK_OFF = (30.0, 90.0, 180.0, 300.0, 600.0, 900.0, 1500.0)
"""Seconds before deferred emails are tried again within one send, unless the server says when: an hour
together. Greylisting usually lasts five minutes. After that they wait for the next send.
"""
LONGEST_PAUSE_WITHOUT_WAITING = 60.0
"""Seconds that a server may hold up a send with `no_wait`."""
RECEIPT_INTERVAL = 10.0
"""Seconds between two receipts during a send."""


@dataclass(frozen=True)
class Result:
    """How a send ended."""

    progress: Progress
    reason: str
    """Why the transport stopped it; empty if it didn't."""
    answer: str = field(repr=False)
    """The server's whole answer that stopped it, which may name readers; empty if there is none."""
    counts: dict[State, int]
    """All readers of the issue by state."""


@dataclass(frozen=True)
class Timing:
    """The clocks and pauses of a send."""

    now: Callable[[], dt.datetime] = clock.local_now
    monotonic: Callable[[], float] = time.monotonic
    back_off: Sequence[float] = BACK_OFF
    receipt_interval: float = RECEIPT_INTERVAL


def send(
    plan: Plan,
    ledger: Ledger,
    transport: Transport,
    approved: Preflight,
    *,
    stop: threading.Event,
    show_progress: ShowProgress,
    while_handing_over: AbstractContextManager[None] | None = None,
    timing: Timing | None = None,
) -> Result:
    """Send an issue as it was approved, or write it to the outbox.

    `approved` comes from `gathering.examine` on the same plan and ledger. Setting `stop` ends the
    send once the emails on the wire have their outcomes. `show_progress` is called after every
    commit. `while_handing_over` is entered before the first email: until then, Ctrl-C needn't wait
    for anything.

    Raises RefusedError if anything prevents the send or the number of emails has changed since,
    BusyError if another process is sending or has sent since, TransportError if the server takes no emails,
    LedgerError.
    """
    timing = timing or Timing()
    if transport.name != approved.request.via:
        raise RefusedError(
            f"this send was approved for {approved.request.via}, not for {transport.name}; run the command again"
        )
    if approved.request.dry_run:
        raise RefusedError("this was a dry run; nothing was sent")
    approved.refuse_if_blocked()
    newsletter = plan.mailing.newsletter
    with send_lock.hold(newsletter):
        list_update.refuse_moved(newsletter, plan.moves_state)
        current = gathering.examine_again(plan, ledger, approved, timing.now())
        _require_unchanged(current, approved)
        if current.amounts and current.amounts.restart:
            _start_over(plan, ledger, rehearsal=current.request.rehearsal)
        if not current.request.rehearsal:
            rehearsals.clear(newsletter, plan.mailing.issue)
        return _Send(
            plan,
            ledger,
            transport,
            current,
            stop,
            show_progress,
            while_handing_over or contextlib.nullcontext(),
            timing,
        ).run()


def mark_delivered(newsletter: Newsletter, ledger: Ledger, issue: str) -> int:
    """Count the uncertain emails of an issue as delivered. Return how many there were. Raises
    BusyError.
    """
    with send_lock.hold(newsletter):
        ledger.settle_interrupted(issue, State.UNCERTAIN)
        count = ledger.mark_uncertain_delivered(issue)
        if count:
            receipts.renew(newsletter.issues / issue, ledger)
        return count


def _require_unchanged(current: Preflight, approved: Preflight) -> None:
    """Raise an error unless what is to be sent now is what was approved: BusyError if another process
    has sent in the meantime, otherwise RefusedError.
    """
    if current.claimed != approved.claimed:
        raise BusyError(
            f"another briefing command has sent issue {current.facts.issue} in the meantime; nothing was sent now, "
            "run the command again"
        )
    current.refuse_if_blocked()
    if current.amounts is None:
        raise RefusedError("this is a test, not a send to the list")
    if current.count != approved.count:
        raise RefusedError(
            f"there are {current.count:,} emails to send now, not {approved.count:,}: something has changed in the "
            "meantime; nothing was sent now, run the command again"
        )


def _start_over(plan: Plan, ledger: Ledger, *, rehearsal: bool) -> None:
    if not rehearsal:
        witnesses.forget(plan.mailing)
    ledger.forget(plan.mailing.issue)


@dataclass
class _Send:
    """One send in progress, in the thread of the ledger."""

    plan: Plan
    ledger: Ledger
    transport: Transport
    approved: Preflight
    stop: threading.Event
    show_progress: ShowProgress
    while_handing_over: AbstractContextManager[None]
    timing: Timing

    def __post_init__(self) -> None:
        self.progress = Progress(self.approved.count)
        self._issue = self.plan.mailing.issue
        no_wait = self.approved.request.no_wait
        is_rehearsal = self.approved.request.rehearsal
        self._dispatch = Dispatch(
            self.transport,
            self._record,
            self.stop,
            watch=self._watch,
            longest_pause=LONGEST_PAUSE_WITHOUT_WAITING if no_wait else None,
        )
        self._supply = Supply(
            self.plan,
            self.ledger,
            self._dispatch,
            batch=self.transport.batch,
            allowance=self.approved.count,
            back_off=() if no_wait else self.timing.back_off,
        )
        self._tally = Tally(self.progress)
        self._failure: BriefingError | None = None
        self._schedule: Schedule | None = None
        self._witnesses = Witnesses(
            self.plan.mailing,
            self.ledger,
            self.transport.name,
            self.progress,
            is_rehearsal=is_rehearsal,
            monotonic=self.timing.monotonic,
            receipt_interval=self.timing.receipt_interval,
        )
        self._waits = Waits(
            self._dispatch,
            self._supply,
            self._tally,
            self.stop,
            is_rehearsal=is_rehearsal,
            now=self.timing.now,
            monotonic=self.timing.monotonic,
        )

    def run(self) -> Result:
        after_interruption = state_after_interruption(
            rehearsal=self.approved.request.rehearsal
        )
        self.ledger.settle_interrupted(self._issue, after_interruption)
        self.transport.open()
        try:
            self._schedule = self._book()
            self._freeze()
            messages = frozen_messages(
                self.plan.mailing, self.ledger, self._handover_clock()
            )
            self.ledger.begin_send()
            self._witnesses.begin()
            self._hand_over(messages)
        except KeyboardInterrupt:  # a second Ctrl-C
            self.ledger.settle_interrupted(self._issue, after_interruption)
            raise
        finally:
            self.transport.close()
        self.ledger.settle_interrupted(self._issue, after_interruption)
        if self._failure:
            raise self._failure
        counts = self.ledger.counts(self._issue)
        self._witnesses.write_receipt(counts)
        return Result(
            self.progress, self._dispatch.reason, self._dispatch.answer, counts
        )

    def _hand_over(self, messages: Messages) -> None:
        """Send the emails. However that ends, the receipt says how far it came."""
        try:
            with self.while_handing_over:
                self._dispatch.run(
                    self._supply.batches(messages, self.timing.monotonic)
                )
        except BaseException:
            with contextlib.suppress(BriefingError):
                self._witnesses.write_receipt()
            raise

    # Before the first email

    def _book(self) -> Schedule | None:
        """Book the schedule. Not earlier: a send that is refused must leave none behind."""
        if self.approved.at is None:
            return None
        # A gate refuses providers that can't send later.
        transport = cast(SchedulingTransport, self.transport)
        return schedule.book(
            self.ledger,
            self._issue,
            transport,
            self.approved.at,
            self.timing.now(),
        )

    def _freeze(self) -> None:
        mailing = self.plan.mailing
        amounts = self.approved.amounts
        assert amounts, "checked before the send"
        editions = (
            (lang, mailing.digests[lang], edition.to_bytes())
            for lang, edition in mailing.editions.items()
        )
        now = self.approved.facts.now.astimezone(dt.UTC)
        self.ledger.freeze(
            self._issue,
            now,
            editions,
            late=amounts.late,
            corrected=amounts.corrected,
        )
        for state in self.approved.request.again:
            self.ledger.change_state(self._issue, state, State.QUEUED)

    def _handover_clock(self) -> Callable[[], float]:
        """Return the clock that says when emails are handed over, in seconds since 1970. Those that
        the provider holds back count as handed over at the scheduled time, and those of a
        rehearsal, which never are, at the time of the freeze.
        """
        if self._schedule:
            return self._schedule.at.timestamp
        if self.approved.request.rehearsal:
            return self.approved.facts.now.timestamp
        return lambda: self.timing.now().timestamp()

    # After each commit

    def _record(
        self, outcomes: Sequence[Outcome], claims: Sequence[Mail]
    ) -> Collection[bytes]:
        """Record outcomes and claims durably; return the recipients claimed. Called in the ledger's
        thread.
        """
        unsubscribed = self._unsubscribed(claims)
        planned = self._schedule
        claimed = self.ledger.commit(
            self._issue,
            [
                (outcome.mail.recipient, outcome.state, outcome.reason)
                for outcome in outcomes
            ],
            [mail.recipient for mail in claims],
            unsubscribed=unsubscribed,
            schedule=planned.id if planned else None,
            day=gathering.day_of(self.timing.now()),
        )
        self._tally.skip(unsubscribed)
        # In their order: a refusal can be withdrawn.
        for state, same in groupby(outcomes, key=attrgetter("state")):
            self._count(state, list(same))
        self._tally.claim(claimed)
        with self._stopping_the_send():
            self._witnesses.count_claims(len(claimed))
        if (
            planned
            and claims
            and not claimed
            and self.ledger.is_recalled(planned.id)
        ):
            self.stop.set()
        self._report()
        return claimed

    def _unsubscribed(self, claims: Sequence[Mail]) -> set[bytes]:
        """Return who has unsubscribed since the issue was frozen, even a second ago."""
        suppression = self.plan.suppression
        suppression.refresh()
        if not len(suppression):
            return set()
        make_token = token_maker(self.plan.mailing.key)
        return {
            mail.recipient
            for mail in claims
            if make_token(mail.envelope.identity) in suppression
        }

    def _count(self, state: State, outcomes: Sequence[Outcome]) -> None:
        """Count outcomes of one state, and let the supply know who is to be offered again."""
        recipients = [outcome.mail.recipient for outcome in outcomes]
        counted = self._tally.count(recipients, state)
        if state is State.QUEUED:
            self._supply.allowance += len(counted)
        if state is not State.DEFERRED:
            return
        for outcome in outcomes:
            if outcome.mail.recipient in counted:
                self._supply.defer(outcome.mail.recipient, outcome.retry_after)

    def _watch(self) -> None:
        """Show what the send waits for when that begins, changes or ends."""
        if not self._waits.have_changed():
            return
        self.progress.waiting = self._waits.waiting
        with contextlib.suppress(OSError):
            self.show_progress(self.progress)

    def _report(self) -> None:
        """Show the progress and renew the receipt. A failure mustn't hide from the dispatch what
        was claimed.
        """
        with contextlib.suppress(OSError):  # the terminal is closed, say
            self.show_progress(self.progress)
        with self._stopping_the_send():
            self._witnesses.renew_receipt()

    @contextlib.contextmanager
    def _stopping_the_send(self) -> Iterator[None]:
        """An error ends the send, once the emails on the wire have their outcomes."""
        try:
            yield
        except BriefingError as error:
            self._failure = self._failure or error
            self.stop.set()
