"""Hands emails to the mail server in a thread of its own, so that no page waits for it.

Waiting emails are in memory only. People who don't get theirs because the server stopped ask again.
"""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from briefing.configuration.settings import Settings
from briefing.errors import TransportError
from briefing.sending.transports.replies import Reply
from briefing.sending.transports.session import BrokenError, Session

GIVE_UP_AFTER = 3600.0
"""Seconds after which an email is given up."""
PAUSE = 30.0
"""Seconds between attempts while the mail server doesn't take emails."""
RETRY_AFTER = 300.0
"""Seconds before an email that the server refused for now, as greylisting does, is tried again."""
MOMENT = 0.5
"""Seconds between looks at the clock."""
_END = b".\r\n"


@dataclass(frozen=True, slots=True, order=True, repr=False)
class _Waiting:
    """An email, when it is due, and since when it has waited."""

    due: float
    since: float
    address: str
    data: bytes


class SmtpConnection:
    """Delivers emails whose lines end in CRLF and don't begin with a dot, as `emails` builds them."""

    def __init__(self, settings: Settings, password: str) -> None:
        """Connect and log in. [joining] from must be set. Raises what `Session` does."""
        assert settings.joining.sender is not None
        self._sender = settings.joining.sender.address
        self._server = settings.smtp.host
        self._session = Session(settings.smtp, password)

    def deliver(self, address: str, data: bytes) -> bool:
        """Hand over an email, in one transaction (RFC 5321 3.3). Return False if the server refuses it for
        now; what it refuses for good is done. Raises TransportError if it takes none at the moment.
        """
        suffix = "" if address.isascii() else " SMTPUTF8"
        if suffix and not self._session.smtputf8:
            return True
        try:
            reply = self._command(f"MAIL FROM:<{self._sender}>{suffix}")
            if reply.code // 100 != 2:
                # It refuses our sender, whoever the email is for.
                raise TransportError(
                    f"{self._server}: rejects the sender set as 'from' under [joining] ({reply.code})"
                )
            reply = self._command(f"RCPT TO:<{address}>")
            if reply.code // 100 == 2:
                reply = self._command("DATA")
            if reply.code // 100 == 3:
                self._session.write(data + _END)
                reply = self._answer(to_the_dot=True)
            else:
                self._command("RSET")
        except BrokenError as error:
            raise TransportError(f"{self._server}: {error}") from None
        return reply.code // 100 != 4

    def close(self) -> None:
        with suppress(BrokenError):
            self._session.close(politely=True)

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


class Mailer:
    """Emails one after the other, over a connection that is opened when it is needed."""

    def __init__(
        self,
        connect: Callable[[], SmtpConnection],
        report: Callable[[str], None],
    ) -> None:
        """`connect` raises TransportError. `report` is called with a line if the mail server takes no emails."""
        self._connect = connect
        self._report = report
        self._waiting: queue.PriorityQueue[_Waiting] = queue.PriorityQueue()
        self._reported = ""
        self._stopped = threading.Event()
        self._connection: SmtpConnection | None = None
        self._thread = threading.Thread(
            target=self._work, name="mailer", daemon=True
        )
        self._thread.start()

    def put(self, address: str, data: bytes) -> None:
        """Take an email."""
        now = time.monotonic()
        self._waiting.put(_Waiting(now, now, address, data))

    def close(self) -> None:
        """Stop after the email at hand."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                waiting = self._waiting.get(timeout=MOMENT)
            except queue.Empty:
                self._disconnect()
                continue
            if waiting.due > time.monotonic():
                self._waiting.put(waiting)
                self._stopped.wait(MOMENT)
            else:
                self._deliver(waiting)
        self._disconnect()

    def _deliver(self, waiting: _Waiting) -> None:
        pause = RETRY_AFTER
        try:
            self._connection = self._connection or self._connect()
            is_done = self._connection.deliver(waiting.address, waiting.data)
        except TransportError as error:
            self._disconnect()
            if str(error) != self._reported:
                self._reported = str(error)
                self._report(self._reported)
            is_done = False
            pause = PAUSE
            self._stopped.wait(PAUSE)
        now = time.monotonic()
        if not is_done and now - waiting.since <= GIVE_UP_AFTER:
            self._waiting.put(replace(waiting, due=now + pause))

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(TransportError):
                self._connection.close()
            self._connection = None
