"""Who got an email of their own today: at most one a day, whatever interrupts it."""

import datetime as dt
from pathlib import Path

import pytest

from briefing.errors import FileError
from briefing.syncing.records.mailed import MailedState, MailedToday

TODAY = dt.date(2020, 10, 9)
ANN, BOB = "0a" * 15, "0b" * 15


def record(folder: Path, day: dt.date = TODAY) -> MailedToday:
    return MailedToday(folder / "sync-mails.csv", day)


def test_states_are_read_again_on_the_same_day(tmp_path: Path) -> None:
    for reader in (ANN, BOB):
        record(tmp_path).record(reader, MailedState.BEGUN)
    record(tmp_path).record(ANN, MailedState.MAILED)
    again = record(tmp_path)
    assert again.states.get(ANN) is MailedState.MAILED
    assert again.states.get(BOB) is MailedState.BEGUN


def test_what_was_never_handed_over_is_forgotten(tmp_path: Path) -> None:
    for reader in (ANN, BOB):
        record(tmp_path).record(reader, MailedState.BEGUN)
    record(tmp_path).forget(ANN)
    assert record(tmp_path).states.get(ANN) is None
    assert record(tmp_path).states.get(BOB) is MailedState.BEGUN


def test_another_day_starts_empty(tmp_path: Path) -> None:
    record(tmp_path).record(ANN, MailedState.MAILED)
    tomorrow = record(tmp_path, TODAY + dt.timedelta(days=1))
    assert tomorrow.states.get(ANN) is None
    tomorrow.record(BOB, MailedState.MAILED)
    text = (tmp_path / "sync-mails.csv").read_text("utf-8")
    assert ANN not in text


@pytest.mark.parametrize(
    "line",
    [
        "x,2020-10-09,mailed",
        f"{ANN},2020-10-09",
        f"{ANN},a,b,c",
        f"{ANN},2020-10-09,x",
    ],
)
def test_damage_is_reported_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "sync-mails.csv"
    path.write_text(f"token,day,state\n{line}\n", "utf-8")
    with pytest.raises(FileError) as caught:
        record(tmp_path)
    assert caught.value.line == 2
