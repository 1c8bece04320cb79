"""What all servers share: a port of this computer, a thread for each connection, and rules that act
in turn.
"""

import os
import select
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

AT_ONCE = 1 << 18
"""Bytes that are read at a time."""
RESET = b"\1\0\0\0\0\0\0\0"
"""Linger on, for no time: closing discards what is under way, and says so."""


@dataclass(kw_only=True)
class Turns:
    """When a rule acts: at the nth time its place is reached, counted from 1, and at most so many
    times.
    """

    nth: int | None = None
    times: int | None = None
    reached: int = field(default=0, init=False)
    acted: int = field(default=0, init=False)

    def was_reached(self, times: int) -> bool:
        """Wait until its place was reached so many times; False if that takes too long."""
        for _ in range(60_000):
            if self.reached >= times:
                return True
            time.sleep(0.001)
        return False

    def due(self) -> bool:
        return self.nth in {None, self.reached} and not self.is_used_up()

    def is_used_up(self) -> bool:
        return self.times is not None and self.acted >= self.times


@dataclass(frozen=True)
class Kill:
    """Calls a function, such as one that kills the client; what wasn't accepted before is never
    answered then.
    """

    call: Callable[[], object]
    accepted: bool = True


class Connection:
    """One connection. What arrives is kept until it is used; replies wait until there is nothing
    left to read.
    """

    def __init__(
        self, plain: socket.socket, number: int, closing: threading.Event
    ) -> None:
        self.number = number
        self.buffer = bytearray()
        self.raw: bytearray | None = None
        self.round_trips: MutableMapping[int, int] = {number: 0}
        """How often the client was waited for, by the number of the connection."""
        self.delay = 0.0
        self.encrypted = False
        self.client_port = plain.getpeername()[1]
        self._socket = plain
        self._closing = closing
        self._replies = bytearray()
        self._poll = select.poll()
        self._poll.register(plain, select.POLLIN)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def encrypt(self, context: ssl.SSLContext) -> None:
        self._socket = context.wrap_socket(
            self._socket, server_side=True, do_handshake_on_connect=False
        )
        self._socket.do_handshake()  # only now, so that `abort` finds the socket that waits
        self.encrypted = True

    def has_more(self) -> bool:
        """Whether the client has sent something that wasn't read yet."""
        return bool(self.buffer) or self._take(AT_ONCE)

    def fill(self, most: int = AT_ONCE) -> None:
        """Read something; replies go out first if that means to wait. Raises OSError at the end of
        the connection.
        """
        if self._take(most):
            return
        if not self.buffer:
            # Before the client can know, so that a test may look when it has its reply.
            self.round_trips[self.number] += 1
        self.flush()
        if not self._take(most, wait=True):
            raise ConnectionAbortedError("the client has ended the connection")

    def _take(self, most: int, *, wait: bool = False) -> bool:
        pending = (
            isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()
        )
        if not (wait or pending or self._poll.poll(0)):
            return False
        piece = self._socket.recv(most)
        self.buffer += piece
        if self.raw is not None:
            self.raw += piece
        return bool(piece)

    def consume(self, length: int) -> bytes:
        """Take so many bytes from the buffer."""
        taken = bytes(memoryview(self.buffer)[:length])
        del self.buffer[:length]
        return taken

    def say(self, reply: bytes) -> None:
        self._replies += reply

    def flush(self) -> None:
        if self._replies:
            self.pause(self.delay)
            self._socket.sendall(self._replies)
            self._replies.clear()

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the server runs."""
        if seconds and self._closing.wait(seconds):
            raise ConnectionAbortedError("the server is closed")

    def hang_up(self) -> None:
        """End the connection so that the last reply arrives."""
        self.flush()
        self.abort(socket.SHUT_WR)
        while self._take(AT_ONCE):
            # Closing with something unread would be a reset.
            pass
        raise ConnectionAbortedError("the server has ended the connection")

    def reset(self) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        raise ConnectionAbortedError("the server has reset the connection")

    def abort(self, how: int = socket.SHUT_RDWR) -> None:
        """Wake the thread that reads or writes here."""
        with suppress(OSError):
            # That of SSLSocket would pull the rug from under the reader.
            socket.socket.shutdown(self._socket, how)

    def close(self) -> None:
        self._socket.close()


class Listener:
    """A server while it is entered; leaving it ends every connection and every thread."""

    port: int
    log: Path | None = None
    durable: bool = False

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self._connections: dict[Connection, threading.Thread] = {}

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listening.getsockname()[1]
        if self.log:
            self.log.touch()
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self.closing.is_set():
            self.close()

    def close(self) -> None:
        """End every connection and every thread."""
        self.closing.set()
        with suppress(OSError):
            # Wakes the thread that accepts.
            socket.create_connection(
                ("127.0.0.1", self.port), timeout=5
            ).close()
        self._accepting.join()
        self._listening.close()
        while threads := self._threads():
            for connection, thread in threads.items():
                connection.abort()
                thread.join(0.05)

    def serve(self, connection: Connection) -> None:
        """Speak with one client; OSError ends that."""
        raise NotImplementedError

    @property
    def connected(self) -> int:
        """How many connections are open."""
        return len(self._threads())

    def _threads(self) -> dict[Connection, threading.Thread]:
        with self.lock:
            return dict(self._connections)

    def _accept(self) -> None:
        number = 0
        while True:
            plain, _ = self._listening.accept()
            if self.closing.is_set():
                plain.close()
                return
            number += 1
            connection = Connection(plain, number, self.closing)
            thread = threading.Thread(target=self._run, args=(connection,))
            with self.lock:
                self._connections[connection] = thread
            thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            with suppress(OSError):
                self.serve(connection)
        finally:
            connection.close()
            with self.lock:
                del self._connections[connection]

    def append(self, lines: str) -> None:
        """Write to the log; if `durable`, it is on the disk afterwards."""
        if self.log:
            with self.log.open("ab") as file:
                file.write(lines.encode())
                file.flush()
                if self.durable:
                    os.fsync(file.fileno())


def run(server: Listener) -> None:
    """Serve as a process: the port is its first line, SIGTERM its end; it fails with the violations
    it has seen.
    """
    ends = {signal.SIGTERM, signal.SIGINT}
    # The threads of the server inherit it.
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        signal.sigwait(ends)
    sys.exit("\n".join(server.violations) or None)
