"""The progress of a send without a terminal; in a terminal the library's bar shows it."""

from collections import Counter

import pytest

from briefing.cli import send_progress
from briefing.sending.ledger.schema import State
from briefing.sending.progress import Progress


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


def test_what_it_waits_for_is_said_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with send_progress.show_progress("Sending") as show:
        for _ in range(3):
            show(Progress(500, waiting="Trying again at 14:35:00."))
    assert capsys.readouterr().err == "Trying again at 14:35:00.\n"
