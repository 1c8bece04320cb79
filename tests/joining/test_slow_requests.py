"""A request that trickles in ends; others go on."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from waitress.server import create_server

from briefing.joining import server as module

REQUEST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def server() -> Iterator[Any]:
    """A server that does nothing but what the test lets it do."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = create_server(_hello, sockets=[listener], threads=1)
        server.channel_class = module.TimedChannel
        yield server
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map)


def _hello(_environ: object, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


def work(server: Any) -> None:
    """Let the server take what has arrived."""
    for _ in range(5):
        server.asyncore.loop(timeout=0.01, map=server._map, count=1)


def connect(server: Any) -> socket.socket:
    connection = socket.create_connection(
        ("127.0.0.1", server.effective_port), 60
    )
    work(server)
    return connection


def test_a_body_that_trickles_in_ends(server: Any, clock: Clock) -> None:
    with connect(server) as slow:
        slow.sendall(REQUEST)
        work(server)
        for _ in range(4):
            clock.now += module.LONGEST_REQUEST / 3
            slow.sendall(b"a")
            work(server)
        assert slow.recv(100) == b""


def test_a_connection_may_stay_open_for_long(server: Any, clock: Clock) -> None:
    with connect(server) as steady:
        for _ in range(4):
            clock.now += module.LONGEST_REQUEST - 1
            steady.sendall(REQUEST + b"a" * 50)
            work(server)
            clock.now += module.LONGEST_REQUEST - 1
            steady.sendall(b"a" * 50)
            answer = b""
            while not answer.endswith(b"hello"):
                work(server)
                answer += _received(steady)


def _received(connection: socket.socket) -> bytes:
    connection.setblocking(False)
    try:
        return connection.recv(1000)
    except BlockingIOError:
        return b""
    finally:
        connection.settimeout(60)
