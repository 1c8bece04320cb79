"""Sending an issue: the only loop that does it.

The promise is kept in this order: hold the lock; freeze what goes out and to whom in one transaction; write the receipt
that other machines see; then for each mail make durable that it is being sent, hand it over, record what became of it.
A process that dies between two steps leaves a ledger that says so, and the next `send` goes on from there: what was
under way then is uncertain, and waits for the editor.

The outbox is a rehearsal: the same path with a ledger of its own, no receipt, and a mail that is written twice is one
file, so that nothing is uncertain. When the issue or its outbox was changed since, it starts anew.
"""

import contextlib
import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from briefing.errors import BriefingError, LedgerError, RefusedError, shown
from briefing.issue import receipt
from briefing.issue.receipt import Receipt
from briefing.keys import Key
from briefing.mail.message import Message
from briefing.newsletter import Newsletter
from briefing.rendering.rendered import RenderedIssue
from briefing.sending.dispatch import Dispatch
from briefing.sending.ledger import Ledger
from briefing.sending.lock import lock
from briefing.sending.plan import Plan, envelope, wants_text
from briefing.sending.schema import GONE, OPEN, Schedule, State
from briefing.sending.transports.base import Batch, Mail, Outcome, Transport
from briefing.sending.transports.outbox import Outbox
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import token_of

LEDGER = "ledger.sqlite"
"""The record of what has left this computer, under .briefing/."""
REHEARSAL = "rehearsal.sqlite"
"""The same for the outbox."""
BACK_OFF = (5.0, 30.0, 90.0)
"""Seconds before who was put off is tried again, in one send; then it is left to the next."""
RECEIPT_EVERY = 10.0
"""Seconds between two receipts while a send goes on."""


@dataclass(frozen=True)
class Order:
    """How a plan is to be carried out."""

    now: dt.datetime
    """With a time zone; the date of the mails, if the issue isn't frozen yet."""
    expected: int
    """How many mails the person agreed to."""
    late: bool = False
    """Also to who wasn't on the list when the issue was frozen."""
    limit: int | None = None
    """The most mails of this send; what is left stays queued."""
    again: Collection[State] = ()
    """Settled states that are sent again because the editor says so: uncertain, rejected."""
    book: Callable[[], Schedule] | None = None
    """Notes the schedule by which the mails go out; None: they go out now."""
    back_off: Sequence[float] = BACK_OFF


@dataclass
class Tally:
    """How a send goes: the outcomes so far, of how many mails."""

    total: int
    outcomes: Counter[State] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        return sum(count for state, count in self.outcomes.items() if state is not State.QUEUED)


@dataclass(frozen=True)
class Result:
    """How a send ended."""

    tally: Tally
    reason: str
    """Why the transport stopped it; empty if it didn't."""
    counts: dict[State, int]
    """The readers of the issue in each state."""


Tell = Callable[[Tally], None]


def ledger_path(newsletter: Newsletter, *, rehearsal: bool) -> Path:
    """Where the ledger of what leaves this computer is, or that of the outbox."""
    return newsletter.state / (REHEARSAL if rehearsal else LEDGER)


def ledger_of(newsletter: Newsletter, key: Key, *, rehearsal: bool) -> Ledger:
    """The ledger of what leaves this computer, or of the outbox. Raises LedgerError."""
    return Ledger(ledger_path(newsletter, rehearsal=rehearsal), key)


def outbox_of(plan: Plan) -> Outbox:
    """The outbox of an issue."""
    return Outbox(plan.newsletter.state / "outbox" / plan.issue)


def to_send(states: Mapping[State | None, int], *, late: bool, again: Collection[State] = ()) -> int:
    """How many of the readers in these states (`Ledger.outlook`) would get a mail now.

    `late`: also those who weren't frozen. A row that is still `sending` belongs to a dead process: it is uncertain.
    """
    wanted = {*OPEN, *again} | ({State.SENDING} if State.UNCERTAIN in again else set())
    return sum(states.get(state, 0) for state in wanted) + (states.get(None, 0) if late else 0)


def amount(plan: Plan, ledger: Ledger, left: int, limit: int | None, now: dt.datetime) -> int:
    """How many mails a send would hand over: all that are left, within its limit and that of the day."""
    per_day = plan.newsletter.settings.send.per_day
    bounds = [left]
    if limit is not None:
        bounds.append(limit)
    if per_day:
        bounds.append(max(per_day - ledger.claimed_on(_day(now)), 0))
    return min(bounds)


def rehearse(plan: Plan, ledger: Ledger, order: Order, *, stop: threading.Event, tell: Tell) -> Result:
    """Write the mails into the outbox. `stop` ends it from outside, `tell` is called with its progress.

    Raises BusyError if somebody else is sending, LedgerError, BriefingError if the outbox can't be written.
    """
    outbox = outbox_of(plan)
    with lock(plan.newsletter):
        if starts_anew(plan, ledger):
            outbox.clear()  # first: without its outbox a rehearsal starts anew, whatever its ledger says
            ledger.forget(plan.issue)
        return _Delivery(plan, ledger, outbox, order, stop=stop, tell=tell).carry_out()


def starts_anew(plan: Plan, ledger: Ledger) -> bool:
    """A rehearsal is of what would be sent now: it begins again once that, or its outbox, was changed."""
    frozen, folder = ledger.frozen(plan.issue), outbox_of(plan).folder
    if frozen is None:
        return folder.is_dir()
    return frozen.digests != plan.digests or not folder.is_dir()


def send(
    plan: Plan, ledger: Ledger, transport: Transport, order: Order, *, stop: threading.Event, tell: Tell
) -> Result:
    """Mail the issue. `stop` ends it after what is under way, `tell` is called with its progress.

    Raises BusyError if somebody else is sending, RefusedError if something was changed since the person agreed,
    TransportError if the server takes nothing, LedgerError.
    """
    with lock(plan.newsletter):
        if may_be_frozen_anew(plan, ledger):
            (plan.folder / receipt.FILE).unlink(missing_ok=True)  # first: a receipt without its ledger is refused
            ledger.forget(plan.issue)
        return _Delivery(plan, ledger, transport, order, stop=stop, tell=tell).carry_out()


def may_be_frozen_anew(plan: Plan, ledger: Ledger) -> bool:
    """Whether the issue was changed since it was frozen, but nobody has it.

    Raises RefusedError if somebody has, or if ledger and receipt don't fit together.
    """
    if any(one.recalled and not one.settled for one in ledger.schedules(plan.issue)):
        raise RefusedError(f"a recall of issue {plan.issue} didn't come to its end; give 'briefing recall' again first")
    known, frozen = receipt.read(plan.folder), ledger.frozen(plan.issue)
    if known and (frozen is None or known.ledger != ledger.name):
        raise RefusedError(
            f"issue {plan.issue} was sent from another copy of this folder, to {known.readers:,} readers "
            f"({shown(plan.folder / receipt.FILE)}); bring over {shown(plan.newsletter.state)}/, which knows to whom"
        )
    if known and frozen and frozen.claimed < known.claimed:
        raise LedgerError(
            ledger.path,
            f"is older than {shown(plan.folder / receipt.FILE)}, and doesn't know who got the issue since; "
            "bring back the newest copy",
        )
    if frozen is None or frozen.digests == plan.digests:
        return False
    counts = ledger.counts(plan.issue)
    if has := sum(counts[state] for state in GONE):
        raise RefusedError(
            f"issue {plan.issue}, its look or its sender was changed after {has:,} readers got it; take the change "
            f"back, or compose another issue with 'corrects: {plan.issue}'"
        )
    return True


def mark_delivered(newsletter: Newsletter, ledger: Ledger, issue: str) -> int:
    """Count the uncertain of an issue as delivered, as the editor says; how many there were. Raises BusyError."""
    with lock(newsletter):
        ledger.interrupted(issue, State.UNCERTAIN)
        return ledger.deliver_uncertain(issue)


class _Delivery:
    """One send at work."""

    def __init__(
        self, plan: Plan, ledger: Ledger, transport: Transport, order: Order, *, stop: threading.Event, tell: Tell
    ) -> None:
        self.plan = plan
        self.ledger = ledger
        self.transport = transport
        self.order = order
        self.tally = Tally(order.expected)
        self._stop = stop
        self._tell = tell
        self._dispatch = Dispatch(transport, self._record, stop)
        self._allowance = order.expected  # mails that may still be given out; one that comes back may go out again
        self._put_off: set[bytes] = set()
        self._refused: set[bytes] = set()
        self._failure: BriefingError | None = None
        self._schedule: Schedule | None = None
        self._messages: dict[tuple[str, bool], Message] = {}
        self._receipt_due = 0.0

    def carry_out(self) -> Result:
        plan, ledger, order = self.plan, self.ledger, self.order
        interrupted = State.QUEUED if self.transport.repeatable else State.UNCERTAIN
        ledger.interrupted(plan.issue, interrupted)
        self._agree()
        self.transport.open()
        try:
            # Not before: a send that is turned away must leave no schedule behind, nor one that is frozen anew its old.
            self._schedule = order.book() if order.book else None
            ledger.freeze(
                plan.issue,
                order.now,
                ((lang, plan.digests[lang], edition.to_bytes()) for lang, edition in plan.editions.items()),
                late=order.late,
            )
            for state in order.again:
                ledger.change(plan.issue, state, State.QUEUED)
            self._messages = self._frozen_messages()
            ledger.begin()
            self._write_receipt()
            self._dispatch.run(self._supply())
        finally:
            self.transport.close()
        ledger.interrupted(plan.issue, interrupted)
        if self._failure:
            raise self._failure
        self._write_receipt()
        return Result(self.tally, self._dispatch.reason, ledger.counts(plan.issue))

    def _agree(self) -> None:
        """Raises RefusedError if there is another number of mails to send than the person agreed to."""
        order, states = self.order, self.ledger.outlook(self.plan.issue)
        first = self.ledger.frozen(self.plan.issue) is None
        left = to_send(states, late=order.late or first, again=order.again)
        now = amount(self.plan, self.ledger, left, order.limit, order.now)
        if now != order.expected:
            raise RefusedError(
                f"it is {now:,} mails now, not {order.expected:,}: something was sent meanwhile, or stopped in the "
                "middle; nothing was done, give the same command again"
            )

    def _frozen_messages(self) -> dict[tuple[str, bool], Message]:
        """What is sent is what was frozen, by language and whether it is the text alone. Raises LedgerError."""
        frozen = self.ledger.frozen(self.plan.issue)
        editions = self.ledger.rendered(self.plan.issue)
        assert frozen, "the issue was frozen just now"
        if frozen.digests != {lang: self.plan.digest(rendered) for lang, rendered in editions.items()}:
            raise LedgerError(self.ledger.path, "doesn't hold what was frozen; bring it back from a backup")
        settings, key = self.plan.newsletter.settings, self.plan.key
        return {
            (lang, text_only): Message(
                RenderedIssue.from_bytes(rendered), settings, key, frozen.at, text_only=text_only
            )
            for lang, rendered in editions.items()
            for text_only in (False, True)
        }

    # What is to be handed over

    def _supply(self) -> Iterator[Batch | None]:
        """The mails, in the order of the list: first who was never tried, then who was, then who is put off now.

        None stands for a moment at which there is nothing to hand over yet.
        """
        yield from self._going_through(tried=False)
        yield from self._until_idle()
        yield from self._going_through(tried=True)
        for seconds in self.order.back_off:
            yield from self._until_idle()
            if not self._put_off:
                return
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                yield None
            again, self._put_off = self._put_off, set()
            self.ledger.change(self.plan.issue, State.DEFERRED, State.QUEUED)
            self._allowance += len(again)
            yield from self._going_through(tried=True, only=again)

    def _until_idle(self) -> Iterator[None]:
        while not self._dispatch.idle:
            yield None

    def _going_through(self, *, tried: bool, only: Collection[bytes] | None = None) -> Iterator[Batch]:
        """Batches of the queued, of those that were `tried` or that weren't, as far as the allowance goes."""
        waiting: dict[tuple[str, bool], list[Mail]] = {}
        sender = self.plan.newsletter.settings.newsletter.envelope_sender
        for reader, recipient, lang in self._queued(tried=tried):
            if only is not None and recipient not in only:
                continue
            if not self._allowance:
                break
            self._allowance -= 1
            which = (lang, wants_text(reader))
            mails = waiting.setdefault(which, [])
            mails.append(Mail(recipient, envelope(reader, sender)))
            if len(mails) == self.transport.batch:
                yield Batch(self._messages[which], waiting.pop(which))
        for which, mails in waiting.items():
            yield Batch(self._messages[which], mails)

    def _queued(self, *, tried: bool) -> Iterator[tuple[Subscriber, bytes, str]]:
        """Who is queued, in the order of the list: the reader, their digest, the language of their edition.

        The ledger is asked for some at a time, since it is written meanwhile; nobody comes twice.
        """
        rows, line = self.plan.list.rows(), 0
        while found := self.ledger.queued(self.plan.issue, line, tried=tried):
            for line, recipient, lang in found:
                reader = next(row for row in rows if row.row == line)
                assert isinstance(reader, Subscriber), "a bad row is in no ledger"
                yield reader, recipient, lang

    # What became of it

    def _record(self, outcomes: Sequence[Outcome], claims: Sequence[Mail]) -> Collection[bytes]:
        """Make outcomes and claims durable; whom it claimed. Called by the dispatch, in the ledger's thread."""
        plan, schedule, gone = self.plan, self._schedule, self._gone(claims)
        claimed = self.ledger.commit(
            plan.issue,
            [(outcome.mail.recipient, outcome.state, outcome.reason) for outcome in outcomes],
            [mail.recipient for mail in claims],
            gone=gone,
            schedule=schedule.id if schedule else None,
            day=_day(dt.datetime.now().astimezone()),
        )
        self.tally.outcomes[State.SKIPPED] += len(gone)
        for outcome in outcomes:
            self._count(outcome)
        if schedule and claims and not claimed and self.ledger.is_recalled(schedule.id):
            self._stop.set()
        self._report()
        return claimed

    def _report(self) -> None:
        """Tell the person and other machines. Its failure must not hide from the dispatch what was claimed."""
        with contextlib.suppress(OSError):  # nobody listens: the terminal is closed, say
            self._tell(self.tally)
        try:
            if time.monotonic() > self._receipt_due:
                self._write_receipt()
        except BriefingError as error:
            self._failure = error
            self._stop.set()

    def _count(self, outcome: Outcome) -> None:
        recipient = outcome.mail.recipient
        self.tally.outcomes[outcome.state] += 1
        if outcome.state is State.DEFERRED:
            self._put_off.add(recipient)
        elif outcome.state is State.REJECTED:
            self._refused.add(recipient)
        elif outcome.state is State.QUEUED:
            self._allowance += 1
            if recipient in self._refused:  # a refusal that is taken back
                self._refused.discard(recipient)
                self.tally.outcomes[State.REJECTED] -= 1

    def _gone(self, claims: Sequence[Mail]) -> set[bytes]:
        """Who of them has left since the issue was frozen, be it a second ago."""
        suppression = self.plan.suppression
        suppression.refresh()
        if not len(suppression):
            return set()
        key = self.plan.key
        return {mail.recipient for mail in claims if token_of(key, mail.envelope.identity) in suppression}

    def _write_receipt(self) -> None:
        """Tell other machines; a rehearsal has nothing to tell."""
        self._receipt_due = time.monotonic() + RECEIPT_EVERY
        if self.transport.repeatable:
            return
        plan, frozen = self.plan, self.ledger.frozen(self.plan.issue)
        assert frozen, "the issue was frozen before"
        counts = self.ledger.counts(plan.issue)
        receipt.write(
            plan.folder,
            Receipt(
                issue=plan.issue,
                frozen_at=frozen.at.isoformat(),
                via=self.transport.name,
                ledger=self.ledger.name,
                editions=frozen.digests,
                readers=sum(counts.values()),
                claimed=frozen.claimed,
                accepted=counts[State.ACCEPTED],
                left=counts[State.QUEUED] + counts[State.DEFERRED] + counts[State.SENDING] + counts[State.RECALLED],
            ),
        )


def _day(now: dt.datetime) -> str:
    return now.astimezone().date().isoformat()
