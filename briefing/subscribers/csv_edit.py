"""Change rows of a CSV list, and keep every other byte of the file: its encoding and byte-order mark,
delimiter, line ends and quotes, the order of rows and columns, and what only the editor understands.

No I/O. The result is read again and compared with what was meant, before it is saved.
"""

import codecs
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, TextIO

from briefing.errors import RefusedError, SubscribersError

from .csv_cells import Cells, are_all_quoted, replace_cells, write_row
from .csv_columns import Columns, escape_formula, read_row, row_address
from .csv_layout import Layout
from .reader_changes import Add, Move, ReaderChange, Set, new_identities
from .subscriber import Subscriber

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

    Raises RefusedError if that isn't so, if the list's encoding lacks a letter, or if a new column
    would change the meaning of another one.
    """
    mark, codec = _encoding(before)
    text = before.data[len(mark) :].decode(codec)
    edit = _Edit(before, changes)
    edited = io.StringIO(newline="")
    _rewrite(text, edit, edited)
    edit.require_all_found()
    if edit.added and not text.endswith(("\r", "\n")):
        edited.write(edit.line_end)
    for cells in edit.added:
        row = write_row(cells, before.delimiter, quote=edit.quotes_all)
        edited.write(row + edit.line_end)
    data = _encoded(edited.getvalue(), codec)
    if data is None:
        raise RefusedError(
            f"{before.name} is saved in Windows-1252, which lacks letters that are to be written; {_AS_UTF_8}"
        )
    changed = _read_as_meant(mark + data, edit)
    if changed is None:
        raise RefusedError(
            f"{before.name}: its encoding is unclear, and a change would damage other rows; {_AS_UTF_8}"
        )
    _require_usable(edit.added, changed.columns)
    return changed


def _require_usable(rows: Iterable[list[str]], columns: Columns) -> None:
    """Raise RefusedError if a new row would stop the next send."""
    for cells in rows:
        try:
            read_row(0, cells, columns)
        except ValueError as error:
            raise RefusedError(
                f"a new reader's row couldn't be used: {error}; nothing was changed"
            ) from None


def _encoding(before: "CsvList") -> tuple[bytes, str]:
    """Return the byte-order mark of a list, if it has one, and the codec of what follows."""
    mark = before.data[:2]
    if before.codec == "utf-16":
        return mark, _UTF_16[mark]
    if before.codec == "cp1252":
        return b"", "cp1252"
    has_mark = before.data.startswith(codecs.BOM_UTF8)
    return codecs.BOM_UTF8 if has_mark else b"", "utf-8"


def _encoded(text: str, codec: str) -> bytes | None:
    # An error would carry the whole list into a traceback.
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


def _rewrite(text: str, edit: "_Edit", edited: TextIO) -> None:
    """Copy a text, with the rows changed that the edit changes."""
    lines = io.StringIO(text, newline="")
    copied = 0
    for number, record in enumerate(edit.before.records()):
        edited.writelines(islice(lines, record.line - 1 - copied))
        row = "".join(islice(lines, record.end - record.line + 1))
        copied = record.end
        if cells := edit.cells_for(number, record):
            edit.written[number] = cells
            delimiter = edit.before.delimiter
            row = replace_cells(row, cells, delimiter, quote=edit.quotes_all)
        edited.write(row)
    edited.writelines(lines)


@dataclass
class _Edit:
    """What the changes mean for the rows of a list."""

    before: "CsvList"
    changes: Sequence[ReaderChange]
    written: dict[int, Cells] = field(default_factory=dict)
    """The cells that change, by the row's number; 0 is the row of headings."""

    def __post_init__(self) -> None:
        heading = next(self.before.records())
        row = self.before.text_of(heading)
        self.quotes_all = are_all_quoted(row, self.before.delimiter)
        """Whether the list has quotes around every cell; then new cells have them, too."""
        self.line_end = row[len(row.rstrip("\r\n")) :] or "\n"
        self._layout = Layout.extended(
            heading.cells,
            self.before.columns,
            _columns_of(self.changes),
            max(len(cells) for _, _, cells in self.before.records()),
        )
        self._new_headings = self._layout.headings()
        self._moves: dict[str, Move] = {}
        self._sets: dict[str, list[Set]] = {}
        self.added: list[list[str]] = []
        for change in self.changes:
            if isinstance(change, Move):
                self._moves[change.identity] = change
            elif isinstance(change, Set):
                self._sets.setdefault(change.identity, []).append(change)
            else:
                self.added.append(self._layout.row_of(change.subscriber))
        identities = new_identities(self.changes)
        self._new_identities = set(identities)
        if len(identities) > len(self._new_identities):
            raise RefusedError(
                "two readers would have the same address; nothing was changed"
            )
        self._unfound = {*self._moves, *self._sets}

    def cells_for(self, number: int, record: "Record") -> Cells:
        """Return the cells to write into the row of this number."""
        is_heading = number == 0
        return self._new_headings if is_heading else self._changed(record)

    def _changed(self, record: "Record") -> Cells:
        try:
            address = row_address(record.cells, self.before.columns)
        except ValueError:
            return {}
        identity = Subscriber(address).identity
        move = self._moves.get(identity)
        is_same = move is not None and move.new_identity == identity
        if identity in self._new_identities and not is_same:
            raise RefusedError(
                f"the list has a new address already, on line {record.line}; nothing was changed"
            )
        self._unfound.discard(identity)
        cells: dict[int, str] = {}
        if move:
            cells[self.before.columns.address] = escape_formula(move.address)
        for change in self._sets.pop(identity, ()):
            cells |= self._layout.cells_for(change.column, change.value)
        return cells

    def require_all_found(self) -> None:
        """Raise RefusedError unless every reader to change is on the list."""
        if self._unfound:
            raise RefusedError(
                "a reader to change isn't on the list; nothing was changed"
            )


def _columns_of(changes: Sequence[ReaderChange]) -> Iterator[str]:
    """Yield the columns that changes write to, but for the address."""
    for change in changes:
        if isinstance(change, Set):
            yield change.column
        elif isinstance(change, Add):
            yield from change.subscriber.values()


def _read_as_meant(data: bytes, edit: _Edit) -> "CsvList | None":
    """Return a changed list if its cells are the old ones with those that the edit has written."""
    try:
        after = edit.before.with_data(data)
    except SubscribersError:
        return None
    expected = _expected(edit)
    found = (cells for _, _, cells in after.records())
    pairs = zip_longest(expected, found)
    is_meant = all(cells == wanted for wanted, cells in pairs)
    return after if is_meant else None


def _expected(edit: _Edit) -> Iterator[list[str]]:
    for number, record in enumerate(edit.before.records()):
        written = edit.written.get(number, {})
        width = max([len(record.cells), *(index + 1 for index in written)])
        cells = record.cells + [""] * (width - len(record.cells))
        for index, text in written.items():
            cells[index] = text
        yield cells
    yield from edit.added
