"""Find the tables that are written as text: with tabs, with bars as in Markdown, and with delimited values (CSV)."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace

from briefing.collecting.brief.lines.fields import field_named
from briefing.collecting.brief.lines.visible import lines_with_links
from briefing.collecting.brief.paragraphs import Paragraph

_LEAST_CELLS = 3
_LEAST_ROWS = 3
_DELIMITERS = (";", ",")
_LEAST_FIELDS = 2
_DITTOS = frozenset({'"', "''", "“", "”", "″", "〃", "ditto", "do."})


def with_tables(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs whose lines are the rows of a table as such rows, the others as they are."""
    for paragraph in _with_fallen_cells(paragraphs):
        yield from _in_rows(paragraph)


def _in_rows(paragraph: Paragraph) -> Iterator[Paragraph]:
    """The rows of a table, or the same paragraph."""
    bare = replace(paragraph, links=(), emphases=())
    values = _values_of_table(paragraph.lines)
    rows = _cells_of_lines(paragraph.lines)
    if values:
        # A known link may go on beyond its cell.
        yield from (_row(bare, cells) for cells in values)
    elif rows:
        # Links in the words of a cell are known only for the whole paragraph.
        linked = lines_with_links(paragraph)
        for (_, links), cells in zip(linked, rows, strict=True):
            yield _row(replace(bare, links=links), cells)
    else:
        yield paragraph


def _values_of_table(lines: Sequence[str]) -> Sequence[Sequence[str]]:
    """The cells of a table whose rows aren't its lines; none of other lines."""
    values = _spreadsheet(lines) or _delimited(list(map(str.strip, lines)))
    if values:
        return values
    rows = _cells_between_tabs(lines)
    return list(zip(*rows, strict=True)) if _names_rows(rows) else []


def _cells_of_lines(lines: Sequence[str]) -> list[list[str]]:
    """The cells of lines that are the rows of a table; none of other lines."""
    rows = _cells_between_tabs(lines)
    if rows:
        return _without_dittos(rows)
    stripped = list(map(str.strip, lines))
    if len(lines) < _LEAST_ROWS or not all(map(_is_in_bars, stripped)):
        return []
    return [line[1:-1].split("|") for line in stripped]


def _with_fallen_cells(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs with a line for each cell of a table's row as such rows, below one with the headings of columns."""
    columns = 0
    for paragraph in paragraphs:
        count = len(paragraph.lines)
        fields = set(map(field_named, map(str.strip, paragraph.lines)))
        # "Title", "Source" and "Date" on a line each: so some programs copy the rows of a table.
        if count >= _LEAST_ROWS and "title" in fields and "" not in fields:
            columns = count
        if columns == count and not paragraph.is_row:
            yield replace(paragraph, cells=tuple(range(count)))
        else:
            yield paragraph


def _row(paragraph: Paragraph, cells: Sequence[str]) -> Paragraph:
    """A paragraph with the cells of a row that aren't empty as its lines."""
    filled = {
        number: " ".join(cell.split())
        for number, cell in enumerate(cells)
        # "|---|:--|", below the headings of a table in Markdown, has no cell with words.
        if cell.strip(" :-")
    }
    return replace(paragraph, lines=tuple(filled.values()), cells=tuple(filled))


def _spreadsheet(lines: Sequence[str]) -> list[list[str]]:
    """The values of lines copied from a spreadsheet, in which quotes are around cells of several lines; none of other
    lines.
    """
    has_quotes = any('\t"' in line for line in lines)
    # Without the ends of its lines, a quoted cell of several lines would lose the space between them.
    return _values([f"{line}\n" for line in lines], "\t") if has_quotes else []


def _delimited(lines: Sequence[str]) -> list[list[str]]:
    """The values of lines that a program divided by semicolons or commas, perhaps in quotes; none of other lines."""
    for delimiter in _DELIMITERS:
        rows = _values(lines, delimiter)
        if _are_values(rows):
            return rows
    return []


def _values(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The values of delimited lines that are a table; none of other lines."""
    # Some programs write a space behind the delimiter: '"Ferry", "Tidal"'. Elsewhere it is that of a sentence.
    are_quoted = all(line.startswith('"') for line in lines)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=are_quoted)
    try:
        rows = list(reader)
    except csv.Error:  # a value that is too long
        return []
    return rows if _are_table(rows) else []


def _are_values(rows: Sequence[Sequence[str]]) -> bool:
    """Whether what is between delimiters are values rather than parts of sentences: none begins with a space, and there
    are addresses.
    """
    cells = [cell for row in rows for cell in row]
    is_tight = not any(cell.startswith(" ") for cell in cells)
    return is_tight and any("://" in cell for cell in cells)


def _cells_between_tabs(lines: Sequence[str]) -> list[list[str]]:
    """The cells of lines with tabs between them; none of other lines."""
    rows = [line.split("\t") for line in lines]
    return rows if _are_table(rows) else []


def _are_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether there are several rows with several cells each, all with the same number of them."""
    counts = set(map(len, rows))
    is_even = len(counts) == 1 and min(counts) >= _LEAST_CELLS
    return is_even and len(rows) >= _LEAST_ROWS


def _names_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table has an item in each column: its first cells name the fields."""
    fields = [field_named(cells[0].strip()) for cells in rows]
    return "title" in fields and len(set(fields) - {""}) >= _LEAST_FIELDS


def _without_dittos(rows: Sequence[list[str]]) -> list[list[str]]:
    """The rows of a table with the cells above instead of signs that say the same is meant."""
    whole: list[list[str]] = []
    for cells in rows:
        above = whole[-1] if whole else cells
        whole.append(
            [
                other if cell.strip() in _DITTOS else cell
                for cell, other in zip(cells, above, strict=True)
            ]
        )
    return whole


def _is_in_bars(line: str) -> bool:
    """Whether a line is a row of a table in Markdown."""
    return line.startswith("|") and line.endswith("|") and line.count("|") > 2
