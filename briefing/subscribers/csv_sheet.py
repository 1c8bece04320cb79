"""A CSV file as rows of cells, found out from its bytes: encoding, delimiter, lines and quotes.

`csv_file` describes the files that are read. Nothing is trusted until all of it was read.
"""

# Not pandas or a database's importer: they guess, skip broken rows or fill in values silently.
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from briefing.decoding import text_file_codec
from briefing.errors import SubscribersError

from .csv_cells import find_cells
from .csv_columns import Columns, find_columns

Plain = TypeVar("Plain")

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 1_000_000

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class Record(NamedTuple):
    """A row that isn't empty."""

    line: int
    """The line that it begins on, 1-based."""
    end: int
    """The line that it ends on."""
    cells: list[str]


def read_sheet(
    path: Path, data: bytes, *, checked: bool = True
) -> "tuple[Sheet, Columns]":
    """Return the sheet in `data`, the bytes of the file at `path`, with its columns.

    Raises SubscribersError if it can't be trusted as a whole; unless `checked`, `records` raises it
    for most mistakes.
    """
    opened = _open_sheet(Sheet(path, data, _codec(path, data)))
    if checked:
        sheet, _ = opened
        # Reads to the end of the file, for errors on the way.
        deque(sheet.records(), maxlen=0)
    return opened


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


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A file as rows of cells; it can be read repeatedly."""

    path: Path
    data: bytes
    codec: str
    delimiter: str = ","
    skip: int = 0
    """Lines to skip before the heading row: Excel's `sep=`."""
    width: int = 0
    """The number of columns, as in Columns.width; 0 while unknown."""

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
                    "this line is too long for a list of subscribers", number
                )
            yield line

    def records(self) -> Iterator[Record]:
        """Yield the rows that aren't empty; the first one has the headings. Raises what `rows` does."""
        return self.rows(lambda _line, _text: None)

    def rows(
        self, read_plain: Callable[[int, str], Plain | None]
    ) -> Iterator[Record | Plain]:
        """Yield what `read_plain` makes of a line, given its number and its text, and all rows for which
        it returns None, as records; without those that are empty.

        Raises SubscribersError at a quote that isn't closed where its cell ends. If another row's
        quote closes it, the rows between are swallowed by a cell, which is an error as well.
        """
        lines = self.lines()
        # The first line of a record; the csv module takes others from `lines` as the quotes require.
        first: list[str] = []
        reader = csv.reader(
            iter(lambda: first.pop() if first else next(lines, ""), ""),
            delimiter=self.delimiter,
            strict=True,
            skipinitialspace=True,
        )
        end = self.skip
        for text in lines:
            line = end + 1
            if plain := read_plain(line, text):
                end = line
                yield plain
                continue
            before = reader.line_num
            first.append(text)
            try:
                cells = next(reader)
            except csv.Error:
                cells = None
            end += reader.line_num - before
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
        is_between = 0 < self.width < len(cells) and addresses > 1
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


def _find_unclosed_cell(text: str, delimiter: str) -> int | None:
    """Return where in the `text` of a row the cell with unbalanced quotes begins; None if there is
    none.
    """
    # The csv module doesn't say where it failed.
    start = 0
    for cell in find_cells(text, delimiter):
        start = cell.start()
        after = text[cell.end() : cell.end() + 1]
        if after != delimiter:
            return start if after.strip("\r\n") else None
        start = cell.end() + 1
    return start


def _open_sheet(sheet: Sheet) -> tuple[Sheet, Columns]:
    """Return the sheet read with the delimiter that gives its heading row an address column."""
    delimiters: Sequence[str] = DELIMITERS
    separator_line = _SEPARATOR_LINE.fullmatch(next(sheet.lines(), ""))
    if separator_line:
        delimiters = separator_line[1]
        if delimiters not in DELIMITERS:
            raise sheet.error(
                "sep= must be followed by a comma, a semicolon or a tab", 1
            )
        sheet = replace(sheet, skip=1)
    headings = next(filter(str.strip, sheet.lines()), None)
    if headings is None:
        raise sheet.error(
            "is empty; name the columns in the first row, such as email,name,lang"
        )
    errors: list[SubscribersError] = []
    # The most frequent one first. Statistical guessing picks a letter if there is only one column.
    for delimiter in sorted(delimiters, key=headings.count, reverse=True):
        try:
            return _with_columns(replace(sheet, delimiter=delimiter))
        except SubscribersError as error:
            errors.append(error)
    raise errors[0]


def _with_columns(sheet: Sheet) -> tuple[Sheet, Columns]:
    first = next(sheet.records(), Record(1, 1, []))
    try:
        columns = find_columns(first.cells)
    except ValueError as error:
        message = str(error)
    else:
        return replace(sheet, width=columns.width), columns
    raise sheet.error(message, first.line)
