"""Whether another program has a file open for writing, where the system can say so."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.storage.open_files import is_open_for_writing

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux can say so"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "issue.md"
    path.write_text("text", "utf-8")
    return path


@contextmanager
def other_program(path: Path, mode: str) -> Iterator[None]:
    """Let another program have a file open."""
    program = (
        "import sys; file = open(sys.argv[1], sys.argv[2]); print(); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()
    try:
        yield
    finally:
        process.communicate(b"\n")


@pytest.mark.parametrize("mode", ["w", "a", "r+"])
def test_a_file_is_being_written(path: Path, mode: str) -> None:
    with other_program(path, mode):
        assert is_open_for_writing(path)
    assert not is_open_for_writing(path)


def test_who_reads_a_file_does_not_write_it(path: Path) -> None:
    with other_program(path, "r"):
        assert not is_open_for_writing(path)


def test_the_answer_holds_nobody_up(path: Path) -> None:
    assert not is_open_for_writing(path)
    with other_program(path, "w"):
        pass
    assert path.read_text("utf-8") == ""


def test_a_file_system_without_leases_does_not_say_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("fcntl.F_SETLEASE")
    with other_program(path, "w"):
        assert not is_open_for_writing(path)


def test_a_missing_file_is_an_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        is_open_for_writing(path.with_name("other.md"))
