"""One SMTP connection at work: a mail from its envelope to its outcome, the next one's envelope begun meanwhile."""

import time
from typing import Protocol

from briefing.errors import TransportError
from briefing.sending.schema import State
from briefing.sending.transports.base import Batch, Claim, Mail, Outcome, Queue, SendStopped
from briefing.sending.transports.replies import Reply, Stage, judge
from briefing.sending.transports.session import BrokenError, Session
from briefing.sending.transports.streak import Streak

BREAKS = 5
"""So often running, without a mail between, a connection that breaks or can't be made ends the send."""
MOST_UNANSWERED = 2
"""So many mails running on a connection, taken whole and not answered, end the send: each of them is uncertain."""
LONGEST_PAUSE = 30.0
"""Seconds between two attempts to connect; the pause doubles up to that."""
DOT = b".\r\n"
UNUTTERABLE = "this server takes no address with other letters than a to z before the @"


class Server(Protocol):
    """What the couriers of one server share (`smtp.Smtp`)."""

    streak: Streak
    pause: float
    """Seconds before the first attempt to connect again."""

    def leave(self) -> bool:
        """Whether this connection may end although mails are left: others are at work."""

    def connect(self) -> Session:
        """A connection that is ready for mails. Raises TransportError."""


class _Lot:
    """A mail at hand, and how far its transaction has come."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.mail: Mail = batch.mails[0]
        self.data = batch.message.fill(self.mail.envelope)
        self.claim: Claim | None = None
        self.open = False
        """Whether the server waits for its body."""
        self.refusal: tuple[State, str] | None = None
        """What its envelope was answered with, where that settles it."""
        self.asked = 0.0
        """When the server was asked to take it (time.monotonic)."""
        self.out = False
        """Whether some of its body was written."""

    @property
    def address(self) -> str:
        return self.mail.envelope.address


class Courier:
    """Takes mails from the queue over one connection, and makes that anew when it breaks."""

    def __init__(self, server: Server, queue: Queue, session: Session | None) -> None:
        self._server = server
        self._queue = queue
        self._session = session
        self._is_new = session is None
        """Whether it was never connected: then the server may not want so many."""
        self._held: list[_Lot] = []
        self._untold: list[Outcome] = []
        self._breaks = 0
        self._unanswered = 0

    def run(self) -> None:
        """Hand over until the queue is empty. Raises TransportError, SendStopped; every mail has its outcome then."""
        try:
            lot = self._pick()
            while lot:
                lot = self._hand_over(lot) or self._pick()
        except _OneTooManyError:
            pass  # the others work on
        finally:
            if self._held:
                self._drop()  # at once: the server may wait for a body, and would take a QUIT for it
            for lot in list(self._held):
                self._conclude(lot, State.UNCERTAIN if lot.out else State.QUEUED)
            self._tell()
            self._drop(politely=True)

    def _hand_over(self, lot: _Lot) -> _Lot | None:
        """Bring a mail to its outcome, or try it again; the mail to go on with, if its envelope was begun meanwhile."""
        try:
            session = self._connected()
            if not lot.open and not lot.refusal:
                self._begin(session, lot)
        except BrokenError as error:
            self._count_break(error)
            lot.open = False
            return lot
        if lot.refusal:
            self._conclude(lot, *lot.refusal)
            return None
        if not self._is_ours(lot):
            self._drop()  # the reader has left: the body that the server waits for must not come
            return None
        following = self._look_ahead(session)
        begun = following if following and session.pipelining and not following.refusal else None
        try:
            self._send(session, lot, following, begun)
            if begun:
                self._answered(session, begun)
        except BrokenError as error:
            self._count_break(error)
            if following:
                following.open = False
        return following

    # The wire

    def _begin(self, session: Session, lot: _Lot) -> None:
        """Send a mail's envelope and take the answers; on return it is open, or refused."""
        if self._is_unutterable(session, lot):
            return
        lot.asked = time.monotonic()
        if session.pipelining:
            session.write(b"".join(self._commands(session, lot)))
        self._answered(session, lot)

    def _send(self, session: Session, lot: _Lot, following: _Lot | None, begun: _Lot | None) -> None:
        """Write an open mail's body, and behind it the envelope that is to be begun; take the body's answer."""
        data = lot.data + DOT
        if begun:
            begun.asked = time.monotonic()
            data += b"".join(self._commands(session, begun))
        lot.open, lot.out = False, True
        try:
            session.write(data)
        except BrokenError as error:
            if error.written < len(lot.data) + len(DOT):
                lot.out = False
            else:
                self._unanswered += 1
            self._conclude(lot, State.UNCERTAIN if lot.out else State.QUEUED, str(error))
            raise
        finally:
            if following:
                self._claim(following)
        try:
            reply = session.reply()
        except BrokenError as error:
            self._unanswered += 1
            self._conclude(lot, State.UNCERTAIN, f"after the whole mail: {error}")
            raise
        lot.out = False
        state = self._judge(Stage.DOT, reply, lot)
        self._conclude(lot, state or State.UNCERTAIN, "" if state is State.ACCEPTED else reply.words(lot.address))
        self._breaks = self._unanswered = 0
        if reply.closes or not state:
            raise BrokenError(reply.words(lot.address))

    def _commands(self, session: Session, lot: _Lot) -> list[bytes]:
        """The commands of a mail's envelope (RFC 5321 3.3), with a RSET before where the last was refused half-way."""
        parameters = f" SIZE={len(lot.data)}" if session.size else ""
        if not lot.address.isascii():
            parameters += " SMTPUTF8"
        commands = [f"MAIL FROM:<{lot.mail.envelope.sender}>{parameters}", f"RCPT TO:<{lot.address}>", "DATA"]
        if session.unfinished:
            commands.insert(0, "RSET")
        return [f"{command}\r\n".encode() for command in commands]

    def _answered(self, session: Session, lot: _Lot) -> None:
        """Take the answers to a mail's envelope; where the server isn't pipelined, send each command first."""
        commands = self._commands(session, lot)
        stages = [Stage.MAIL, Stage.RCPT, Stage.DATA]
        if session.unfinished:
            self._ask(session, commands.pop(0))
            session.unfinished = False
        for command, stage in zip(commands, stages, strict=True):
            reply = self._ask(session, command)
            if reply.closes:
                raise BrokenError(reply.words(lot.address))
            if lot.refusal:  # a group that was refused: RFC 2920 3.1
                if stage is Stage.DATA and reply.code == 354:
                    session.write(DOT)  # or the next commands would become the text of a mail
                    session.reply()
                    session.unfinished = False
                continue
            state = self._judge(stage, reply, lot)
            if state:
                lot.refusal = (state, reply.words(lot.address))
                session.unfinished = stage is not Stage.MAIL
                if not session.pipelining:
                    return
            elif (reply.code == 354) != (stage is Stage.DATA):
                raise BrokenError(f"an answer that doesn't fit: {reply.words(lot.address)}")
        lot.open = not lot.refusal

    def _ask(self, session: Session, command: bytes) -> Reply:
        if not session.pipelining:
            session.write(command)
        return session.reply()

    def _judge(self, stage: Stage, reply: Reply, lot: _Lot) -> State | None:
        try:
            return judge(stage, reply, lot.address)
        except TransportError:
            self._drop()  # at once: a body that was begun ends without its dot
            raise

    def _is_unutterable(self, session: Session, lot: _Lot) -> bool:
        """Refuse an address that this server has no way to be told (RFC 6531); only that reader is concerned."""
        if lot.address.isascii() or session.smtputf8:
            return False
        lot.refusal = (State.REJECTED, UNUTTERABLE)
        return True

    # The connection

    def _connected(self) -> Session:
        while not self._session:
            if self._breaks:
                self._queue.pause(min(self._server.pause * 2 ** (self._breaks - 1), LONGEST_PAUSE))
            try:
                self._session = self._server.connect()
            except TransportError as error:
                self._breaks += 1
                if (self._is_new or self._breaks >= BREAKS) and self._server.leave():
                    raise _OneTooManyError from error
                if self._breaks >= BREAKS:
                    raise
        self._is_new = False
        return self._session

    def _count_break(self, error: BrokenError) -> None:
        self._drop()
        self._breaks += 1
        if self._unanswered >= MOST_UNANSWERED:
            raise TransportError(
                f"{self._unanswered} whole mails running got no answer, so nobody knows of them: {error}"
            )
        if self._breaks >= BREAKS:
            if self._server.leave():
                raise _OneTooManyError from error
            raise TransportError(f"the connection broke {self._breaks} times running: {error}")

    def _drop(self, *, politely: bool = False) -> None:
        if self._session:
            self._session.close(politely=politely)
            self._session = None

    # The queue

    def _pick(self) -> _Lot | None:
        """The next mail, claimed."""
        batch = self._queue.next(wait=False)
        if batch is None:
            self._tell()
            batch = self._queue.next()
        if batch is None:
            return None
        lot = _Lot(batch)
        self._claim(lot)
        return lot

    def _look_ahead(self, session: Session) -> _Lot | None:
        """The mail to go on with, if one is there at once; to be claimed when this one's body is on the wire."""
        batch = self._queue.next(wait=False)
        if batch is None:
            return None
        lot = _Lot(batch)
        self._is_unutterable(session, lot)
        return lot

    def _claim(self, lot: _Lot) -> None:
        self._held.append(lot)
        lot.claim = self._queue.claim(lot.batch, self._untold)
        self._untold = []

    def _is_ours(self, lot: _Lot) -> bool:
        """Wait until the claim is durable; whether the mail may go out."""
        assert lot.claim
        if lot.claim.wait().mails:
            return True
        self._held.remove(lot)
        return False

    def _conclude(self, lot: _Lot, state: State, reason: str = "") -> None:
        """Note a mail's outcome, to be told with the next claim. Raises TransportError if it is one too many alike."""
        self._held.remove(lot)
        assert lot.claim
        try:
            claimed = lot.claim.wait().mails
        except SendStopped:
            return  # the ledger knows of no claim
        if claimed:
            outcome = Outcome(lot.mail, state, reason)
            # What we refuse ourselves is never about us, however often.
            outcomes, stop = ([outcome], "") if reason == UNUTTERABLE else self._server.streak.note(outcome, lot.asked)
            self._untold += outcomes
            if stop:
                raise TransportError(stop)

    def _tell(self) -> None:
        if self._untold:
            self._queue.settle(self._untold)
            self._untold = []


class _OneTooManyError(Exception):
    """This connection can't be made, but others work."""
