"""Give the cells of a table the names of their columns, if its first row has headings: "Date", "Headline"."""

import re
from dataclasses import replace
from itertools import groupby

from briefing.collecting.brief.lines.fields import field_named

from .row import OTHER, Row, Rows

# "Source/Date", "Title and text": a word of up to three letters may be "and" in any language.
_JOINT = re.compile(r" ?[/／、,，&+与和] ?| \w{1,3} ")
"""What is between the two fields of one column."""
_LEAST = 2
"""Headings that must be those of fields, one of them the headline's."""


def with_columns(rows: Rows) -> list[Row]:
    """Rows whose cells know the heading of their column."""
    result: list[Row] = []
    columns: dict[int, str] = {}
    for _, group in groupby(rows, key=lambda row: (row.block, row.is_cell)):
        cells = list(group)
        found = _fields_of_columns(cells)
        # The title of a section may stand between the rows of one table; any other text ends the table.
        if found or not (cells[0].is_cell or _may_be_section_title(cells)):
            columns = found
        elif cells[0].is_cell:
            cells = [
                replace(cell, field=columns.get(cell.cell, ""))
                for cell in cells
            ]
        result += cells
    return result


def _fields_of_columns(cells: Rows) -> dict[int, str]:
    """The fields that a table's row of headings names; none for other rows."""
    if not cells[0].is_cell or any(cell.links for cell in cells):
        return {}
    fields = {cell.cell: _field_of(cell.words) or OTHER for cell in cells}
    known = set(fields.values()) - {OTHER}
    return fields if len(known) >= _LEAST and "title" in known else {}


def _field_of(heading: str) -> str:
    """The field that the heading of a column names, or first names: "Title and summary"."""
    first = _JOINT.split(heading)[0]
    return field_named(heading) or field_named(first)


def _may_be_section_title(rows: Rows) -> bool:
    """Whether what is between the rows of a table may be a title: one row without a link."""
    first, *others = rows
    if others:
        return False
    return not first.links
