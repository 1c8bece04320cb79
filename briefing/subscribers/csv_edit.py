"""Change rows of a CSV list. Its encoding and byte-order mark, its delimiter and line ends, and the order of
rows and columns stay; quotes are written where cells need them, and empty lines go.

No I/O. The result is read again and compared with what was meant, before it is saved.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from briefing.errors import RefusedError, SubscribersError

from .csv_columns import (
    escape_formula,
    find_column,
    row_address,
)
from .reader_changes import Add, Move, ReaderChange, Set
from .subscriber import identity_of

if TYPE_CHECKING:
    from .csv_file import CsvList, Record

_AS_UTF_8 = "save it as “CSV UTF-8”, then run the command again; the list wasn't changed"
_UTF_16 = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def changed_list(
    before: "CsvList", changes: Sequence[ReaderChange]
) -> "CsvList":
    """Return a list after these changes. They name readers as they are before all of them; the address
    of a new reader, or a new address, must not be on the list yet.

    Raises RefusedError if the list's encoding lacks a letter, or if anything else would be read differently.
    """
    rows = _Edit(before, changes).rows()
    data = _encoded(before, rows)
    try:
        after = before.with_data(data)
    except SubscribersError:
        after = None
    if after is None or [row.cells for row in after.records()] != rows:
        raise RefusedError(
            f"{before.name}: its encoding is unclear, and a change would damage other rows; {_AS_UTF_8}"
        )
    return after


def _encoded(before: "CsvList", rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as the file would have them. Raises RefusedError if its encoding lacks a letter."""
    mark, codec = _encoding(before)
    above, heading = _first_lines(before)
    # Readers of CSV drop a space before a cell without quotes.
    begins_with_space = any(cell[:1] == " " for row in rows for cell in row)
    edited = io.StringIO(newline="")
    edited.write(above)
    csv.writer(
        edited,
        delimiter=before.delimiter,
        lineterminator=heading[len(heading.rstrip("\r\n")) :] or "\n",
        quoting=csv.QUOTE_ALL if begins_with_space else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    # An error would carry the whole list into a traceback.
    data = _encode(edited.getvalue(), codec)
    if data is None:
        raise RefusedError(
            f"{before.name} is saved in Windows-1252, which lacks letters that are to be written; {_AS_UTF_8}"
        )
    return mark + data


def _encode(text: str, codec: str) -> bytes | None:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


def _encoding(before: "CsvList") -> tuple[bytes, str]:
    """Return the byte-order mark of a list, if it has one, and the codec of what follows."""
    mark = before.data[:2]
    if before.codec == "utf-16":
        return mark, _UTF_16[mark]
    if before.codec == "cp1252":
        return b"", "cp1252"
    has_mark = before.data.startswith(codecs.BOM_UTF8)
    return codecs.BOM_UTF8 if has_mark else b"", "utf-8"


def _first_lines(before: "CsvList") -> tuple[str, str]:
    """Return Excel's `sep=` line, if there is one, and the row of headings."""
    above = "".join(islice(replace(before, skip=0).lines(), before.skip))
    return above, before.text_of(next(before.records()))


class _Edit:
    """What changes mean for the rows of a list."""

    def __init__(
        self, before: "CsvList", changes: Sequence[ReaderChange]
    ) -> None:
        self._changes = changes
        self._columns = before.columns
        self._records = list(before.records())
        self._start = max(len(record.cells) for record in self._records)
        """Where new columns begin, so that none of a row's surplus cells gets a heading."""
        wanted = dict.fromkeys(_columns_of(changes))
        self._new_columns = [each for each in wanted if not self._has(each)]
        self._moves: dict[str, Move] = {}
        self._sets: dict[str, list[Set]] = {}
        for change in changes:
            if isinstance(change, Move):
                self._moves[change.identity] = change
            elif isinstance(change, Set):
                self._sets.setdefault(change.identity, []).append(change)

    def rows(self) -> list[list[str]]:
        """Return the cells of all rows after the changes."""
        heading, *records = self._records
        new_headings = dict(enumerate(self._new_columns, self._start))
        rows = [_with_cells(heading.cells, new_headings)]
        for record in records:
            cells = self._cells_for(self._identity(record))
            rows.append(_with_cells(record.cells, cells))
        for change in self._changes:
            if isinstance(change, Add):
                rows.append(self._row_of(change))
        return rows

    def _identity(self, record: "Record") -> str:
        """Return the identity of the reader in a row; empty if it has no address."""
        try:
            return identity_of(row_address(record.cells, self._columns))
        except ValueError:
            return ""

    def _cells_for(self, identity: str) -> dict[int, str]:
        """Return what to write into a reader's row; of several rows, other cells than the address change
        in the first, which counts.
        """
        cells: dict[int, str] = {}
        if move := self._moves.get(identity):
            cells[self._columns.address] = escape_formula(move.address)
        for change in self._sets.pop(identity, ()):
            cells |= self._cells(change.column, change.value)
        return cells

    def _row_of(self, added: Add) -> list[str]:
        cells = {self._columns.address: escape_formula(added.address)}
        for column, value in added.columns.items():
            cells |= self._cells(column, value)
        return _with_cells([""] * self._columns.width, cells)

    def _cells(self, column: str, value: str) -> dict[int, str]:
        """Return what to write where, so that a reader has this value in a column."""
        if column == "name":
            # A list with first and last names has the whole name in one of the two columns; the other
            # one must be empty then, or it would be joined to it.
            first, *others = self._name_columns() or [self._index("name")]
            return {first: escape_formula(value), **dict.fromkeys(others, "")}
        index = find_column(column, self._columns)
        if index is None:
            index = self._index(column)
        return {index: escape_formula(value)}

    # Columns

    def _name_columns(self) -> list[int]:
        columns = self._columns
        found = (columns.name, columns.first, columns.last)
        return [index for index in found if index is not None]

    def _index(self, new_column: str) -> int:
        return self._start + self._new_columns.index(new_column)

    def _has(self, column: str) -> bool:
        if column == "name":
            return bool(self._name_columns())
        return find_column(column, self._columns) is not None


def _columns_of(changes: Sequence[ReaderChange]) -> Iterator[str]:
    """Yield the columns that changes write to, but for the address."""
    for change in changes:
        if isinstance(change, Set):
            yield change.column
        elif isinstance(change, Add):
            yield from change.columns


def _with_cells(row: Sequence[str], cells: Mapping[int, str]) -> list[str]:
    """Return a row with some cells replaced, or added after its end."""
    width = max([len(row), *(index + 1 for index in cells)])
    changed = [*row, *[""] * (width - len(row))]
    for index, text in cells.items():
        changed[index] = text
    return changed
