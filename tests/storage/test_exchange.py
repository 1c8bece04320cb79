"""Two files change places in one step, where the system can do that."""

import ctypes
import errno
from pathlib import Path

import pytest

from briefing.storage.exchange import exchange


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / "first"
    path.write_text("one", "utf-8")
    return path


def test_each_file_is_at_the_other_place(first: Path) -> None:
    second = first.with_name("second")
    second.write_text("two", "utf-8")
    inodes = first.stat().st_ino, second.stat().st_ino
    if not exchange(first, second):
        pytest.skip("this file system can't exchange files")
    assert first.read_text("utf-8") == "two"
    assert second.read_text("utf-8") == "one"
    assert (second.stat().st_ino, first.stat().st_ino) == inodes


def test_a_missing_file_is_an_error_and_nothing_is_changed(first: Path) -> None:
    missing = first.with_name("missing")
    for pair in ((first, missing), (missing, first)):
        with pytest.raises(FileNotFoundError):
            exchange(*pair)
    assert first.read_text("utf-8") == "one"
    assert not missing.exists()


def test_a_file_that_appears_right_afterwards_was_missing(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = first.with_name("missing")

    def fail_and_let_it_appear(_first: bytes, _second: bytes) -> int:
        missing.write_text("theirs", "utf-8")
        ctypes.set_errno(errno.ENOENT)
        return -1

    monkeypatch.setattr(
        "briefing.storage.exchange._system_function",
        lambda: fail_and_let_it_appear,
    )
    with pytest.raises(FileNotFoundError):
        exchange(first, missing)
