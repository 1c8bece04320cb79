"""Read a list from a CSV file, as spreadsheets, web forms and people write it.

Columns are found by their headings, in any order and in upper or lower case: the address (`email`),
`name`, `lang`, or their synonyms in English, German, Turkish, Uyghur and Chinese (see
`csv_columns`). First and last names in two columns are joined. All other columns are kept. Next to
the plain heading, a synonym is just another column; two synonyms are refused.

- UTF-8 and UTF-16 with a byte-order mark, UTF-8 without one, otherwise Windows-1252.
- Separated by commas, semicolons or tabs, as the heading row is; Excel's `sep=;` may precede it.
- Lines end with CR, LF or both. Cells in quotes may contain line ends, but no address then (see `CsvList.records`).
- An apostrophe before `=`, `+`, `-` or `@` at the start of a cell is removed: exports put it there, or a spreadsheet
  would take the cell for a formula. (`''=` loses one of its two, so that every exported text survives.)

The file is read once and checked to its end before the first row is trusted, so a broken one is
refused as a whole. No message repeats anything from the file.

Python's csv module only divides rows into cells. It knows nothing about encodings, doesn't say where it
failed, and lets a forgotten quote swallow rows up to the next quote. All that is dealt with here.
"""

# Not pandas or a database's importer: they guess, skip broken rows or fill in values silently.
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from briefing.errors import NotFoundError, SubscribersError, display_path
from briefing.storage import files
from briefing.text.decoding import text_file_codec

from .csv_columns import NO_COLUMNS, Columns, find_columns, read_row
from .subscriber import Subscriber
from .subscriber_list import BadRow

if TYPE_CHECKING:
    from .reader_changes import ReaderChange

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 1_000_000

_OPEN_FILES = (Path("/dev/fd"), Path("/proc/self/fd"))
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class Record(NamedTuple):
    """A row that isn't empty."""

    line: int
    """The line that it begins on, 1-based."""
    end: int
    """The line that it ends on."""
    cells: list[str]


@dataclass(frozen=True, slots=True, repr=False)
class CsvList:
    """A CSV file that was read once. It holds the bytes of the file, not the readers."""

    path: Path
    data: bytes
    codec: str
    delimiter: str = ","
    skip: int = 0
    """Lines to skip before the heading row: Excel's `sep=`."""
    columns: Columns = NO_COLUMNS

    @property
    def name(self) -> str:
        return display_path(self.path)

    @property
    def headings(self) -> Sequence[str]:
        return [heading for _, heading in self.columns.others]

    def rows(self) -> Iterator[Subscriber | BadRow]:
        for row in islice(self.records(), 1, None):
            try:
                yield read_row(row.line, row.cells, self.columns)
            except ValueError as error:
                yield BadRow(row.line, str(error))

    def changed(self, changes: "Sequence[ReaderChange]") -> "CsvList":
        """Return the list after these changes; see `csv_edit.changed_list`."""
        # A send only reads the list.
        from .csv_edit import changed_list  # noqa: PLC0415

        return changed_list(self, changes)

    def with_data(self, data: bytes) -> "CsvList":
        """Return the list as it is with other data in its file. Raises what `parse_csv` does."""
        return parse_csv(self.path, data)

    def error(self, message: str, line: int | None = None) -> SubscribersError:
        return SubscribersError(self.path, message, line=line)

    def lines(self) -> Iterator[str]:
        """Yield the lines with their ends. Raises SubscribersError at one that is too long."""
        file = io.BytesIO(self.data)
        text = io.TextIOWrapper(file, encoding=self.codec, newline="")
        lines = islice(text, self.skip, None)
        for number, line in enumerate(lines, self.skip + 1):
            if len(line) > LONGEST_LINE:
                raise self.error(
                    "this line is too long for a subscriber list", number
                )
            yield line

    def records(self) -> Iterator[Record]:
        """Yield the rows that aren't empty; the first one has the headings.

        Raises SubscribersError at a quote that isn't closed where its cell ends. If another row's
        quote closes it, the rows between are swallowed by a cell, which is an error as well.
        """
        reader = csv.reader(
            self.lines(),
            delimiter=self.delimiter,
            strict=True,
            skipinitialspace=True,
        )
        end = self.skip
        while True:
            line = end + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = None
            end = self.skip + reader.line_num
            if cells is None:
                raise self._quote_error(line, end)
            if end > line:
                self._refuse_swallowed_rows(line, cells)
            if "".join(cells).strip():
                yield Record(line, end, cells)

    def text_of(self, record: Record) -> str:
        """Return the lines of a row."""
        first = record.line - self.skip - 1
        return "".join(islice(self.lines(), first, record.end - self.skip))

    def _refuse_swallowed_rows(self, line: int, cells: list[str]) -> None:
        """Raise if a cell of the row beginning on `line` spans several lines and contains other
        rows.

        Either it contains their addresses, or it is between two addresses and there are more cells
        than headings.
        """
        addresses = sum("@" in cell for cell in cells)
        is_between = 0 < self.columns.width < len(cells) and addresses > 1
        for cell in cells:
            if _count_line_ends(cell.strip()) and (is_between or "@" in cell):
                message = (
                    "a quote opens here and seems to swallow rows below it; "
                    "close it, or write its cell on one line"
                )
                raise self.error(message, line)
            line += _count_line_ends(cell)

    def _quote_error(self, line: int, end: int) -> SubscribersError:
        """Return the error for the row beginning on `line` that the csv module couldn't read past
        line `end`.
        """
        text = self.text_of(Record(line, end, []))
        opening = _find_unclosed_cell(text, self.delimiter)
        if opening is None:
            return self.error(
                f"a cell is longer than {csv.field_size_limit():,} characters; shorten it",
                line,
            )
        message = (
            "a quote opens here and isn't closed where its cell ends; close it, or write it twice if it belongs "
            "to the text"
        )
        return self.error(message, line + _count_line_ends(text[:opening]))


def open_csv(path: Path, *, checked: bool = True) -> CsvList:
    """Read the CSV file at `path`; `checked` as in `formats.open_list`.

    Raises SubscribersError if the file as a whole can't be trusted, NotFoundError if it doesn't
    exist.
    """
    # Read once, since a pipe can't be read twice, and the rows that are counted must be those that
    # are mailed.
    return parse_csv(path, _read_bytes(path), checked=checked)


def parse_csv(path: Path, data: bytes, *, checked: bool = True) -> CsvList:
    """Return the list in `data`, the bytes of the file at `path`.

    Raises SubscribersError if it can't be trusted as a whole; unless `checked`, `records` raises it
    for most mistakes.
    """
    opened = _with_delimiter(CsvList(path, data, _codec(path, data)))
    if checked:
        # Reads to the end of the file, for errors on the way.
        deque(opened.records(), maxlen=0)
    return opened


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SubscribersError(
                path, "is a folder; choose the CSV file in it"
            )
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


def _codec(path: Path, data: bytes) -> str:
    """Return the name of the codec that decodes all of `data`; raise SubscribersError if none does."""
    if data.startswith(b"PK\x03\x04"):
        raise SubscribersError(
            path,
            "is a spreadsheet, not a CSV file; save it as “CSV UTF-8” and use that file",
        )
    codec = text_file_codec(data)
    try:
        before, nul, _ = data.decode(codec).partition("\0")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec, "replace")
        problem = "can't be decoded: its encoding is unknown, or the file mixes several"
    else:
        if not nul:
            return codec
        problem = "contains a NUL character, a sign of damage"
    # Not raised inside the handler: a UnicodeDecodeError carries the whole file into the traceback.
    raise SubscribersError(
        path,
        f"this line {problem}; save the list again as “CSV UTF-8”",
        line=1 + _count_line_ends(before),
    )


def _count_line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _find_unclosed_cell(text: str, delimiter: str) -> int | None:
    """Return where in the `text` of a row the cell with unbalanced quotes begins; None if there is
    none.
    """
    # The csv module doesn't say where it failed. Possessive quantifiers keep this linear on hostile input.
    balanced = re.compile(
        rf' *+(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^{delimiter}\r\n]*+)'
    )
    start = 0
    while cell := balanced.match(text, start):
        after = text[cell.end() : cell.end() + 1]
        if after != delimiter:
            return start if after.strip("\r\n") else None
        start = cell.end() + 1
    return start


def _with_delimiter(opened: CsvList) -> CsvList:
    """Return the list read with the delimiter that gives its heading row an address column."""
    delimiters: Sequence[str] = DELIMITERS
    separator_line = _SEPARATOR_LINE.fullmatch(next(opened.lines(), ""))
    if separator_line:
        delimiters = separator_line[1]
        if delimiters not in DELIMITERS:
            raise opened.error(
                "sep= must be followed by a comma, a semicolon or a tab", 1
            )
        opened = replace(opened, skip=1)
    headings = next(filter(str.strip, opened.lines()), None)
    if headings is None:
        raise opened.error(
            "is empty; name the columns in the first row, such as email,name,lang"
        )
    errors: list[SubscribersError] = []
    # The most frequent one first. Statistical guessing picks a letter if there is only one column.
    for delimiter in sorted(delimiters, key=headings.count, reverse=True):
        try:
            return _with_columns(replace(opened, delimiter=delimiter))
        except SubscribersError as error:
            errors.append(error)
    raise errors[0]


def _with_columns(opened: CsvList) -> CsvList:
    first = next(opened.records(), Record(1, 1, []))
    try:
        columns = find_columns(first.cells)
    except ValueError as error:
        message = str(error)
    else:
        return replace(opened, columns=columns)
    # Not raised inside the handler: the traceback would hold the file's first row.
    raise opened.error(message, first.line)
