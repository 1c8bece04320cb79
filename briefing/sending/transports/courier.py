"""One SMTP connection at work: it takes each email from envelope to outcome, and begins the next
envelope in the meantime.

It doesn't share the loop of http_delivery.py: an email is claimed while the one before is on
the wire, and a transaction can be half done when the connection breaks. The bookkeeping of claims
is shared (claims.py).
"""

from typing import Protocol

from briefing.errors import TransportError
from briefing.sending.ledger.schema import State

from . import envelope
from .base import Outcome, Queue, SendStopped
from .breaks import Breaks
from .claims import Claims
from .pace import Pace
from .repeated_refusals import RepeatedRefusals
from .replies import Stage, judge
from .session import BrokenError, Session
from .transaction import Transaction


class _Server(Protocol):
    """What the couriers of one server share (`smtp.Smtp`)."""

    refusals: RepeatedRefusals
    pace: Pace
    pause: float
    """Seconds before the first attempt to connect again."""

    def try_to_leave(self) -> bool:
        """Return whether this connection may end although emails remain, since others are at work."""

    def connect(self) -> Session:
        """Return a connection that is ready for emails. Raises TransportError."""


class Courier:
    """Takes emails from the queue over one connection, and connects again when it breaks."""

    def __init__(
        self, server: _Server, queue: Queue, session: Session | None
    ) -> None:
        self._server = server
        self._queue = queue
        self._claims = Claims(queue)
        self._session = session
        self._is_new = session is None
        """Whether it was never connected: the server may limit the number of connections."""
        self._in_flight: list[Transaction] = []
        """Claimed, and without an outcome."""
        self._breaks = Breaks()
        self._to_repeat: list[Transaction] = []
        """Claimed emails that the server refused because of the pace; at most one."""

    def run(self) -> None:
        """Send until the queue is empty. Raises TransportError, SendStopped; every email has its
        outcome then.
        """
        try:
            transaction = self._next()
            while transaction:
                transaction = self._advance(transaction) or self._next()
        except _OneTooManyError:
            pass  # the others work on
        finally:
            self._end()

    def _end(self) -> None:
        """Close the connection, and give every email in flight its outcome."""
        if self._in_flight:
            self._drop()  # no QUIT: a server that waits for a body would take it for one
        for transaction in list(self._in_flight):
            self._conclude(
                transaction,
                State.UNCERTAIN if transaction.body_begun else State.QUEUED,
            )
        self._claims.settle()
        self._drop(politely=True)

    def _advance(self, transaction: Transaction) -> Transaction | None:
        """Bring an email to its outcome.

        Return the email to continue with: the same if the connection broke before its body, or the next
        one if its envelope has been begun.
        """
        try:
            session = self._connected()
            if not transaction.is_open and not transaction.refusal:
                self._begin(session, transaction)
        except BrokenError as error:
            self._count_break(error)
            transaction.is_open = False
            return transaction
        if transaction.refusal:
            self._conclude_refused(transaction, *transaction.refusal)
            return None
        if not self._may_send(transaction):
            self._drop()  # the reader has unsubscribed: the body that the server waits for must not come
            return None
        return self._send_and_look_ahead(session, transaction)

    def _send_and_look_ahead(
        self, session: Session, transaction: Transaction
    ) -> Transaction | None:
        """Send an open email's body, and the envelope of the next email with it; return the next
        email.
        """
        following = self._look_ahead(session)
        pipelined = (
            following
            if following and session.pipelining and not following.refusal
            else None
        )
        try:
            self._send(session, transaction, following, pipelined)
            if pipelined:
                envelope.take_replies(session, pipelined)
        except BrokenError as error:
            self._count_break(error)
            if following:
                following.is_open = False
        return following

    # The wire

    def _begin(self, session: Session, transaction: Transaction) -> None:
        """Send an email's envelope and take the replies; afterwards it is open, or refused."""
        if envelope.refuse_unwritable(session, transaction):
            return
        self._offer(session, transaction)
        envelope.send(session, transaction)

    def _offer(self, session: Session, transaction: Transaction) -> None:
        transaction.prepare(session)
        transaction.refusal_series = self._server.refusals.series

    def _send(
        self,
        session: Session,
        transaction: Transaction,
        following: Transaction | None,
        pipelined: Transaction | None,
    ) -> None:
        """Write an open email's body, followed by the envelope of `pipelined`; take the reply to the
        body.
        """
        commands = b""
        if pipelined:
            self._offer(session, pipelined)
            commands = b"".join(pipelined.commands)
        transaction.is_open = False
        transaction.body_begun = True
        try:
            session.write_body(transaction.data, envelope.DOT + commands)
        except BrokenError as error:
            whole = len(transaction.data) + len(envelope.DOT)
            self._conclude_unwritten(
                transaction, error, is_complete=error.written >= whole
            )
            raise
        finally:
            if following:
                # Asked for now, so that its commit passes while this email travels.
                self._claim(following)
        self._take_body_reply(session, transaction)

    def _conclude_unwritten(
        self,
        transaction: Transaction,
        error: BrokenError,
        *,
        is_complete: bool,
    ) -> None:
        """Conclude an email whose writing failed: it is uncertain only if the final dot was written
        as well.
        """
        if is_complete:
            self._breaks.unanswered += 1
        else:
            transaction.body_begun = False
        self._conclude(
            transaction,
            State.UNCERTAIN if is_complete else State.QUEUED,
            str(error),
        )

    def _take_body_reply(
        self, session: Session, transaction: Transaction
    ) -> None:
        try:
            reply = session.reply(to_the_dot=True)
        except BrokenError as error:
            self._breaks.unanswered += 1
            self._conclude(
                transaction,
                State.UNCERTAIN,
                f"after the complete email was handed over: {error}",
            )
            raise
        transaction.body_begun = False
        state = judge(Stage.DOT, reply)
        words = "" if state is State.ACCEPTED else reply.words
        transaction.keep_refusal(Stage.DOT, reply)
        self._breaks = Breaks()
        if state is State.ACCEPTED:
            self._server.pace.accept()
        self._conclude_refused(transaction, state or State.UNCERTAIN, words)
        # An answer of 3xx says neither that the email was taken nor that it wasn't; the connection is out of step then.
        if reply.closes or not state:
            raise BrokenError(words, by_server=reply.closes)

    # The connection

    def _connected(self) -> Session:
        while not self._session:
            if self._breaks.count:
                pause = self._server.pause * self._breaks.pause
                self._queue.pause(pause, self._breaks.words)
            try:
                self._session = self._server.connect()
            except TransportError as error:
                self._count_failed_attempt(error)
        self._is_new = False
        return self._session

    def _count_failed_attempt(self, error: TransportError) -> None:
        self._breaks.count += 1
        is_too_many = self._breaks.is_too_many
        if (self._is_new or is_too_many) and self._server.try_to_leave():
            raise _OneTooManyError from error
        if is_too_many:
            raise error

    def _count_break(self, error: BrokenError) -> None:
        self._drop()
        self._breaks.note(error)
        if self._breaks.is_too_many:
            if self._server.try_to_leave():
                raise _OneTooManyError from error
            raise TransportError(
                f"the connection was lost {self._breaks.count} times in a row: {error}"
            )

    def _drop(self, *, politely: bool = False) -> None:
        if self._session:
            self._session.close(politely=politely)
            self._session = None

    # The queue

    def _next(self) -> Transaction | None:
        """Return the next email, claimed; None when there are no more."""
        if self._server.pace.is_slow:
            self._keep_pace()
        if self._to_repeat:
            return self._to_repeat.pop()
        batch = self._claims.next_batch()
        if batch is None:
            return None
        transaction = Transaction(batch)
        self._claim(transaction)
        return transaction

    def _keep_pace(self) -> None:
        """Wait as long as the server's pace asks for. One connection is enough then, so the others end."""
        if self._server.try_to_leave():
            raise _OneTooManyError
        self._claims.settle()
        pace = self._server.pace
        self._queue.pause(pace.reserve(), pace.words)

    def _look_ahead(self, session: Session) -> Transaction | None:
        """Return the next email if one is ready; it is claimed when the body of this one is on the
        wire.
        """
        if self._server.pace.is_slow or self._to_repeat:
            return None
        batch = self._queue.next(wait=False)
        if batch is None:
            return None
        transaction = Transaction(batch)
        envelope.refuse_unwritable(session, transaction)
        return transaction

    def _claim(self, transaction: Transaction) -> None:
        self._in_flight.append(transaction)
        transaction.claim = self._claims.claim(transaction.batch)

    def _may_send(self, transaction: Transaction) -> bool:
        """Wait until the claim is durable; return whether the email may be sent."""
        assert transaction.claim
        if transaction.claim.wait().mails:
            return True
        self._in_flight.remove(transaction)
        return False

    def _conclude_refused(
        self, transaction: Transaction, state: State, reason: str
    ) -> None:
        """Conclude an email, or keep it to be offered again if only the pace was too fast."""
        stage = transaction.refused_at
        if state is State.DEFERRED and stage:
            again = self._server.pace.refuse(
                reason, about_reader=stage in {Stage.RCPT, Stage.DOT}
            )
            if again:
                transaction.refusal = transaction.refused_at = None
                self._to_repeat.append(transaction)
                return
        self._conclude(transaction, state, reason)

    def _conclude(
        self,
        transaction: Transaction,
        state: State,
        reason: str = "",
    ) -> None:
        """Note an email's outcome, for the next claim. Raises TransportError if it repeats earlier
        refusals too often.
        """
        self._in_flight.remove(transaction)
        assert transaction.claim
        try:
            claimed = transaction.claim.wait().mails
        except SendStopped:
            return  # the ledger has no claim
        if claimed:
            outcome = Outcome(
                transaction.mail, state, reason, transaction.retry_after
            )
            self._note(outcome, transaction)

    def _note(self, outcome: Outcome, transaction: Transaction) -> None:
        if outcome.reason == envelope.NEEDS_SMTPUTF8:
            # We refuse these ourselves, so they say nothing about whether the server refuses us.
            self._claims.note(outcome)
            return
        outcomes, stop = self._server.refusals.record(
            outcome,
            transaction.refusal_series,
            of_address=transaction.refused_at is Stage.RCPT,
        )
        self._claims.note(*outcomes)
        if stop:
            raise TransportError(stop)


class _OneTooManyError(Exception):
    """The server doesn't want this connection, but others work."""
