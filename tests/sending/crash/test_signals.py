"""Stopped, suspended, cut off from its terminal: emails on the wire are delivered, the rest goes out
later.
"""

import os
import pty
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.forked import PROJECT
from tests.sending.crash.conftest import long
from tests.sending.crash.harness import (
    PATIENCE,
    RUNNING,
    SECRETS,
    Children,
    Ended,
    Gate,
    Send,
    resume_lines,
)
from tests.sending.crash.scenarios import sendgrid, smtp
from tests.sending.servers.smtp import Kill, Rule


def assert_whole(send: Send) -> None:
    """Let it end: every reader has an email, and none was ever uncertain."""
    view = send.finish()
    assert send.broken == []
    assert (
        view.count("accepted") == len(send.office.readers) == view.mails.total()
    )


def drop_all(send: Send) -> None:
    """What a server does to clients that say nothing for too long."""
    for link in send.server._threads():
        link.abort()


LONG = pytest.mark.long


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, long(signal.SIGINT), long(signal.SIGHUP)]
)
def test_a_signal_lets_the_emails_on_the_wire_finish(
    children: Children, number: signal.Signals
) -> None:
    gate = Gate()
    with smtp(
        children, Rule("dot", Kill(gate), nth=8), readers=20, connections=1
    ) as send:
        child = send.start()
        gate.wait()
        child.signal(number)
        gate.open()
        ended = send.end(child)
        view = send.view()
        assert ended.code == 130
        said = f"briefing: stopped; the server accepted {view.mails.total()} of 20 emails"
        assert [
            line for line in ended.lines if not line.startswith(RUNNING)
        ] == [said]
        assert resume_lines(ended) == 1
        assert view.count("uncertain", "sending") == 0
        assert 8 <= view.mails.total() < 20
        assert_whole(send)


def test_a_second_signal_doesnt_wait_for_the_server(children: Children) -> None:
    gate = Gate()
    with smtp(children, Rule("dot", Kill(gate), nth=3), connections=1) as send:
        child = send.start()
        gate.wait()
        while not child.has_ended:
            # Two signals that come close together count as one.
            child.signal(signal.SIGINT)
            time.sleep(0.3)
        assert not gate.is_open
        gate.open()
        ended = send.done(child)
        if ended.code != -signal.SIGINT:
            # A third signal does that to a process that is about to exit.
            assert ended.code == 130
            send.judge(ended)
        assert send.view().count("uncertain", "sending") <= 2
        send.finish()
        assert send.broken == []


def test_a_terminal_that_is_closed_ends_it_as_ctrl_c_does(
    children: Children,
) -> None:
    if not shutil.which("setsid"):
        pytest.skip("no setsid to give a child a terminal of its own")
    gate = Gate()
    with smtp(
        children, Rule("dot", Kill(gate), nth=8), readers=20, connections=1
    ) as send:
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
        gate.wait()
        os.close(ours)
        gate.open()
        code = process.wait(PATIENCE)
        send.judge(Ended(0, "", ""))
        assert send.view().count("uncertain", "sending") == 0
        assert 8 <= send.view().mails.total() < 20
        assert code == 130
        assert_whole(send)


@LONG
def test_unreadable_progress_makes_no_email_uncertain(
    children: Children,
) -> None:
    """Standard error leads to a full disk, or to a program that has ended."""
    with smtp(children, readers=30) as send:
        send.done(send.start(stderr_is_full=True, shows_each_step=True))
        assert send.view().count("uncertain", "sending") == 0
        assert_whole(send)


def test_suspended_for_longer_than_the_server_waits(children: Children) -> None:
    gate = Gate()
    with smtp(children, Rule("dot", Kill(gate), nth=8), readers=20) as send:
        child = send.start()
        gate.wait()
        child.signal(signal.SIGSTOP)
        child.until_stopped()
        gate.open()
        drop_all(send)
        send.until_disconnected()
        child.signal(signal.SIGCONT)
        ended = send.end(child)
        uncertain = send.view().count("uncertain")
        assert uncertain <= 2, "one email a connection"
        assert ended.code == (1 if uncertain else 0)
        view = send.finish()
        assert send.broken == []
        assert view.count("accepted", "uncertain") == 20


@LONG
def test_suspended_in_a_request_until_sendgrid_gives_up(
    children: Children,
) -> None:
    with sendgrid(children, readers=20) as send:
        child = send.start(point="request: half", action="stop")
        child.until_stopped()
        drop_all(send)
        send.until_disconnected()
        child.signal(signal.SIGCONT)
        assert send.end(child).code in {0, 1}
        view = send.finish()
        assert send.broken == []
        assert view.count("accepted", "uncertain") == 20
