"""Change rows of a CSV list. Its encoding and byte-order mark, its delimiter and line ends, and the order of
rows and columns stay; quotes are written where cells need them, and empty lines go.

No I/O. The result is read again and compared with what was meant, before it is saved.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from briefing.errors import RefusedError, SubscribersError

from .csv_columns import (
    escape_formula,
    find_column,
    row_address,
)
from .reader_changes import Add, Move, ReaderChange, Set
from .subscriber import identity_of
from .subscriber_list import Record, SubscriberList, parse_list

_AS_UTF_8 = "save it as “CSV UTF-8”, then run the command again; the list wasn't changed"


def changed_list(
    before: SubscriberList, changes: Sequence[ReaderChange]
) -> SubscriberList:
    """Return a list after these changes. They name readers as they are before all of them; the address
    of a new reader, or a new address, must not be on the list yet.

    Raises RefusedError if the list's encoding lacks a letter, or if anything else would be read differently.
    """
    rows = _Edit(before, changes).rows()
    data = _encoded(before, rows)
    try:
        after = parse_list(before.path, data)
    except SubscribersError:
        after = None
    if after is None or [row.cells for row in after.records()] != rows:
        raise RefusedError(
            f"{before.name}: its encoding is unclear, and a change would damage other rows; {_AS_UTF_8}"
        )
    return after


def _encoded(before: SubscriberList, rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as the file would have them. Raises RefusedError if its encoding lacks a letter."""
    first = next(replace(before, skip=0).lines())
    line_end = first[len(first.rstrip("\r\n")) :] or "\n"
    edited = io.StringIO(newline="")
    if before.skip:  # Excel's `sep=` line
        edited.write(first)
    # Readers of CSV drop a space before a cell without quotes, and Python before 3.13 puts quotes only around
    # line ends like those of the rows.
    bare = set("\r\n") - set(line_end)
    needs_quotes = any(
        cell[:1] == " " or not bare.isdisjoint(cell)
        for row in rows
        for cell in row
    )
    csv.writer(
        edited,
        delimiter=before.delimiter,
        lineterminator=line_end,
        quoting=csv.QUOTE_ALL if needs_quotes else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    # An error would carry the whole list into a traceback.
    data = _encode(edited.getvalue(), before)
    if data is None:
        raise RefusedError(
            f"{before.name} is saved in Windows-1252, which lacks letters that are to be written; {_AS_UTF_8}"
        )
    return data


def _encode(text: str, before: SubscriberList) -> bytes | None:
    """Return a text in the encoding of a list; None if that lacks a letter."""
    codec = before.codec
    if codec == "utf-8-sig" and not before.data.startswith(codecs.BOM_UTF8):
        codec = "utf-8"
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


class _Edit:
    """What changes mean for the rows of a list."""

    def __init__(
        self, before: SubscriberList, changes: Sequence[ReaderChange]
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

    def _identity(self, record: Record) -> str:
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
