"""The files in which syncs keep what they must remember: CSV with a heading, without addresses."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from briefing.errors import FileError
from briefing.storage import files

T = TypeVar("T")

_DAMAGED = "restore it from a backup, or delete it"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file with a line for each entry."""

    path: Path
    heading: Sequence[str]
    meaning: str
    """What a line says, for messages: `a token, a day and a state`."""

    def read(self, parse: Callable[[Sequence[str]], T]) -> list[T]:
        """Return what `parse` makes of the cells of each line; it raises ValueError for a line that is
        wrong. Without a file there are none.

        Raises FileError, with the line.
        """
        try:
            text = files.read(self.path).decode()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            message = f"can't be read as text; {_DAMAGED}"
            raise FileError(self.path, message) from error
        rows = csv.reader(io.StringIO(text, newline=""))
        entries = []
        try:
            if next(rows, []) != list(self.heading):
                message = (
                    f"must begin with {','.join(self.heading)}; {_DAMAGED}"
                )
                raise FileError(self.path, message, line=1)
            for row in rows:
                entries.append(parse(row))
        except (ValueError, csv.Error) as error:
            message = f"isn't {self.meaning}; delete the line"
            raise FileError(self.path, message, line=rows.line_num) from error
        return entries

    def write(self, rows: Iterable[Iterable[object]]) -> None:
        """Replace the file. Raises BriefingError."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.heading)
        writer.writerows(rows)
        files.write_private(self.path, text.getvalue().encode())
