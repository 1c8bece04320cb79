"""How a send goes, told where there is no terminal; in one the bar of the library does it."""

from collections import Counter

import pytest

from briefing.cli import tally
from briefing.sending.delivery import Tally
from briefing.sending.schema import State


def test_a_quick_send_says_nothing_on_its_way(capsys: pytest.CaptureFixture[str]) -> None:
    with tally.telling("Sending") as tell:
        tell(Tally(100, Counter({State.ACCEPTED: 50})))
    assert capsys.readouterr() == ("", "")


def test_a_long_one_says_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    with tally.telling("Sending") as tell:
        tell(Tally(2500, Counter({State.ACCEPTED: 10})))
        clock[0] += 31
        tell(Tally(2500, Counter({State.ACCEPTED: 1200, State.REJECTED: 40, State.QUEUED: 3})))
        tell(Tally(2500, Counter({State.ACCEPTED: 1201, State.REJECTED: 40, State.QUEUED: 3})))
    assert capsys.readouterr().err == "Sending: 1,240 of 2,500, 40 rejected, 40 a second, about 32 s left\n"
