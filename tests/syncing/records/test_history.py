"""Past syncs, and what is unusual beside them."""

import datetime as dt
from pathlib import Path

import pytest

from briefing.errors import FileError
from briefing.syncing.records.history import KEPT, History, PastSync, is_unusual

TODAY = dt.date(2020, 10, 9)


@pytest.mark.parametrize(
    ("number", "past", "readers", "expected"),
    [
        (20, [], 10, False),
        (21, [], 10, True),
        # Two per cent of a long list.
        (100, [], 5000, False),
        (101, [], 5000, True),
        # Three times the most of past syncs.
        (30, [0, 10, 2], 10, False),
        (31, [0, 10, 2], 10, True),
        (21, [0, 0], 5000, True),
        # Only the last ten syncs count.
        (31, [500, *[10] * 10], 10, True),
    ],
)
def test_unusual_is_far_more_than_before(
    number: int, past: list[int], readers: int, expected: bool
) -> None:
    assert is_unusual(number, past, readers) is expected


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "syncs.csv"
    assert History(path).last_day is None
    history = History(path)
    history.add(PastSync(TODAY, left=3, complaints=1))
    history.add(PastSync(TODAY + dt.timedelta(days=7), dead=2, links=1))
    assert History(path).syncs == history.syncs
    assert History(path).last_day == TODAY + dt.timedelta(days=7)


def test_it_does_not_grow_for_ever(tmp_path: Path) -> None:
    history = History(tmp_path / "syncs.csv")
    history.syncs = [PastSync(TODAY)] * KEPT
    history.add(PastSync(TODAY, left=1))
    assert len(history.syncs) == KEPT
    assert history.syncs[-1].left == 1


HEADING = "day,left,complaints,dead,joined,changed,links\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("day\n", 1),
        (f"{HEADING}2020-10-09,1\n", 2),
        (f"{HEADING}2020-10-09,1,1,1,1,1,x\n", 2),
        (f"{HEADING}someday,1,1,1,1,1,1\n", 2),
    ],
)
def test_damage_is_reported_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    path = tmp_path / "syncs.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(FileError) as caught:
        History(path)
    assert caught.value.line == line
