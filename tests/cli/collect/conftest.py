"""Fixtures for the tests of collect."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import pytest

from tests.cli.collect.web import (
    Web,
    guards,
    tree,
)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server that every host name leads to, and a guard that admits it and nothing else on this
    computer.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            if here.waiting:
                here.waiting.wait(60)
            status, headers, body = here.answers.get(
                self.path, (404, {}, b"nothing here")
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # the client may hang up
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Web(server.server_port)
    thread = threading.Thread(
        target=partial(server.serve_forever, 0.02), daemon=True
    )
    thread.start()
    guards(monkeypatch, here.port)
    yield here
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def inbox(weekly: Path) -> Path:
    """Where the inbox is, or will be."""
    return weekly / "issues" / "inbox" / "issue.md"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a socket fails the test."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def filled(weekly: Path, inbox: Path) -> Iterator[Path]:
    """The newsletter with something in its inbox, which must be unchanged at the end."""
    inbox.parent.mkdir()
    inbox.write_text("# Inbox\n\n### Kept\n\nText.\n", "utf-8")
    before = tree(weekly / "issues")
    yield weekly
    assert tree(weekly / "issues") == before
