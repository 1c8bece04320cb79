"""A connection to the mail server in [smtp], for emails that are handed over one at a time."""

from contextlib import suppress

from briefing.configuration.settings import Settings
from briefing.errors import TransportError
from briefing.sending.transports.replies import Reply
from briefing.sending.transports.session import BrokenError, Session

from .mailer import HandOver

_END = b".\r\n"


class SmtpConnection:
    """Delivers emails whose lines end in CRLF and don't begin with a dot, as `confirmation_mail`
    builds them.
    """

    def __init__(
        self, settings: Settings, password: str, *, sender: str = ""
    ) -> None:
        """Connect and log in. `sender` is that of the envelope, if it isn't [joining] from. Raises what
        `Session` does.
        """
        own = settings.joining.sender
        self._sender = sender or (own.address if own else "")
        self._set_by = (
            "'bounces' under [newsletter]"
            if sender
            else "'from' under [joining]"
        )
        self._server = settings.smtp.host
        self._session = Session(settings.smtp, password)

    def deliver(self, address: str, data: bytes) -> HandOver:
        """Hand over an email. Raises TransportError if the server takes none at the moment."""
        if not address.isascii() and not self._session.smtputf8:
            return HandOver.REFUSED
        try:
            return self._transact(address, data)
        except BrokenError as error:
            raise TransportError(f"{self._server}: {error}") from None

    def close(self) -> None:
        with suppress(BrokenError):
            self._session.close(politely=True)

    def _transact(self, address: str, data: bytes) -> HandOver:
        """Run one transaction (RFC 5321 3.3), waiting for each answer."""
        suffix = "" if address.isascii() else " SMTPUTF8"
        reply = self._command(f"MAIL FROM:<{self._sender}>{suffix}")
        if reply.code // 100 != 2:
            # It refuses our sender, whoever the email is for.
            raise TransportError(
                f"{self._server}: rejects the sender set as {self._set_by} ({reply.code})"
            )
        reply = self._command(f"RCPT TO:<{address}>")
        if reply.code // 100 == 2:
            reply = self._command("DATA")
        if reply.code // 100 == 3:
            self._session.write(data + _END)
            reply = self._answer(to_the_dot=True)
        else:
            self._command("RSET")
        return _outcome(reply)

    def _command(self, line: str) -> Reply:
        self._session.write(f"{line}\r\n".encode())
        return self._answer()

    def _answer(self, *, to_the_dot: bool = False) -> Reply:
        reply = self._session.reply(to_the_dot=to_the_dot)
        if reply.closes:
            raise TransportError(
                f"{self._server}: isn't accepting email at the moment ({reply.code})"
            )
        return reply


def _outcome(reply: Reply) -> HandOver:
    if reply.code // 100 == 2:
        return HandOver.MAILED
    return HandOver.LATER if reply.code // 100 == 4 else HandOver.REFUSED
