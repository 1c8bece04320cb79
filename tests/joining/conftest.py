"""The server in a process of its own, as readers, mail apps and home see it."""

import http.client
import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyrage
import pytest
from aiosmtpd.controller import Controller

from briefing.joining import protocol, wishes
from briefing.joining.protocol import (
    Request,
    RequestBatch,
    key_digest,
    parse_batch,
    token_digest,
)
from briefing.joining.seals import Seals
from briefing.joining.wishes import Wish, decrypt
from tests.forked import Forked, fork

SAFETY_NET = 60.0
"""Seconds after which a test that hangs fails."""
HOST = "join.example.org"
EDITOR = pyrage.x25519.Identity.generate()
KEY = "home's own key"
TOKEN = "0123456789abcdef0123456789abcd"  # noqa: S105  # of a reader who doesn't exist
OTHER = "ffffffffffffffffffffffffffffff"
SETTINGS = f"""\
[newsletter]
name = "Weekly Brief"
organisation = "Far Valley Rights Network"
from = "Weekly Brief <brief@example.org>"
address = "14 Quay Street, 4021 Velmar"
languages = ["en", "de", "tr", "ug", "zh"]
[smtp]
host = "127.0.0.1"
port = SMTP_PORT
security = "none"
[unsubscribe]
url = "https://{HOST}/leave/{{token}}"
[joining]
url = "https://{HOST}"
from = "Weekly Brief <confirm@example.org>"
keys = ["{EDITOR.to_public()}"]
per_hour = 60
"""


@dataclass(frozen=True)
class Answer:
    """An answer of the server."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def heading(self) -> str:
        found = re.search("<h1>(.*?)</h1>", self.text)
        assert found, self.text
        return found[1]


@dataclass
class MailServer:
    """A mail server on this computer that keeps what it gets."""

    port: int
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    refuse: Callable[[str], str] = lambda _address: ""
    """Returns the answer that refuses a recipient; empty: the recipient is accepted."""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self,
        _server: object,
        _session: object,
        envelope: Any,
        address: str,
        _options: object,
    ) -> str:
        refusal = self.refuse(address)
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 ok"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        with self.arrived:
            self.mails.append((envelope.rcpt_tos[0], envelope.content))
            self.arrived.notify_all()
        return "250 ok"

    def wait(self, count: int = 1) -> list[tuple[str, bytes]]:
        """Return the emails once there are so many."""
        with self.arrived:
            assert self.arrived.wait_for(
                lambda: len(self.mails) >= count, SAFETY_NET
            )
            return list(self.mails)

    def link(self, count: int = 1) -> str:
        """Return the path of the link in the last of so many emails."""
        text = text_of(self.wait(count)[-1][1])
        found = re.search(rf"https://{HOST}(/confirm/\S+)", text)
        assert found, text
        return found[1]


def text_of(mail: bytes) -> str:
    part = message_from_bytes(mail, policy=default)
    text: str = part.get_content()
    return text


@dataclass
class Server:
    """The server's process."""

    folder: Path
    process: Forked
    port: int

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        **headers: str,
    ) -> Answer:
        """Send one request over a connection of its own. Underscores in names stand for hyphens."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=SAFETY_NET
        )
        named = {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        try:
            connection.request(method, path, body, {"Host": HOST} | named)
            answer = connection.getresponse()
            return Answer(
                answer.status, dict(answer.getheaders()), answer.read()
            )
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, /, **fields: str) -> Answer:
        """Post a form."""
        return self.ask(
            "POST",
            path,
            urlencode(fields),
            Content_Type="application/x-www-form-urlencoded",
        )

    def join(self, address: str, path: str = "/join", **fields: str) -> Answer:
        """Fill in the form as someone does who wants to join."""
        filled = {
            "address": address,
            "lang": "en",
            "consent": "yes",
            "token": form_token(self.folder),
        }
        return self.post(path, **(filled | fields))

    def api(
        self, method: str, path: str, body: Any = None, key: str = KEY
    ) -> Answer:
        """Ask as home does."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask(
            method,
            path,
            None if body is None else data,
            Authorization=f"Bearer {key}",
        )

    def batch(self, after: int = 0) -> RequestBatch:
        answer = self.api("GET", f"{protocol.REQUESTS}?after={after}")
        assert answer.status == 200, answer
        return parse_batch(answer.body)

    def requests(self) -> list[Request]:
        return list(self.batch().requests)

    def wishes(self) -> list[Wish]:
        """Return what readers asked for, as an editor reads it."""
        return [
            decrypt(request, [EDITOR])
            for request in self.requests()
            if request.kind in wishes.WISHES
        ]

    def send_tokens(self, *tokens: str, upload: int = 1) -> None:
        digests = b"".join(sorted(map(token_digest, tokens)))
        put = self.api("PUT", f"{protocol.TOKENS}?upload={upload}", digests)
        use = self.api(
            "POST", protocol.TOKENS, {"upload": upload, "count": len(tokens)}
        )
        assert (put.status, use.status) == (200, 200)

    def stop(self) -> str:
        """Stop the server properly; return what it wrote to standard error."""
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=SAFETY_NET)
        return errors

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=SAFETY_NET)


def form_token(folder: Path) -> str:
    """Return the token of a form that was shown a minute ago."""
    key = (folder / ".briefing" / "joining.key").read_bytes()
    return Seals(key).form_token(time.time() - 60)


def make_folder(folder: Path, smtp_port: int, per_hour: int = 60) -> Path:
    """Write a folder that the server can serve."""
    folder.mkdir(exist_ok=True)
    text = SETTINGS.replace("SMTP_PORT", str(smtp_port))
    text = text.replace("per_hour = 60", f"per_hour = {per_hour}")
    (folder / "briefing.toml").write_text(text, "utf-8")
    return folder


def start(
    folder: Path, *options: str, largest_file: int = 0, **environment: str
) -> Server:
    """Start the server of a folder on a free port. `largest_file`: bytes after which a file counts as
    if the disk were full; 0: none.
    """

    process = fork(
        ["-C", str(folder), "subscribers", "serve", "--port", "0", *options],
        {
            **os.environ,
            "BRIEFING_SYNC_KEY_DIGEST": key_digest(KEY),
            **environment,
        },
        largest_file=largest_file,
        timeout=SAFETY_NET,
    )
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
    if not found:
        _, errors = process.communicate(timeout=SAFETY_NET)
        raise AssertionError(line + errors)
    return Server(folder, process, int(found[1]))


@contextmanager
def running(
    folder: Path, *options: str, largest_file: int = 0
) -> Iterator[Server]:
    """Run the server until the end of the block, where it is killed."""
    server = start(folder, *options, largest_file=largest_file)
    try:
        yield server
    finally:
        server.kill()


class BoundController(Controller):
    """Listens on a socket that has its port already, so that no other program can take it."""

    listener: socket.socket

    def _create_server(self) -> Any:
        return self.loop.create_server(
            self._factory_invoker, sock=self.listener
        )


@contextmanager
def receiving() -> Iterator[MailServer]:
    """Run a mail server."""
    listener = socket.create_server(("127.0.0.1", 0))
    handler = MailServer(listener.getsockname()[1])
    controller = BoundController(
        handler,
        hostname="127.0.0.1",
        port=handler.port,
        enable_SMTPUTF8=True,
        ready_timeout=SAFETY_NET,
    )
    controller.listener = listener
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with receiving() as handler:
        yield handler


@pytest.fixture
def folder(tmp_path: Path, mail_server: MailServer) -> Path:
    return make_folder(tmp_path / "server", mail_server.port)


@pytest.fixture(scope="module")
def steady_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """One server for tests that look at answers only."""
    with receiving() as mail_server:
        folder = make_folder(
            tmp_path_factory.mktemp("steady"), mail_server.port, per_hour=10_000
        )
        with running(folder) as server:
            server.send_tokens(TOKEN)
            yield server


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """A server that has got one token from home."""
    with running(folder) as server:
        server.send_tokens(TOKEN)
        yield server
