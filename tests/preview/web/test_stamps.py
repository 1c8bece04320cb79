"""Noticing which files have changed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.preview.web.stamps import Stamp, stamp


def now(folder: Path) -> Stamp:
    return stamp([folder, folder / "missing"])


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_text("longer"),
        lambda path: os.utime(path, (1, 1)),
        lambda path: path.rename(path.with_name("b")),
        lambda path: path.unlink(),
        lambda path: path.with_name("new").touch(),
    ],
)
def test_every_change_of_a_file_gives_another_stamp(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    (tmp_path / "a").write_text("text")
    before = now(tmp_path)
    assert now(tmp_path) == before
    change(tmp_path / "a")
    assert now(tmp_path) != before


def test_files_that_are_left_out_and_folders_below_make_no_difference(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").write_text("text")
    before = stamp([tmp_path], without=frozenset({tmp_path / "issue.md"}))
    (tmp_path / "issue.md").write_text("text")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b").touch()
    after = stamp([tmp_path], without=frozenset({tmp_path / "issue.md"}))
    assert after == before
