"""A disk that is full, or fails: without an intent nothing is sent, without an outcome nothing
more.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sending.crash.child import fill
from tests.sending.crash.conftest import long
from tests.sending.crash.harness import Children, Ended, Send
from tests.sending.crash.scenarios import smtp, tracing


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own under a folder; what fills it."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    mount = [
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "size=600k,mode=700",
        "tmpfs",
        str(folder),
    ]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder / "ballast"
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def filled(
    send: Send,
    ballast: Path,
    point: str,
    nth: int = 1,
    *,
    shows_each_step: bool = False,
) -> Ended:
    """A send whose disk is full from that point on; then there is space again."""
    ended = send.run(
        point=point,
        nth=nth,
        action=f"fill {ballast}",
        shows_each_step=shows_each_step,
    )
    assert ended.code == 1
    assert "the disk is full" in ended.err
    ballast.unlink()
    return ended


def assert_goes_on(send: Send) -> None:
    view = send.finish()
    assert send.broken == []
    assert view.count("accepted", "uncertain") == len(send.office.readers)


def test_a_full_disk_before_the_freeze_sends_nothing(
    children: Children,
) -> None:
    with smtp(children) as send:
        send.office.state.mkdir(mode=0o700)
        with small_disk(send.office.state) as ballast:
            filled(send, ballast, "freeze: before")
            assert send.view().mails.total() == 0
            assert_goes_on(send)
            assert send.view().count("accepted") == 12


def test_a_full_disk_before_the_first_intent_sends_only_what_fits_the_ledgers_log(
    children: Children,
) -> None:
    with smtp(children) as send:
        send.office.state.mkdir(mode=0o700)
        with small_disk(send.office.state) as ballast:
            filled(send, ballast, "intent, outcome: before")
            assert send.view().mails.total() < 12
            assert_goes_on(send)
            assert send.view().count("uncertain") <= 4


@pytest.mark.parametrize("command", ["status", "send"])
def test_on_a_full_disk_the_ledger_isnt_called_damaged(
    children: Children, command: str
) -> None:
    """Replacing it by a backup would lose what it knows."""
    with smtp(children) as send:
        send.office.state.mkdir(mode=0o700)
        with small_disk(send.office.state) as ballast:
            assert send.run("--limit", "6", "--expect", "6").code == 0
            fill(ballast)
            arguments = send.arguments() if command == "send" else [command]
            ended = send.briefing(*arguments).wait()
            assert ended.code == 1
            assert ended.lines == [
                f"briefing: {send.office.ledger}: the disk is full; free some space, then run the command again"
            ]
            ballast.unlink()
            assert_goes_on(send)


@pytest.mark.parametrize("nth", [2, long(3), long(4)])
def test_a_full_disk_at_an_outcome_stops_it_at_once(
    children: Children, nth: int
) -> None:
    with smtp(children, connections=1) as send:
        send.office.state.mkdir(mode=0o700)
        with small_disk(send.office.state) as ballast:
            filled(send, ballast, "intent, outcome: before", nth)
            assert send.view().mails.total() <= nth
            assert_goes_on(send)
            assert send.view().count("uncertain") <= 2


def test_a_receipt_that_cant_be_written_stops_it_before_the_first_email(
    children: Children,
) -> None:
    with smtp(children) as send, small_disk(send.office.folder) as ballast:
        send.office.write_issue("Its text.")
        filled(send, ballast, "receipt: before")
        assert send.view().mails.total() == 0
        assert_goes_on(send)


@pytest.mark.long
def test_a_last_receipt_that_cant_be_written_makes_no_email_uncertain(
    children: Children,
) -> None:
    with smtp(children) as send, small_disk(send.office.folder) as ballast:
        send.office.write_issue("Its text.")
        filled(send, ballast, "receipt: before", 2)
        assert send.view().count("accepted") == 12
        assert_goes_on(send)


def test_a_receipt_that_cant_be_written_meanwhile_makes_no_email_uncertain(
    children: Children,
) -> None:
    """The ledger is as it was: it can take every outcome, and whoever was claimed and not sent to
    stays queued.
    """
    with smtp(children) as send, small_disk(send.office.folder) as ballast:
        send.office.write_issue("Its text.")
        filled(send, ballast, "receipt: before", 4, shows_each_step=True)
        assert send.view().count("uncertain", "sending") == 0
        assert_goes_on(send)


@pytest.mark.parametrize(
    ("error", "when"),
    [("EIO", 2), long("EIO", 7), long("ENOSPC", 5)],
)
def test_a_ledger_that_cant_be_flushed(
    children: Children, error: str, when: int
) -> None:
    with smtp(children, connections=1) as send:
        strace = tracing(send, "fdatasync", f"error={error}:when={when}")
        if not strace:
            pytest.skip("strace isn't here, or may not trace")
        ended = send.through(*strace)
        assert ended.code == 1
        assert_goes_on(send)
