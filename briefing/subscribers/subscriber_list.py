"""Read a list from a CSV file, as spreadsheets, web forms and people write it.

Columns are found by their headings, in any order and in upper or lower case: the address (`email`),
`name`, `lang`, or their synonyms in English, German, Turkish, Uyghur and Chinese (see
`csv_columns`). First and last names in two columns are joined. All other columns are kept. Next to
the plain heading, a synonym is just another column; two synonyms are refused.

- UTF-8 and UTF-16 with a byte-order mark, UTF-8 without one, otherwise Windows-1252.
- Separated by commas, semicolons or tabs, as the heading row is; Excel's `sep=;` may precede it.
- Lines end with CR, LF or both. Cells in quotes may contain line ends, but no address then (see `records`).
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
from typing import NamedTuple

from briefing.errors import NotFoundError, SubscribersError, display_path
from briefing.storage import files
from briefing.text.decoding import text_file_codec

from .csv_columns import NO_COLUMNS, Columns, find_columns, read_row
from .subscriber import Subscriber

NEW_LIST = b"email,name,lang\n"
"""What a new list contains."""
DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 1_000_000

_OPEN_FILES = (Path("/dev/fd"), Path("/proc/self/fd"))
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row without a usable address or language: the line it begins on, and a reason that quotes
    nothing.
    """

    line: int
    reason: str


class Record(NamedTuple):
    """A row that isn't empty."""

    line: int
    """The line that it begins on, 1-based."""
    cells: list[str]


@dataclass(frozen=True, slots=True, repr=False)
class SubscriberList:
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
        """What messages call the list."""
        return display_path(self.path)

    @property
    def headings(self) -> Sequence[str]:
        """The columns besides address, name and language, in lower case."""
        return [heading for _, heading in self.columns.others]

    def rows(self) -> Iterator[Subscriber | BadRow]:
        """Yield all rows, on every call. Empty rows are skipped; a reader may appear twice."""
        for row in islice(self.records(), 1, None):
            try:
                yield read_row(row.line, row.cells, self.columns)
            except ValueError as error:
                yield BadRow(row.line, str(error))

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
            # Not raised inside the handler: the traceback would hold a part of the file.
            if cells is None:
                raise self.error(
                    "a quote opens here and isn't closed where its cell ends (or a cell is longer than "
                    f"{csv.field_size_limit():,} characters); close it, or write it twice if it belongs to the text",
                    line,
                )
            end = self.skip + reader.line_num
            if end > line:
                self._refuse_swallowed_rows(line, cells)
            if "".join(cells).strip():
                yield Record(line, cells)

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


def open_list(path: Path, *, checked: bool = True) -> SubscriberList:
    """Read the list at `path`.

    Raises SubscribersError if the file as a whole can't be trusted, NotFoundError if it doesn't
    exist. Unless `checked`, `rows` raises SubscribersError when it reaches most mistakes: for callers that
    trust no row until they have read the last one.
    """
    # Read once, since a pipe can't be read twice, and the rows that are counted must be those that
    # are mailed.
    return parse_list(path, _read_bytes(path), checked=checked)


def parse_list(
    path: Path, data: bytes, *, checked: bool = True
) -> SubscriberList:
    """Return the list in `data`, the bytes of the file at `path`. `checked` and errors as for `open_list`."""
    opened = _with_delimiter(SubscriberList(path, data, _codec(path, data)))
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


def _with_delimiter(opened: SubscriberList) -> SubscriberList:
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


def _with_columns(opened: SubscriberList) -> SubscriberList:
    first = next(opened.records(), Record(1, []))
    try:
        columns = find_columns(first.cells)
    except ValueError as error:
        message = str(error)
    else:
        return replace(opened, columns=columns)
    # Not raised inside the handler: the traceback would hold the file's first row.
    raise opened.error(message, first.line)


def usable_rows(subscribers: SubscriberList) -> Iterator[Subscriber]:
    """Yield the rows that have a usable address and language, in the order of the list."""
    for row in subscribers.rows():
        if isinstance(row, Subscriber):
            yield row


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose reader is on the list already: the lines that this row and the first one begin
    on.
    """

    line: int
    first: int


@dataclass(frozen=True, slots=True)
class Readers:
    """All readers of a list, each once, and the rows that were skipped."""

    subscribers: tuple[Subscriber, ...]
    bad_rows: tuple[BadRow, ...]
    duplicates: tuple[Duplicate, ...]


def read_all(subscribers: SubscriberList) -> Readers:
    """Return each reader of the list once; the first row of a reader wins."""
    first_rows: dict[str, Subscriber] = {}
    bad_rows: list[BadRow] = []
    duplicates: list[Duplicate] = []
    for row in subscribers.rows():
        if isinstance(row, BadRow):
            bad_rows.append(row)
            continue
        first = first_rows.setdefault(row.identity, row)
        if first is not row:
            duplicates.append(Duplicate(row.line, first.line))
    return Readers(
        tuple(first_rows.values()), tuple(bad_rows), tuple(duplicates)
    )
