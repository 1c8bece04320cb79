"""Records are read as they were written; damage is reported with its line."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from briefing.errors import FileError
from briefing.syncing.records.record_file import RecordFile


def record(folder: Path) -> RecordFile:
    path = folder / "private" / "record.csv"
    return RecordFile(path, ("word", "number"), "a word and a number")


def parse(row: Sequence[str]) -> tuple[str, int]:
    word, number = row
    return word, int(number)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert record(tmp_path).read(parse) == []
    rows = [("a, b", 1), ("ç", 2)]
    record(tmp_path).write(rows)
    assert record(tmp_path).read(parse) == rows


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"number,word\na,1\n", 1),
        (b"word,number\na,x\n", 2),
        (b"word,number\na,1\nb\n", 3),
        (b"word,number\na,1\n" + b"b" * 200_000 + b",1\n", 3),
        (b"\xff\xfe\0", None),
    ],
)
def test_damage_is_reported(
    tmp_path: Path, data: bytes, line: int | None
) -> None:
    record(tmp_path).write([])
    record(tmp_path).path.write_bytes(data)
    with pytest.raises(FileError, match="delete") as caught:
        record(tmp_path).read(parse)
    assert caught.value.line == line
