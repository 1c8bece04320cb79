"""What is remembered is read again; a damaged file is named with what to do."""

import stat
from pathlib import Path

import pytest

from briefing.errors import FileError
from briefing.storage import json_file


def read(path: Path) -> int | None:
    return json_file.read(path, lambda kept: int(kept["last"]), "delete it")


def test_what_is_written_is_read_again_and_private(tmp_path: Path) -> None:
    path = tmp_path / ".briefing" / "position.json"
    assert read(path) is None
    json_file.write_private(path, {"last": 7})
    assert read(path) == 7
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"7",
        b"null",
        b"{}",
        b'{"last": "x"}',
        b'{"last": []}',
        b"[" * 100_000,
    ],
)
def test_damage_is_reported(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "position.json"
    path.write_bytes(data)
    with pytest.raises(FileError, match=r"position\.json: delete it"):
        read(path)
