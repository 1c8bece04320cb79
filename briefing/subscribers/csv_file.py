"""Read a list from a CSV file, as spreadsheets, web forms and people write it.

Columns are found by their headings, in any order and in upper or lower case: the address (`email`),
`name`, `lang`, or their synonyms in English, German, Turkish, Uyghur and Chinese (see
`csv_columns`). First and last names in two columns are joined. All other columns are kept. Next to
the plain heading, a synonym is just another column; two synonyms are refused.

- UTF-8 and UTF-16 with a byte-order mark, UTF-8 without one, otherwise Windows-1252.
- Separated by commas, semicolons or tabs, as the heading row is; Excel's `sep=;` may precede it.
- Lines end with CR, LF or both. Cells in quotes may contain line ends, but no address then (see `Sheet.records`).
- An apostrophe before `=`, `+`, `-` or `@` at the start of a cell is removed: exports put it there, or a spreadsheet
  would take the cell for a formula. (`''=` loses one of its two, so that every exported text survives.)

The file is read once and checked to its end before the first row is trusted, so a broken one is
refused as a whole. No message repeats anything from the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import files
from briefing.errors import NotFoundError, SubscribersError, display_path

from .csv_columns import Columns, read_row
from .csv_sheet import Sheet, read_sheet
from .plain_rows import plain_reader
from .subscriber import Subscriber
from .subscriber_list import BadRow

if TYPE_CHECKING:
    from .list_change import Change

_OPEN_FILES = (Path("/dev/fd"), Path("/proc/self/fd"))


@dataclass(frozen=True, slots=True, repr=False)
class CsvList:
    """A CSV file that was read once. It holds the bytes of the file, not the readers."""

    _sheet: Sheet
    _columns: Columns

    @property
    def name(self) -> str:
        return display_path(self._sheet.path)

    @property
    def path(self) -> Path:
        return self._sheet.path

    @property
    def data(self) -> bytes:
        return self._sheet.data

    @property
    def headings(self) -> Sequence[str]:
        return [heading for _, heading in self._columns.others]

    def rows(self) -> Iterator[Subscriber | BadRow]:
        read_plain = plain_reader(self._columns, self._sheet.delimiter)
        for row in islice(self._sheet.rows(read_plain), 1, None):
            if isinstance(row, Subscriber):
                yield row
                continue
            try:
                yield read_row(row.line, row.cells, self._columns)
            except ValueError as error:
                yield BadRow(row.line, str(error))

    def changed(self, changes: "Sequence[Change]") -> "CsvList":
        """Return the list after these changes; see `csv_edit.changed_sheet`."""
        # A send only reads the list.
        from .csv_edit import changed_sheet  # noqa: PLC0415

        return CsvList(*changed_sheet(self._sheet, self._columns, changes))


def open_csv(path: Path, *, checked: bool = True) -> CsvList:
    """Read the CSV file at `path`; `checked` as in `formats.open_list`.

    Raises SubscribersError if the file as a whole can't be trusted, NotFoundError if it doesn't
    exist.
    """
    # Read once, since a pipe can't be read twice, and the rows that are counted must be those that
    # are mailed.
    data = _read_bytes(path)
    return CsvList(*read_sheet(path, data, checked=checked))


def parse_csv(path: Path, data: bytes) -> CsvList:
    """Return the list in the bytes of the file at `path`. Raises SubscribersError."""
    return CsvList(*read_sheet(path, data))


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SubscribersError(path, "is a folder; name the CSV file in it")
        # Shells name a program's output like this; another pipe could keep us waiting forever.
        is_output = path.parent in _OPEN_FILES
        return path.read_bytes() if is_output else files.read(path)
    except FileNotFoundError:
        raise NotFoundError(
            f"{display_path(path)}: there is no such list; 'briefing subscribers add --file -' starts one"
        ) from None
    except OSError as error:
        raise SubscribersError(
            path, f"can't be read ({error.strerror}); check its permissions"
        ) from None
