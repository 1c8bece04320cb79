"""Sending an issue: the only loop that does it.

It promises never to send an email twice and never to lose one silently. Its order of steps keeps that
promise: hold the lock; freeze what goes out and to whom in one commit; write the receipt that other
computers see; then for each email make the intent durable, hand the email over, record the outcome. A
process that dies between two steps leaves a ledger that says so, and the next send continues from
there. An email that was being handed over is uncertain then, and the editor decides.

The outbox is a rehearsal: the same path with a ledger in memory and without a receipt. It starts over each
time, so nothing is uncertain.
"""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from briefing import clock
from briefing.errors import BriefingError, BusyError, RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.transports.base import Mail, Outcome, Transport
from briefing.subscribers.suppression import token_maker
from briefing.text.counts import counted

from . import list_update, receipts, rehearsals
from .dispatch import Dispatch
from .ledger import send_lock
from .ledger.ledger import Ledger
from .ledger.schema import State
from .plan import Plan
from .preflight import gates, gathering
from .preflight.gates import Preflight
from .progress import Progress, ShowProgress, Tally
from .receipts import ReceiptWriter
from .supply import Messages, Supply, frozen_messages

BACK_OFF = (30.0, 90.0, 180.0, 300.0, 600.0, 900.0, 1500.0)
"""Seconds before deferred emails are tried again within one send, unless the server says when: an hour
together. Greylisting usually lasts five minutes. After that they wait for the next send.
"""
WORTH_SHOWING = 5.0
"""A pause of the server is shown if it takes at least so many seconds."""
STOPPING = (
    "Stopping. Waiting for the server's last answers, for ten minutes at most; Ctrl-C again ends this at once, and "
    "leaves these emails uncertain."
)


@dataclass(frozen=True)
class Result:
    """How a send ended."""

    progress: Progress
    reason: str
    """Why the transport stopped it; empty if it didn't."""
    counts: dict[State, int]
    """All readers of the issue by state."""


@dataclass(frozen=True)
class Timing:
    """The clocks and pauses of a send."""

    now: Callable[[], dt.datetime] = clock.local_now
    monotonic: Callable[[], float] = time.monotonic
    back_off: Sequence[float] = BACK_OFF


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
    approved.refuse_if_blocked()
    newsletter = plan.mailing.newsletter
    with send_lock.hold(newsletter):
        list_update.refuse_moved(newsletter, plan.moves_state)
        current = gathering.examine_again(plan, ledger, approved, timing.now())
        _require_unchanged(current, approved)
        if current.amounts and current.amounts.restart:
            receipts.forget(newsletter, plan.mailing.issue)
            ledger.forget(plan.mailing.issue)
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
        ledger.settle_interrupted(issue)
        count = ledger.mark_uncertain_delivered(issue)
        if count:
            receipts.renew(newsletter, issue, ledger)
        return count


def end(newsletter: Newsletter, ledger: Ledger, issue: str) -> int:
    """Give up the readers who haven't got an issue. Return how many there were.

    Raises RefusedError if no reader has it, or if the ledger doesn't know everyone who does, and BusyError.
    """
    with send_lock.hold(newsletter):
        record = gathering.read_record(newsletter, issue, ledger)
        if mismatch := gates.find_mismatch(issue, record):
            raise RefusedError(mismatch.message)
        if not record.readers_with_mail:
            raise RefusedError(
                f"no reader has issue {issue} yet, so there is nothing to end; you can still edit it"
            )
        ledger.settle_interrupted(issue)
        count = ledger.cancel_unsent(issue)
        if count:
            receipts.renew(newsletter, issue, ledger)
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
        self._is_rehearsal = self.approved.request.rehearsal
        self._dispatch = Dispatch(
            self.transport, self._record, self.stop, watch=self._watch
        )
        self._supply = Supply(
            self.plan,
            self.ledger,
            self._dispatch,
            batch=self.transport.batch,
            allowance=self.approved.count,
            back_off=self.timing.back_off,
        )
        self._tally = Tally(self.progress)
        self._failure: BriefingError | None = None
        self._receipts = ReceiptWriter(
            self.plan.mailing.newsletter,
            self._issue,
            self.ledger,
            self.transport.name,
            self.progress,
            monotonic=self.timing.monotonic,
        )
        self._wait: tuple[str, float | None] = "", None

    def run(self) -> Result:
        self.ledger.settle_interrupted(self._issue)
        self.transport.open()
        try:
            self._freeze()
            messages = frozen_messages(
                self.plan.mailing, self.ledger, self._handover_clock()
            )
            self.ledger.begin_send()
            if not self._is_rehearsal:
                self._receipts.begin()
            self._hand_over(messages)
        except KeyboardInterrupt:  # a second Ctrl-C
            self.ledger.settle_interrupted(self._issue)
            raise
        finally:
            self.transport.close()
        self.ledger.settle_interrupted(self._issue)
        if self._failure:
            raise self._failure
        counts = self.ledger.counts(self._issue)
        if not self._is_rehearsal:
            self._receipts.write(counts)
        return Result(self.progress, self._dispatch.reason, counts)

    # Before the first email

    def _freeze(self) -> None:
        mailing = self.plan.mailing
        editions = (
            (lang, mailing.digests[lang], edition.to_bytes())
            for lang, edition in mailing.editions.items()
        )
        now = self.approved.facts.now.astimezone(dt.UTC)
        self.ledger.freeze(self._issue, now, editions)
        for state in self.approved.request.again:
            self.ledger.change_state(self._issue, state, State.QUEUED)

    def _handover_clock(self) -> Callable[[], float]:
        """Return the clock that says when emails are handed over, in seconds since 1970. Those of a
        rehearsal never are, and count as handed over when it began.
        """
        if self._is_rehearsal:
            return self.approved.facts.now.timestamp
        return lambda: self.timing.now().timestamp()

    def _hand_over(self, messages: Messages) -> None:
        """Send the emails. However that ends, the receipt says how far it came."""
        try:
            with self.while_handing_over:
                self._dispatch.run(
                    self._supply.batches(messages, self.timing.monotonic)
                )
        except BaseException:
            if not self._is_rehearsal:
                with contextlib.suppress(BriefingError):
                    self._receipts.write()
            raise

    # After each commit

    def _record(
        self, outcomes: Sequence[Outcome], claims: Sequence[Mail]
    ) -> Collection[bytes]:
        """Record outcomes and claims durably; return the recipients claimed. Called in the ledger's
        thread.
        """
        unsubscribed = self._unsubscribed(claims)
        claimed = self.ledger.commit(
            self._issue,
            [
                (outcome.mail.recipient, outcome.state, outcome.reason)
                for outcome in outcomes
            ],
            [mail.recipient for mail in claims],
            unsubscribed=unsubscribed,
            day=gathering.day_of(self.timing.now()),
        )
        self._tally.skip(unsubscribed)
        # In their order: a refusal can be withdrawn.
        for state, same in groupby(outcomes, key=attrgetter("state")):
            self._count(state, list(same))
        self._tally.claim(claimed)
        if not self._is_rehearsal:
            with self._stopping_the_send():
                self._receipts.count_claims(len(claimed))
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
        before, self._wait = self._wait, self._find_wait()
        if self._wait == before:
            return
        text, until = self._wait
        if until is not None:
            seconds = until - self.timing.monotonic()
            at = self.timing.now() + dt.timedelta(seconds=seconds)
            text += f" at {at:%H:%M:%S}."
        self.progress.waiting = text
        with contextlib.suppress(OSError):
            self.show_progress(self.progress)

    def _find_wait(self) -> tuple[str, float | None]:
        """Return what the send waits for (empty: nothing), and until when by the monotonic clock; the text ends
        with that time then.
        """
        if self.stop.is_set():
            # A file answers at once.
            waits = self._tally.in_flight and not self._is_rehearsal
            return STOPPING if waits else "", None
        if self._supply.waiting_until is not None:
            mails = counted(len(self._supply.deferred), "email")
            return (
                f"{mails} deferred by the server. Ctrl-C leaves them to the next send; otherwise they are tried again"
            ), self._supply.waiting_until
        pause = self._dispatch.pausing
        if pause and pause.until - self.timing.monotonic() > WORTH_SHOWING:
            return (
                f"Emails wait ({pause.why}); the next one goes out"
            ), pause.until
        return "", None

    def _report(self) -> None:
        """Show the progress and renew the receipt. A failure mustn't hide from the dispatch what
        was claimed.
        """
        with contextlib.suppress(OSError):  # the terminal is closed, say
            self.show_progress(self.progress)
        if not self._is_rehearsal:
            with self._stopping_the_send():
                self._receipts.write_if_due()

    @contextlib.contextmanager
    def _stopping_the_send(self) -> Iterator[None]:
        """An error ends the send, once the emails on the wire have their outcomes."""
        try:
            yield
        except BriefingError as error:
            self._failure = self._failure or error
            self.stop.set()
