"""The progress of a send without a terminal; in a terminal the library's bar shows it."""

import datetime as dt
from collections import Counter

import pytest

from briefing.cli import send_progress
from briefing.sending.ledger.schema import State
from briefing.sending.progress import Cause, Progress, Waiting


def test_a_quick_send_prints_no_progress(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with send_progress.show_progress("Sending") as show:
        show(Progress(100, Counter({State.ACCEPTED: 50})))
    assert capsys.readouterr() == ("", "")


def test_a_long_send_prints_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = [1000.0]
    with send_progress.show_progress("Sending", lambda: clock[0]) as show:
        show(Progress(2500, Counter({State.ACCEPTED: 10})))
        clock[0] += 31
        show(
            Progress(
                2500,
                Counter(
                    {State.ACCEPTED: 1200, State.REJECTED: 40, State.QUEUED: 3}
                ),
            )
        )
        show(
            Progress(
                2500,
                Counter(
                    {State.ACCEPTED: 1201, State.REJECTED: 40, State.QUEUED: 3}
                ),
            )
        )
    assert (
        capsys.readouterr().err
        == "Sending: 1,240 of 2,500, 40 rejected, 40 a second, about 32 s left\n"
    )


AT = dt.datetime(2020, 10, 9, 14, 35, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("waiting", "line"),
    [
        (
            Waiting(Cause.RETRY, 500, AT),
            "500 emails deferred by the server; trying again at 14:35:00. "
            "Ctrl-C stops, and the next send tries again.\n",
        ),
        (
            Waiting(Cause.PACE, 2, AT, "450 too many mails"),
            "The server limits how fast it accepts emails (450 too many mails); the next one goes out at 14:35:00.\n",
        ),
        (
            Waiting(Cause.STOP, 1),
            "Stopping. Waiting for the server's answer to 1 email, for ten minutes at most; "
            "Ctrl-C again ends this at once and leaves them uncertain.\n",
        ),
    ],
)
def test_what_it_waits_for_is_said_once(
    waiting: Waiting, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with send_progress.show_progress("Sending") as show:
        for _ in range(3):
            show(Progress(500, waiting=waiting))
    assert capsys.readouterr().err == line
