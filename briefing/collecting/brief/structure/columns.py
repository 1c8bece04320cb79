"""Give the cells of a table the names of their columns, if its first row has headings: "Date", "Headline"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold

FIELDS = ("title", "source", "date", "link", "text")
_LABEL = re.compile(r"([^\W\d_][^:：]{1,30}?) ?[:：] ?(.*)")
_LEAST = 2
"""Headings that must be those of fields, one of them the headline's."""
_OTHER = "other"


def field_named(text: str) -> str:
    """The field of an item that a word names, such as "source" for "Outlet"; "" if it names none."""
    folded = fold(text)
    named = (name for name in FIELDS if folded in words(f"{name}_field"))
    return next(named, "")


def field_of(text: str) -> tuple[str, str]:
    """The field that words name, and its value: "Source: Harbour Post"; ("", "") for others."""
    label = _LABEL.fullmatch(text)
    name = field_named(label[1]) if label else ""
    return (name, label[2].strip()) if label and name else ("", "")


def with_columns(rows: Sequence[Row]) -> list[Row]:
    """Rows whose cells know the heading of their column."""
    result: list[Row] = []
    columns: dict[int, str] = {}
    for _, group in groupby(rows, key=lambda row: (row.block, row.is_cell)):
        cells = list(group)
        found = _columns(cells)
        if found or not cells[0].is_cell:
            columns = found
        else:
            cells = [
                replace(cell, column=columns.get(cell.cell, ""))
                for cell in cells
            ]
        result += cells
    return result


def _columns(cells: Sequence[Row]) -> dict[int, str]:
    """The fields that a table's row of headings names; none for other rows."""
    if not cells[0].is_cell or any(cell.links for cell in cells):
        return {}
    fields = {cell.cell: field_named(cell.words) or _OTHER for cell in cells}
    known = set(fields.values()) - {_OTHER}
    return fields if len(known) >= _LEAST and "title" in known else {}
