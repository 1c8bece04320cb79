"""How the test servers start and stop; their protocols are tested next to them."""

import hashlib
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sending.servers.listener import Listener
from tests.sending.servers.sendgrid import NoAnswer, SendGridServer, SgRule
from tests.sending.servers.smtp import Hang, Kill, Rule, SmtpServer

ROOT = Path(__file__).resolve().parents[2]
MAIL = b"Message-ID: <1@example.org>\r\n\r\nText\r\n"


@contextmanager
def process(module: str, *options: str, violations: str = "") -> Iterator[int]:
    command = [
        sys.executable,
        "-m",
        f"tests.sending.servers.{module}",
        *options,
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        assert server.stderr
        try:
            yield int(server.stdout.readline())
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.stderr.read() == violations
    assert server.returncode == bool(violations)


def test_the_smtp_server_as_a_process_logs_what_it_accepts(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    with (
        process("smtp", "--log", str(log), "--durable") as port,
        smtplib.SMTP("127.0.0.1", port, timeout=60) as connection,
    ):
        connection.sendmail("brief@example.org", "a@example.org", MAIL)
        assert (
            log.read_text()
            == f"a@example.org\t<1@example.org>\t{hashlib.sha256(MAIL).hexdigest()}\n"
        )


def test_a_process_ends_with_what_the_client_did_wrong() -> None:
    noted = "connection 1: an unknown command: b'Dear reader,'\n"
    with (
        process("smtp", violations=noted) as port,
        smtplib.SMTP("127.0.0.1", port, timeout=60) as connection,
    ):
        assert connection.docmd("Dear reader,")[0] == 500


def test_the_sendgrid_server_as_a_process_logs_whom_it_accepts(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    readers = [{"to": [{"email": f"{name}@example.org"}]} for name in "ab"]
    asked = urllib.request.Request(
        "http://127.0.0.1",
        json.dumps({"personalizations": readers}).encode(),
        {"Authorization": "Bearer SG.other"},
    )
    with process(
        "sendgrid",
        "--log",
        str(log),
        "--durable",
        "--lean",
        "--key",
        "SG.other",
    ) as port:
        asked.full_url = f"http://127.0.0.1:{port}/v3/mail/send"
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310  # our own server
            assert answer.status == 202
        assert log.read_text() == "a@example.org\t0\nb@example.org\t0\n"


def test_a_client_is_killed_before_it_gets_the_answer(tmp_path: Path) -> None:
    code = "import smtplib, sys; c = smtplib.SMTP('127.0.0.1', int(sys.argv[1])); c.sendmail('a@b.c', 'd@e.f', 'x')"
    senders: list[subprocess.Popen[bytes]] = []
    started = threading.Event()

    def kill() -> None:
        started.wait(60)
        os.kill(senders[0].pid, signal.SIGKILL)

    log = tmp_path / "log"
    with (
        SmtpServer(Rule("dot", Kill(kill)), log=log, durable=True) as server,
        subprocess.Popen(
            [sys.executable, "-c", code, str(server.port)]
        ) as sender,
    ):
        senders.append(sender)
        started.set()
        assert sender.wait(60) == -signal.SIGKILL
    assert log.read_text().startswith("d@e.f\t\t")
    assert server.violations == []


@pytest.mark.parametrize(
    ("server", "written"),
    [
        (SmtpServer(), b""),
        (SmtpServer(Rule("ehlo", Hang(3600))), b"EHLO localhost\r\n"),
        (SmtpServer(delay=3600), b""),
        (SendGridServer(), b""),
        (
            SendGridServer(SgRule(NoAnswer(3600))),
            b"POST /v3/mail/send HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        ),
    ],
)
def test_closing_ends_at_once_whatever_a_connection_waits_for(
    server: Listener, written: bytes
) -> None:
    threads = threading.active_count()
    with server:
        connections = [
            socket.create_connection(("127.0.0.1", server.port), timeout=60)
            for _ in range(3)
        ]
        for connection in connections:
            connection.sendall(written)
        while server.connected < 3:
            time.sleep(0.01)
        closing = threading.Thread(target=server.close)
        closing.start()
        closing.join(60)
        assert not closing.is_alive()
    assert threading.active_count() == threads
    for connection in connections:
        connection.close()
