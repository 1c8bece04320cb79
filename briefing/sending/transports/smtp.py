"""SMTP (RFC 5321): one transaction for each reader, over connections that stay open.

Where the server offers PIPELINING (RFC 2920), the next reader's email, RCPT, DATA are in the same
write as this one's body, which the RFC allows to begin a group: one round trip for each email.

     ──▶  body k · MAIL k+1 · RCPT k+1 · DATA k+1            ◀──  250 for k · 250 · 250 · 354

If a connection breaks before the system has taken an email's final dot, the email wasn't sent.
Afterwards, without an answer, it is uncertain.
"""

import threading
import time
from collections.abc import Callable

from briefing.configuration.settings import Settings
from briefing.errors import TransportError

from .base import Queue
from .courier import Courier
from .pace import Pace
from .repeated_refusals import RepeatedRefusals
from .session import ANSWER_TIMEOUT, DOT_TIMEOUT, Session


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
