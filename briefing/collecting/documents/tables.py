"""Join the cells of a page's tables: those of a row of data, of a form with labels, and of a source line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, filterfalse, groupby

from briefing.collecting.brief.lines.fields import field_named
from briefing.collecting.brief.lines.sentences import ends_with_colon
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import find_dates

from .page_blocks import TOP, PageBlock, PageBlocks, TableCell, TableRow, merged

LabelledRow = tuple[str, PageBlocks]
"""A row of a table, and the label in its first cell; "" if it has none."""

_LONGEST_LABEL = 30
_LEAST_LABELLED = 2
"""Rows of a form."""
_LEAST_ROWS = 3
"""Rows of a table of data."""
_LONGEST_BESIDE = 60
"""Characters of cells that are read as one line, or of the title of rows."""


def with_rows(blocks: PageBlocks) -> Iterator[PageBlock]:
    """Join the cells of each row of a table of data into one block, and the cells of a source line into a line."""
    blocks = list(_with_forms(blocks))
    data = _data_tables(blocks)
    for _, group in groupby(blocks, key=_row_of):
        row = list(group)
        if _table_of(row[0]) in data and not _is_title(row):
            yield _as_row(row)
        elif _is_one_line(row):
            yield _as_line(row)
        else:
            yield from row


def _row_of(block: PageBlock) -> TableRow | None:
    return block.place.cell.row if block.place.cell else None


def _is_one_line(row: PageBlocks) -> bool:
    """Whether the cells of a row are a few words each, with a date: a source line."""
    cells = {block.place.cell for block in row}
    is_beside = 1 < len(cells) == len(row)
    if not is_beside:
        return False
    if not all(map(_is_plain_line, row)):
        return False
    words = [block.lines[0] for block in row]
    is_short = sum(map(len, words)) <= _LONGEST_BESIDE
    return is_short and any(find_dates(line, None) for line in words)


def _is_plain_line(block: PageBlock) -> bool:
    """Whether a block is a line of words without links, and no heading."""
    return len(block.lines) == 1 and block.is_only_words


def _as_line(row: PageBlocks) -> PageBlock:
    line = merged(row)
    line.lines = [" | ".join(line.lines)]
    line.emphases = [()]
    line.strong.clear()
    return line


def _with_forms(blocks: PageBlocks) -> Iterator[PageBlock]:
    """Make each form, a table with a label before every row ("Source:"), lines of one block."""
    tables = [list(table) for _, table in groupby(blocks, key=_table_of)]
    labels = _labels_in(tables)
    for table in tables:
        rows = [(_label_in(row, labels), row) for row in _rows_of(table)]
        if _is_form(rows):
            yield from map(merged, _entries(rows))
        else:
            yield from table


def _table_of(block: PageBlock) -> object:
    return block.place.cell.table if block.place.cell else None


def _rows_of(table: PageBlocks) -> Iterator[PageBlocks]:
    """The blocks of each row of a table; none outside of tables."""
    in_cells = (block for block in table if block.place.cell)
    for _, row in groupby(in_cells, key=_row_of):
        yield list(row)


def _labels_in(tables: Iterable[PageBlocks]) -> set[str]:
    """Return what may be a label without a colon, folded: it is before several rows, or names a field."""
    rows = chain.from_iterable(map(_rows_of, tables))
    count = Counter(map(_words_in_first_cell, rows))
    return {
        label
        for label, times in count.items()
        if label and (times > 1 or field_named(label))
    }


def _words_in_first_cell(row: PageBlocks) -> str:
    """Return the only words in the first cell of a row, folded; "" if they are too long, or the row has more than two
    cells.
    """
    numbers = [_cell(block).number for block in row]
    label = "".join(row[0].lines)
    is_beside = numbers.count(0) == 1 and max(numbers) <= 1
    is_short = len(label) <= _LONGEST_LABEL and not row[0].links
    return fold(label) if is_beside and is_short else ""


def _label_in(row: PageBlocks, labels: Set[str]) -> str:
    """Return the label in the first cell of a row, which has the rest, if any, in the second; "" if it has none."""
    label = _words_in_first_cell(row)
    is_label = label in labels or (len(row) > 1 and ends_with_colon(label))
    return label if is_label else ""


def _is_form(rows: Sequence[LabelledRow]) -> bool:
    """Whether all rows of a table have a label, but for headlines above them. Without colons, several must name
    fields.
    """
    all_labels = [label for label, _ in rows]
    found = list(filter(None, all_labels))
    if len(found) < _LEAST_LABELLED:
        return False
    have_colons = any(ends_with_colon(label) for label in found)
    fields = set(map(field_named, found)) - {""}
    if not have_colons and len(fields) < 2:
        return False
    belows = [*all_labels[1:], ""]
    return all(
        label or (below and _is_alone(row))
        for (label, row), below in zip(rows, belows, strict=True)
    )


def _is_alone(row: PageBlocks) -> bool:
    """Whether a row has only one block, which is in its first cell."""
    return len(row) == 1 and _cell(row[0]).number == 0


def _entries(rows: Iterable[LabelledRow]) -> Iterator[PageBlocks]:
    """Yield the rows of a form as lines, those of each entry together: the next one begins with the same label again,
    or with a headline.
    """
    entry: list[PageBlock] = []
    known: set[str] = set()
    for label, row in rows:
        if entry and (not label or label in known):
            yield entry
            entry = []
            known = set()
        known.add(label)
        entry.append(_with_label(row) if label else _as_headline(row[0]))
    yield entry


def _as_headline(block: PageBlock) -> PageBlock:
    block.strong |= set(range(len(block.lines)))
    block.place = TOP
    return block


def _with_label(row: PageBlocks) -> PageBlock:
    """Join a row, with the label before the first line; what has none is only a picture."""
    label, *values = row
    if not ends_with_colon(label.lines[-1]):
        label.lines[-1] += ":"
    count = len(label.lines) + 1
    line = merged([label, *values])
    line.lines[:count] = [" ".join(line.lines[:count])]
    line.emphases[:count] = [()]
    line.strong.clear()
    line.place = TOP
    return line


def _cell(block: PageBlock) -> TableCell:
    assert block.place.cell, "only cells are collected"
    return block.place.cell


def _as_row(blocks: PageBlocks) -> PageBlock:
    cells = [_cell(block).number for block in blocks for _ in block.lines]
    row = merged(blocks)
    row.cells = cells
    return row


def _data_tables(blocks: PageBlocks) -> set[object]:
    """Return the tables with at least three rows, which all seem to be data, but for titles above some of them."""
    tables: dict[object, dict[TableRow, list[PageBlock]]] = {}
    for block in blocks:
        cell = block.place.cell
        if cell and block.lines:
            rows = tables.setdefault(cell.table, {})
            rows.setdefault(cell.row, []).append(block)
    return {
        table
        for table, rows in tables.items()
        if _are_data(list(rows.values()))
    }


def _are_data(rows: Sequence[PageBlocks]) -> bool:
    """Whether the rows of a table are at least three rows of data, with fewer titles above some of them."""
    own = list(filterfalse(_is_title, rows))
    if len(own) < _LEAST_ROWS:
        return False
    if len(rows) > 2 * len(own):
        return False
    return all(map(_is_data, own))


def _is_title(row: PageBlocks) -> bool:
    """Whether a row is a few words in one cell: the title of the rows below it."""
    block = row[0]
    if len(row) > 1:
        return False
    if not _is_plain_line(block):
        return False
    return len(block.lines[0]) <= _LONGEST_BESIDE


def _is_data(row: PageBlocks) -> bool:
    """Whether a row has two to eight cells, not in different cards."""
    cells = {_cell(block).number for block in row}
    cards = {block.card for block in row}
    return 2 <= len(cells) <= 8 and len(cards) == 1
