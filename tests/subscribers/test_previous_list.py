"""The version before the last change is kept for a week, and only for this computer."""

import datetime as dt
from pathlib import Path

import pytest

from briefing.storage import files
from briefing.subscribers.previous_list import (
    ListChange,
    PreviousList,
    ReaderMove,
)

CONTENT = b"email\nann@example.org\n"
CHANGE = ListChange(
    path="/brief/subscribers.csv",
    before=files.digest(CONTENT),
    after=files.digest(b"email\n"),
    at="2020-10-09T08:00:00+00:00",
    what="1 reader moved",
    moves=(ReaderMove("a" * 30, "b" * 30, "aa", "bb"),),
)
DAY = dt.timedelta(days=1)
THEN = dt.datetime.fromisoformat(CHANGE.at)


@pytest.fixture
def previous(tmp_path: Path) -> PreviousList:
    return PreviousList(tmp_path / ".briefing")


def test_what_was_begun_is_read_again(previous: PreviousList) -> None:
    assert previous.read() is None
    previous.begin(CHANGE, CONTENT)
    assert previous.read() == CHANGE
    assert previous.contents(CHANGE) == CONTENT
    previous.finish(CHANGE)
    change = previous.read()
    assert change
    assert change.finished


def test_both_files_are_private(previous: PreviousList, tmp_path: Path) -> None:
    previous.begin(CHANGE, CONTENT)
    modes = {
        path.stat().st_mode & 0o777
        for path in (tmp_path / ".briefing").iterdir()
    }
    assert modes == {0o600}


def test_contents_of_another_change_are_not_used(
    previous: PreviousList, tmp_path: Path
) -> None:
    previous.begin(CHANGE, CONTENT)
    (tmp_path / ".briefing" / "previous-list").write_bytes(b"email\n")
    assert previous.contents(CHANGE) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"moves": [1]}', '{"moves": [], "at": "today"}']
)
def test_a_damaged_record_is_none(
    previous: PreviousList, tmp_path: Path, text: str
) -> None:
    previous.begin(CHANGE, CONTENT)
    (tmp_path / ".briefing" / "list-change.json").write_text(text)
    assert previous.read() is None


def test_it_is_deleted_after_a_week(
    previous: PreviousList, tmp_path: Path
) -> None:
    previous.begin(CHANGE, CONTENT)
    previous.forget_old(THEN + 8 * DAY)
    # It isn't finished yet.
    assert previous.read() == CHANGE
    previous.finish(CHANGE)
    previous.forget_old(THEN + 7 * DAY)
    assert previous.read()
    previous.forget_old(THEN + 8 * DAY)
    assert not list((tmp_path / ".briefing").iterdir())
