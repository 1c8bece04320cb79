"""Lists of subscribers in every kind of file that is read."""

import csv
import io
from pathlib import Path

from briefing.errors import BriefingError
from briefing.subscribers.subscriber_list import Readers, open_list, read_all

ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le+bom",
    "utf-16-be+bom",
    "cp1252",
]
DELIMITERS = [",", ";", "\t"]
LINE_ENDS = ["\n", "\r\n", "\r"]


def encoded(text: str, encoding: str) -> bytes:
    """The text in an encoding; `+bom` puts a byte-order mark before it that the codec doesn't write
    by itself.
    """
    codec, _, mark = encoding.partition("+")
    return (("\ufeff" if mark else "") + text).encode(codec)


def written(rows: list[list[str]], delimiter: str, line_end: str) -> str:
    """The rows as a spreadsheet writes them."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(
        rows
    )
    return file.getvalue()


def read(path: Path) -> Readers:
    """Read a whole CSV list."""
    return read_all(open_list(path))


def read_or_error(path: Path) -> Readers | BriefingError:
    """Read a whole CSV list, or return why it is refused; any other error fails the test."""
    try:
        return read(path)
    except BriefingError as error:
        return error
