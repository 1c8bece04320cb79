"""The cells in the text of a row of a CSV file: find them, and replace some. No I/O."""

import re
from collections.abc import Iterator, Mapping

Cells = Mapping[int, str]
"""What to write into the cells of a row, by index."""

_QUOTED = re.compile(r'[,;\t"\r\n]|^\s|\s$')


def find_cells(text: str, delimiter: str) -> Iterator[re.Match[str]]:
    """Yield the cells in the text of a row, as far as their quotes are balanced. The group `content`
    is the cell with its quotes, but without spaces before it.
    """
    # Possessive quantifiers keep this linear on hostile input.
    cell = re.compile(
        rf' *+(?P<content>"[^"]*+(?:""[^"]*+)*+"|(?!")[^{delimiter}\r\n]*+)'
    )
    start = 0
    while found := cell.match(text, start):
        yield found
        if text[found.end() : found.end() + 1] != delimiter:
            return
        start = found.end() + 1


def are_all_quoted(row: str, delimiter: str) -> bool:
    """Whether every cell of a row has quotes."""
    return all(map(_is_quoted, find_cells(row, delimiter)))


def write_cell(text: str, *, quote: bool) -> str:
    """Return a cell as text: in quotes if it needs them, or always.

    Every delimiter needs them: spreadsheets choose theirs by the language of the computer.
    """
    if quote or _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_row(cells: list[str], delimiter: str, *, quote: bool) -> str:
    """Return the text of a new row, without a line end; `quote`: in quotes, whatever the cells."""
    return delimiter.join(write_cell(cell, quote=quote) for cell in cells)


def replace_cells(
    row: str, cells: Cells, delimiter: str, *, quote: bool
) -> str:
    """Return the text of a row with some cells replaced, and everything else unchanged.

    Cells that were quoted stay so. Those past the row's end are added, with quotes if `quote`.
    """
    found = list(find_cells(row, delimiter))
    pieces: list[str] = []
    copied = 0
    for index, cell in enumerate(found):
        if index in cells:
            start, end = cell.span("content")
            text = write_cell(cells[index], quote=_is_quoted(cell))
            pieces += [row[copied:start], text]
            copied = end
    row_end = found[-1].end()
    pieces.append(row[copied:row_end])
    for index in range(len(found), max(cells) + 1):
        text = cells.get(index, "")
        pieces += [delimiter, write_cell(text, quote=quote and bool(text))]
    pieces.append(row[row_end:])
    return "".join(pieces)


def _is_quoted(cell: re.Match[str]) -> bool:
    return cell["content"].startswith('"')
