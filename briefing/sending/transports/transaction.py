"""An email, and the state of its SMTP transaction."""

from briefing.sending.ledger.schema import State

from .base import Batch, Claim, Mail
from .replies import Reply, Stage
from .session import Session


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
