"""Asked to end, suspended, left by its terminal: what is under way comes to its end, and the rest goes out later."""

import os
import pty
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.sending.crash.harness import PROJECT, SECRETS, Children, Ended, Send, resume_lines
from tests.sending.crash.scenarios import sendgrid, smtp
from tests.sending.servers.smtp import Hang, Rule


def assert_whole(send: Send) -> None:
    """Let it end: everybody has theirs, and nobody was ever uncertain."""
    view = send.finish()
    assert send.broken == []
    assert view.count("accepted") == len(send.office.readers) == view.mails.total()


def drop_all(send: Send) -> None:
    """What a server does to clients that say nothing for too long."""
    for link in send.server._threads():
        link.abort()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_finishes_what_is_under_way(children: Children, number: signal.Signals) -> None:
    with smtp(children, readers=60, delay=0.01) as send:
        child = send.start()
        send.until(mails=8)
        child.signal(number)
        ended = send.end(child)
        view = send.view()
        assert ended.code == 130
        assert ended.lines == [f"briefing: stopped; the server accepted {view.mails.total()} of 60 mails"]
        assert resume_lines(ended) == 1
        assert view.count("uncertain", "sending") == 0
        assert 8 <= view.mails.total() < 60
        assert_whole(send)


def test_asked_twice_it_ends_at_once(children: Children) -> None:
    with smtp(children, Rule("dot", Hang(2), nth=3), connections=1) as send:
        child = send.start()
        send.until(mails=3)
        child.signal(signal.SIGINT)
        time.sleep(0.3)
        asked = time.monotonic()
        child.signal(signal.SIGINT)
        ended = send.done(child)
        assert time.monotonic() - asked < 1
        assert ended.code == 130
        send.judge(ended)
        assert send.view().count("uncertain", "sending") <= 2
        send.finish()
        assert send.broken == []


def test_a_rehearsal_that_is_asked_to_end(children: Children) -> None:
    with smtp(children, readers=2000) as send:
        send.via, send.most_in_flight = "outbox", 100
        child = send.start()
        while not send.view().mails.total():
            time.sleep(0.005)
        child.signal(signal.SIGINT)
        ended = send.end(child)
        assert ended.code == 130
        assert "Run the same command to continue" in ended.err
        assert_whole(send)


def test_a_terminal_that_is_closed_ends_it_as_ctrl_c_does(children: Children) -> None:
    if not shutil.which("setsid"):
        pytest.skip("no setsid to give a child a terminal of its own")
    with smtp(children, readers=60, delay=0.01) as send:
        ours, its = pty.openpty()
        arguments = send.order(*send.arguments()).arguments
        process = subprocess.Popen(
            ["setsid", "--ctty", sys.executable, "-m", "briefing", *arguments],
            cwd=PROJECT,
            env={**os.environ, **SECRETS},
            stdin=its,
            stdout=its,
            stderr=its,
        )
        os.close(its)
        send.until(mails=8)
        os.close(ours)
        code = process.wait(30)
        send.judge(Ended(0, "", ""))
        assert send.view().count("uncertain", "sending") == 0
        assert 8 <= send.view().mails.total() < 60
        assert code == 130
        assert_whole(send)


def test_progress_that_nobody_takes_makes_nobody_uncertain(children: Children) -> None:
    """Standard error leads to a full disk, or to a program that has ended."""
    with smtp(children, readers=60, delay=0.005) as send:
        send.done(send.start(deaf=True, often=True))
        assert send.view().count("uncertain", "sending") == 0
        assert_whole(send)


def test_suspended_for_longer_than_the_server_waits(children: Children) -> None:
    with smtp(children, readers=60, delay=0.01) as send:
        child = send.start()
        send.until(mails=8)
        child.signal(signal.SIGSTOP)
        child.until_stopped()
        drop_all(send)
        time.sleep(0.2)
        child.signal(signal.SIGCONT)
        ended = send.end(child)
        uncertain = send.view().count("uncertain")
        assert uncertain <= 2, "one mail a connection"
        assert ended.code == (1 if uncertain else 0)
        view = send.finish()
        assert send.broken == []
        assert view.count("accepted", "uncertain") == 60


def test_suspended_in_a_request_until_sendgrid_gives_up(children: Children) -> None:
    with sendgrid(children, readers=20) as send:
        child = send.start(point="request: half", action="stop")
        child.until_stopped()
        drop_all(send)
        time.sleep(0.2)
        child.signal(signal.SIGCONT)
        assert send.end(child).code in {0, 1}
        view = send.finish()
        assert send.broken == []
        assert view.count("accepted", "uncertain") == 20
