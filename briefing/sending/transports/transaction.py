"""An email, the state of its SMTP transaction, and its envelope on the wire: MAIL, RCPT and DATA, and the replies
to them (RFC 5321 3.3).

With pipelining all replies are taken, even after a refusal: the server has the other commands.
"""

from briefing.sending.ledger.schema import State

from .base import Batch, Claim, Mail
from .replies import Reply, Stage, judge
from .session import BrokenError, Session

STAGES = (Stage.MAIL, Stage.RCPT, Stage.DATA)
NO_ANSWER = "the server didn't respond about this address in time"
NEEDS_SMTPUTF8 = (
    "this server accepts only unaccented letters (a to z) before the @"
)
DOT = b".\r\n"
"""Ends a body (RFC 5321 4.1.1.4)."""


class Transaction:
    """An email, and the state of its SMTP transaction."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.claim: Claim | None = None
        self.mail: Mail = batch.mails[0]
        self.data = b""
        """The email as it was offered."""
        self.commands: list[bytes] = []
        """Its envelope, as it was offered."""
        self.is_open = False
        """Whether the server waits for its body."""
        self.refusal: tuple[State, str] | None = None
        """The outcome and its reason, if the reply to the envelope decides it."""
        self.refusal_series = 0
        """When it was offered to the server (`RepeatedRefusals.series`)."""
        self.refused_at: Stage | None = None
        """The command that was refused."""
        self.retry_after = 0.0
        self.body_begun = False
        """Whether some of its body was written, and no answer has come."""

    @property
    def address(self) -> str:
        return self.mail.envelope.address

    def prepare(self, session: Session) -> None:
        """Fill in the email, which is handed over now, and write its envelope (RFC 5321 3.3), after a
        RSET if the last one was refused halfway.
        """
        self.data = self.batch.message.fill(self.mail.envelope)
        # A server can refuse an email for its size before it is transmitted (RFC 1870).
        parameters = f" SIZE={len(self.data)}" if session.size else ""
        if not self.address.isascii():
            parameters += " SMTPUTF8"
        commands = [
            f"MAIL FROM:<{self.mail.envelope.sender}>{parameters}",
            f"RCPT TO:<{self.address}>",
            "DATA",
        ]
        if session.unfinished:
            commands.insert(0, "RSET")
        self.commands = (
            "\r\n".join([*commands, ""]).encode().splitlines(keepends=True)
        )

    def keep_refusal(self, stage: Stage, reply: Reply) -> None:
        """Remember which command was refused, and how."""
        self.refused_at = stage
        self.retry_after = reply.retry_after


def refuse_unwritable(session: Session, transaction: Transaction) -> bool:
    """Refuse an address that can't be written for this server (RFC 6531), and return whether it was
    refused; this concerns only that reader.
    """
    if transaction.address.isascii() or session.smtputf8:
        return False
    transaction.refusal = (State.REJECTED, NEEDS_SMTPUTF8)
    return True


def send_envelope(session: Session, transaction: Transaction) -> None:
    """Send a prepared envelope and take the replies; afterwards the email is open, or refused. Raises
    what `take_replies` raises.
    """
    if session.pipelining:
        session.write(b"".join(transaction.commands))
    take_replies(session, transaction)


def take_replies(session: Session, transaction: Transaction) -> None:
    """Take the replies to an envelope; without pipelining, send each command first.

    Raises BrokenError if the connection is gone, and TransportError for a refusal that isn't about
    the reader.
    """
    commands = transaction.commands
    if session.unfinished:
        _ask(session, commands.pop(0))
        session.unfinished = False
    for command, stage in zip(commands, STAGES, strict=True):
        reply = _ask_for(session, command, stage, transaction)
        if reply.closes:
            raise BrokenError(reply.words, by_server=True)
        if transaction.refusal:
            _finish_refused_group(session, stage, reply)
        else:
            _take_reply(session, transaction, stage, reply)
        if transaction.refusal and not session.pipelining:
            return
    transaction.is_open = not transaction.refusal


def _ask_for(
    session: Session, command: bytes, stage: Stage, transaction: Transaction
) -> Reply:
    """Take the reply to one command. If none comes in time for a reader, that reader is deferred: all
    others would wait for that reader's server again and again.
    """
    try:
        return _ask(session, command)
    except BrokenError as error:
        if error.timed_out and stage is Stage.RCPT:
            transaction.refusal = (State.DEFERRED, NO_ANSWER)
        raise


def _ask(session: Session, command: bytes) -> Reply:
    if not session.pipelining:
        session.write(command)
    return session.reply()


def _take_reply(
    session: Session, transaction: Transaction, stage: Stage, reply: Reply
) -> None:
    state = judge(stage, reply)
    if state:
        transaction.refusal = (state, reply.words)
        transaction.keep_refusal(stage, reply)
        # A refused MAIL begins no transaction (RFC 5321 3.3), so there is nothing to reset.
        session.unfinished = stage is not Stage.MAIL
    # 354 asks for an email, so it can only answer DATA, and nothing else can.
    elif (reply.code == 354) != (stage is Stage.DATA):
        raise BrokenError(f"an unexpected answer: {reply.words}")


def _finish_refused_group(session: Session, stage: Stage, reply: Reply) -> None:
    """Complete a group whose envelope was refused: the server may still wait for a body (RFC 2920 3.1)."""
    if stage is Stage.DATA and reply.code == 354:
        # Otherwise the next commands would become the text of an email.
        session.write(DOT)
        session.reply()
        session.unfinished = False
