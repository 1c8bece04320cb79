"""Join the cells of a page's tables: those of a row of data, of a form with labels, and of a source line."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from briefing.collecting.documents.page_blocks import (
    TOP,
    PageBlock,
    TableCell,
    TableRow,
    merged,
)
from briefing.collecting.text.written_dates import find_dates

_LONGEST_LABEL = 30
_LONGEST_BESIDE = 60
"""Characters of cells that are read as one line."""


def with_rows(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Join the cells of each row of a table of data into one block, and the cells of a source line into a line."""
    blocks = list(_with_forms(blocks))
    data = _data_tables(blocks)
    for _, group in groupby(blocks, key=_row_of):
        row = list(group)
        if _table_of(row[0]) in data:
            yield _as_row(row)
        elif _is_one_line(row):
            yield _as_line(row)
        else:
            yield from row


def _row_of(block: PageBlock) -> TableRow | None:
    return block.place.cell.row if block.place.cell else None


def _is_one_line(row: Sequence[PageBlock]) -> bool:
    """Whether the cells of a row are a few words each, with a date: a source line."""
    cells = {block.place.cell for block in row}
    is_beside = 1 < len(cells) == len(row)
    if not is_beside:
        return False
    are_words = all(
        len(block.lines) == 1
        and not (block.links or block.pictures or block.place.level)
        for block in row
    )
    words = [line for block in row for line in block.lines]
    is_short = sum(map(len, words)) <= _LONGEST_BESIDE
    if not are_words or not is_short:
        return False
    return any(find_dates(line, None) for line in words)


def _as_line(row: Sequence[PageBlock]) -> PageBlock:
    line = merged(row)
    line.lines = [" | ".join(line.lines)]
    line.emphases = [()]
    line.strong.clear()
    return line


def _with_forms(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """Make each table with a label in front of every row ("Source:") lines of one block."""
    for _, group in groupby(blocks, key=_table_of):
        table = list(group)
        rows = list(_rows_of(table))
        if len(rows) > 1 and all(map(_is_labelled, rows)):
            yield merged([_with_label(row) for row in rows])
        else:
            yield from table


def _table_of(block: PageBlock) -> object:
    return block.place.cell.table if block.place.cell else None


def _rows_of(table: Iterable[PageBlock]) -> Iterator[list[PageBlock]]:
    """The blocks of each row of a table; none outside of tables."""
    in_cells = (block for block in table if block.place.cell)
    for _, row in groupby(in_cells, key=_row_of):
        yield list(row)


def _is_labelled(row: Sequence[PageBlock]) -> bool:
    """Whether a row has a label in its first cell, and the rest in the second."""
    label = "".join(row[0].lines)
    numbers = [_cell(block).number for block in row]
    is_label = len(label) <= _LONGEST_LABEL and label.endswith((":", "："))
    return is_label and numbers.count(0) == 1 and max(numbers) == 1


def _with_label(row: Sequence[PageBlock]) -> PageBlock:
    """Join a row, with the label in front of the first line; what has none is only a picture."""
    count = len(row[0].lines) + 1
    line = merged(row)
    line.lines[:count] = [" ".join(line.lines[:count])]
    line.emphases[:count] = [()]
    line.strong.clear()
    line.place = TOP
    return line


def _cell(block: PageBlock) -> TableCell:
    assert block.place.cell, "only cells are collected"
    return block.place.cell


def _as_row(blocks: Sequence[PageBlock]) -> PageBlock:
    cells = [_cell(block).number for block in blocks for _ in block.lines]
    row = merged(blocks)
    row.cells = cells
    return row


def _data_tables(blocks: Iterable[PageBlock]) -> set[object]:
    """Return the tables with at least three rows, which all seem to be data."""
    tables: dict[object, dict[TableRow, list[PageBlock]]] = {}
    for block in blocks:
        cell = block.place.cell
        if cell and block.lines:
            rows = tables.setdefault(cell.table, {})
            rows.setdefault(cell.row, []).append(block)
    return {
        table
        for table, rows in tables.items()
        if len(rows) >= 3 and all(map(_is_data, rows.values()))
    }


def _is_data(row: Sequence[PageBlock]) -> bool:
    """Whether a row has two to eight cells, not in different cards."""
    cells = {_cell(block).number for block in row}
    cards = {block.card for block in row}
    return 2 <= len(cells) <= 8 and len(cards) == 1
