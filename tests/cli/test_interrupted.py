"""Ctrl-C ends a command whatever it waits for: here that never comes, and nothing has a time limit."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from tests.cli.conftest import sendable
from tests.sending.servers.smtp import Reply, Rule, SmtpServer

SAFETY_NET = 60
"""Seconds after which a command that doesn't end fails its test."""
NEVER = 10**6
START = """\
import signal, sys
# A program that runs in the background ignores Ctrl-C, and so do those it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
from briefing.cli import main
"""
FETCH_FROM_HERE = """\
from briefing.checks.online import check
from briefing.network.fetch_guard import Guard
check.Guard = lambda proxy: Guard(loopback_port={port}, seconds={never})
"""
WAIT_FOR_THE_SERVER = """\
from functools import partial
from briefing.sending.transports import smtp
smtp.Smtp = partial(smtp.Smtp, timeout={never})
"""


@contextmanager
def silent() -> Iterator[socket.socket]:
    """A server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # A command that ends before it connects fails its test.
        listener.settimeout(SAFETY_NET)
        yield listener


def begin(folder: Path, prepare: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", f"{START}{prepare}main({arguments!r})"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def interrupt(process: subprocess.Popen[str]) -> str:
    """Press Ctrl-C; return what the command says."""
    process.send_signal(signal.SIGINT)
    try:
        _, said = process.communicate(timeout=SAFETY_NET)
    finally:
        process.kill()
    assert process.returncode == 130, said
    return said


def use(newsletter: Path, port: int) -> list[str]:
    """Let a mail server deliver three emails; return the command that sends them."""
    (newsletter / "subscribers.csv").write_text(
        "email\nann@example.org\nbob@example.org\ncem@example.org\n", "utf-8"
    )
    settings = newsletter / "briefing.toml"
    text = sendable(settings.read_text("utf-8"))
    server = f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    settings.write_text(text.replace("[smtp]\n", server), "utf-8")
    return ["send", "--via", "smtp", "--untested", "--yes", "--expect", "3"]


def test_check_while_a_site_is_silent(issue: Path) -> None:
    path = issue / "issues" / "2020-10-09" / "issue.md"
    text = path.read_text("utf-8")
    with silent() as site:
        port = site.getsockname()[1]
        path.write_text(
            text.replace(
                "https://www.example.com/ruling", f"http://127.0.0.1:{port}/"
            ),
            "utf-8",
        )
        prepare = FETCH_FROM_HERE.format(port=port, never=NEVER)
        process = begin(issue, prepare, "check", "--online")
        connection, _ = site.accept()
        with connection:
            connection.recv(1)
            assert "stopped" in interrupt(process)


def test_send_while_the_server_doesnt_greet(issue: Path) -> None:
    with silent() as server:
        line = use(issue, server.getsockname()[1])
        prepare = WAIT_FOR_THE_SERVER.format(never=NEVER)
        process = begin(issue, prepare, *line)
        connection, _ = server.accept()
        with connection:
            assert "stopped" in interrupt(process)


def test_send_while_it_waits_to_try_again(issue: Path) -> None:
    later = Rule("rcpt", Reply(450, "4.2.1 try again in 50 minutes"))
    with SmtpServer(later) as server:
        process = begin(issue, "", *use(issue, server.port))
        assert process.stderr
        # Without the expected words, it would wait for most of an hour.
        safety_net = Timer(SAFETY_NET, process.kill)
        safety_net.start()
        try:
            line = process.stderr.readline()
            while "they are tried again at" not in line:
                assert line, "it ended"
                line = process.stderr.readline()
        finally:
            safety_net.cancel()
        assert "stopped; the server accepted 0 of 3 emails" in interrupt(
            process
        )
