"""SMTP (RFC 5321): one transaction a reader, over connections that stay open.

Where the server offers PIPELINING (RFC 2920), the next reader's MAIL, RCPT, DATA ride in the same write as this one's
body, which the RFC allows to begin a group: one round trip a mail.

     ──▶  body k · MAIL k+1 · RCPT k+1 · DATA k+1            ◀──  250 for k · 250 · 250 · 354

A connection that breaks before the system had taken a mail's final dot: not sent. Afterwards, without an answer:
uncertain.
"""

import threading

from briefing.errors import TransportError
from briefing.sending.transports.base import Queue
from briefing.sending.transports.courier import Courier
from briefing.sending.transports.session import Session
from briefing.sending.transports.streak import Streak
from briefing.settings import Settings


class Smtp:
    """A server that takes mails one by one."""

    name = "smtp"
    batch = 1
    repeatable = False

    def __init__(self, settings: Settings, password: str, *, timeout: float = 60, pause: float = 1) -> None:
        """`timeout` of each answer, and `pause` before connecting again, in seconds."""
        self.connections = settings.smtp.connections
        self.per_second = settings.smtp.per_second
        self.pause = pause
        self.streak = Streak()
        self._settings = settings.smtp
        self._password = password
        self._timeout = timeout
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
        """A connection that is ready for mails. Raises TransportError."""
        return Session(self._settings, self._password, self._timeout)

    def leave(self) -> bool:
        """Whether the connection of this thread may end although mails are left: others are at work."""
        with self._lock:
            if len(self._working) > 1:
                self._working.discard(threading.get_ident())
                return True
            return False
