"""SMTP (RFC 5321): one transaction for each reader, over connections that stay open.

Where the server offers PIPELINING (RFC 2920), the next reader's email, RCPT, DATA are in the same
write as this one's body, which the RFC allows to begin a group: one round trip for each email.

     ──▶  body k · MAIL k+1 · RCPT k+1 · DATA k+1            ◀──  250 for k · 250 · 250 · 354

If a connection breaks before the system has taken an email's final dot, the email wasn't sent.
Afterwards, without an answer, it is uncertain.

A courier works one connection: it takes each email from envelope to outcome, and begins the next envelope in
the meantime. It doesn't share the loop of SendGrid's transport: an email is claimed while the one before is on the
wire, and a transaction can be half done when the connection breaks.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from briefing.configuration.settings import Settings
from briefing.errors import TransportError
from briefing.sending.ledger.schema import State

from .base import Claims, Outcome, Queue, SendStopped
from .pace import Pace
from .repeated_refusals import RepeatedRefusals
from .replies import Stage, judge
from .session import ANSWER_TIMEOUT, DOT_TIMEOUT, BrokenError, Session
from .transaction import (
    DOT,
    NEEDS_SMTPUTF8,
    Transaction,
    refuse_unwritable,
    send_envelope,
    take_replies,
)

MOST_BREAKS = 5
"""Breaks and failed attempts to connect in a row, without an email in between, that end the send."""
MOST_UNANSWERED = 2
"""Emails in a row on one connection, written completely and not answered, that end the send: each is
uncertain.
"""
LONGEST_PAUSE = 64.0
"""As a multiple of the first pause."""
DOUBLED, FOURFOLD = 2.0, 4.0
"""How the pause grows with each attempt: faster after a 421, by which some servers limit emails."""


class Smtp:
    """A mail server, which accepts emails one by one."""

    name = "smtp"
    batch = 1

    def __init__(
        self,
        settings: Settings,
        password: str,
        *,
        timeout: float = ANSWER_TIMEOUT,
        dot_timeout: float = DOT_TIMEOUT,
        pause: float = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`timeout` for each answer, `dot_timeout` for that to the final dot, and `pause` before
        connecting again, in seconds.
        """
        self.connections = settings.smtp.connections
        self.per_second = settings.smtp.per_second
        self.pause = pause
        self.refusals = RepeatedRefusals()
        self.pace = Pace(clock, unit=pause)
        self._settings = settings.smtp
        self._password = password
        self._timeout, self._dot_timeout = timeout, dot_timeout
        self._lock = threading.Lock()
        self._opened: list[Session] = []
        self._working: set[int] = set()

    def open(self) -> None:
        try:
            self._opened.append(self.connect())
        except TransportError as error:
            raise TransportError(f"{error}; nothing was sent") from None

    def deliver(self, queue: Queue) -> None:
        with self._lock:
            session = self._opened.pop() if self._opened else None
            self._working.add(threading.get_ident())
        try:
            Courier(self, queue, session).run()
        finally:
            with self._lock:
                self._working.discard(threading.get_ident())

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close(politely=True)

    def connect(self) -> Session:
        """Return a connection that is ready for emails. Raises TransportError."""
        return Session(
            self._settings, self._password, self._timeout, self._dot_timeout
        )

    def try_to_leave(self) -> bool:
        """Return whether the connection of this thread may end although emails remain, and count it out
        then: others are at work.
        """
        with self._lock:
            if len(self._working) > 1:
                self._working.discard(threading.get_ident())
                return True
            return False


@dataclass
class Breaks:
    """What has gone wrong with a connection since the last email that was answered."""

    count: int = 0
    """Breaks and failed attempts to connect."""
    unanswered: int = 0
    """Emails that were written completely and not answered."""
    words: str = ""
    """Why it broke last."""
    by_server: bool = False
    """Whether the server had announced that."""

    @property
    def pause(self) -> float:
        """How long to wait before the next attempt to connect, as a multiple of the first pause."""
        growth = FOURFOLD if self.by_server else DOUBLED
        multiple: float = growth ** (self.count - 1)
        return min(multiple, LONGEST_PAUSE)

    @property
    def is_too_many(self) -> bool:
        return self.count >= MOST_BREAKS

    def note(self, error: BrokenError) -> None:
        """Count a break. Raises TransportError if too many emails in a row are uncertain."""
        self.count += 1
        self.by_server, self.words = error.by_server, str(error)
        if self.unanswered >= MOST_UNANSWERED:
            raise TransportError(
                f"{self.unanswered} complete emails in a row got no answer, so they may or may not have arrived: "
                f"{error}"
            )


class Courier:
    """Takes emails from the queue over one connection, and connects again when it breaks."""

    def __init__(
        self, server: Smtp, queue: Queue, session: Session | None
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
                take_replies(session, pipelined)
        except BrokenError as error:
            self._count_break(error)
            if following:
                following.is_open = False
        return following

    # The wire

    def _begin(self, session: Session, transaction: Transaction) -> None:
        """Send an email's envelope and take the replies; afterwards it is open, or refused."""
        if refuse_unwritable(session, transaction):
            return
        self._offer(session, transaction)
        send_envelope(session, transaction)

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
            session.write_body(transaction.data, DOT + commands)
        except BrokenError as error:
            whole = len(transaction.data) + len(DOT)
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
        refuse_unwritable(session, transaction)
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
        if outcome.reason == NEEDS_SMTPUTF8:
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
