"""Read a plain row of a CSV list in one step. No I/O.

Nearly all rows are plain: no cell needs quotes, and there is nothing in it to clean or to refuse. A
single regular expression finds out, and takes little more than half the time of the csv module and
`csv_columns.read_row`, which read all other rows. Both ways give the same reader for a plain row.
"""

import re
import sys
from collections.abc import Callable

from .csv_columns import Columns
from .subscriber import LONGEST_ADDRESS, PLAIN_ADDRESS, Subscriber, lower_domain

_LANGUAGE = "[a-z]{2,3}"
_TEXT = r"\w(?:[\w .&/()+-]{0,198}[\w.)])?"
"""Not a space or an apostrophe at its start or end, and at most as long as a name."""

ReadPlain = Callable[[int, str], Subscriber | None]
"""Returns the reader in the text of a line, given with its number and its end; None if it isn't plain."""


def plain_reader(columns: Columns, delimiter: str) -> ReadPlain:
    """Return what reads the plain rows of a list with these columns."""
    if columns.first is not None or columns.last is not None:
        return lambda _line, _text: None
    cells = [f"({_TEXT}|)"] * columns.width
    cells[columns.address] = f"({PLAIN_ADDRESS})"
    if columns.lang is not None:
        cells[columns.lang] = f"({_LANGUAGE}|)"
    for index in columns.unheaded:
        cells[index] = "()"
    match = re.compile(delimiter.join(cells) + r"()\r?\n?").fullmatch
    # What a list has no column for is the last group, which is empty.
    address = columns.address
    name = columns.width if columns.name is None else columns.name
    lang = columns.width if columns.lang is None else columns.lang
    others = columns.others

    def read(line: int, text: str) -> Subscriber | None:
        # No address is too long then.
        found = match(text) if len(text) <= LONGEST_ADDRESS else None
        if not found:
            return None
        cell = found.groups()
        return Subscriber(
            lower_domain(cell[address]),
            cell[name],
            sys.intern(cell[lang]),
            {heading: cell[index] for index, heading in others},
            line,
        )

    return read
