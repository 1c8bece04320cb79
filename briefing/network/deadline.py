"""A deadline for a request to the web, however slowly the other side answers."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from urllib3.connection import HTTPConnection

from briefing.errors import FetchError


class Clock:
    """The time. Tests have a clock of their own."""

    def now(self) -> float:
        """Return seconds since some fixed moment."""
        return time.monotonic()

    @contextmanager
    def alarm(
        self, seconds: float, action: Callable[[], None]
    ) -> Iterator[None]:
        """Run `action`, in a thread, if the block takes longer than `seconds`."""
        timer = threading.Timer(seconds, action)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class Deadline:
    """The moment at which a request must be finished."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock.now() + seconds

    def remaining(self, url: str) -> float:
        """Return the seconds left, always more than 0. Raises FetchError if the time is up."""
        left = self._end - self._clock.now()
        if left <= 0:
            raise FetchError(
                url, f"took longer than {self._seconds:.0f} seconds to answer"
            )
        return left

    @contextmanager
    def closing(self, connection: HTTPConnection) -> Iterator[None]:
        """Close a connection after use, or cut it off at the deadline."""
        sock: socket.socket = connection.sock
        try:
            with self.cutting_off(sock):
                yield
        finally:
            connection.close()
            # A connection may have passed its socket to a response, and urllib3 forgets the
            # response if its headers are bad.
            with contextlib.suppress(OSError):
                os.close(sock.detach())

    @contextmanager
    def cutting_off(self, sock: socket.socket) -> Iterator[None]:
        """Shut a socket down at the deadline. Its own timeout can't do that, because it starts over
        with each byte.
        """
        left = max(0, self._end - self._clock.now())
        with self._clock.alarm(left, lambda: _shut_down(sock)):
            yield


def _shut_down(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not SSLSocket's own shutdown, which changes state that the reading thread is using.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
