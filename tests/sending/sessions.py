"""Connections to a mail server that break when a test says so, instead of after a time."""

import select
from typing import Any

from briefing.configuration.settings import Settings, SmtpSettings
from briefing.sending.transports.session import BrokenError, Session
from briefing.sending.transports.smtp import Smtp
from tests.sending.servers.smtp import SmtpServer

END_OF_BODY = b"\r\n.\r\n"
LOOK_AGAIN = 0.005
"""Seconds between two looks at whether the server hangs."""


class ImpatientSession(Session):
    """Doesn't wait for a server that hangs by a rule: its time-out is over then, and at no other
    moment.
    """

    def __init__(self, settings: SmtpSettings, server: SmtpServer) -> None:
        super().__init__(settings, "", timeout=60)
        self._server = server
        self._file = self._socket.makefile("rb", buffering=0)  # type: ignore[assignment]  # nothing is read ahead

    def reply(self, *, to_the_dot: bool = False) -> Any:
        self._wait_for(select.POLLIN, written=0)
        return super().reply(to_the_dot=to_the_dot)

    def write_body(self, body: bytes, rest: bytes) -> None:
        self.write(body + rest)

    def write(self, data: bytes) -> None:
        view, written = memoryview(data), 0
        while written < len(data):
            self._wait_for(select.POLLOUT, written=written)
            try:
                written += self._socket.send(view[written:])
            except OSError:
                raise BrokenError(
                    "ended the connection", written=written
                ) from None

    def _wait_for(self, event: int, *, written: int) -> None:
        poll = select.poll()
        poll.register(self._socket, event)
        while not poll.poll(LOOK_AGAIN * 1000):
            if self._socket.getsockname()[1] in self._server.hanging:
                raise BrokenError(
                    "didn't answer in time", written=written, timed_out=True
                )


class Impatient(Smtp):
    """A transport of such connections."""

    def __init__(self, settings: Settings, server: SmtpServer) -> None:
        super().__init__(settings, "", pause=0.003)
        self._server = server

    def connect(self) -> Session:
        return ImpatientSession(self._settings, self._server)


class CutSession(Session):
    """Breaks while it writes a body, so many bytes after the body's end (negative: before it)."""

    def __init__(self, settings: SmtpSettings, after_body: int) -> None:
        super().__init__(settings, "", timeout=60)
        self._after_body = after_body

    def write_body(self, body: bytes, rest: bytes) -> None:
        self.write(body + rest)

    def write(self, data: bytes) -> None:
        if END_OF_BODY not in data:
            super().write(data)
            return
        written = data.index(END_OF_BODY) + len(END_OF_BODY) + self._after_body
        super().write(data[:written])
        raise BrokenError("ended the connection", written=written)


class Cut(Smtp):
    """A transport whose first connections break so, one after the other."""

    def __init__(self, settings: Settings, *after_body: int) -> None:
        super().__init__(settings, "", pause=0.003, timeout=60)
        self._after_body = list(after_body)

    def connect(self) -> Session:
        if not self._after_body:
            return super().connect()
        return CutSession(self._settings, self._after_body.pop(0))
