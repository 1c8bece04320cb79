"""Where in a row of a CSV list the values of a reader belong, and the columns that it lacks for them.
No I/O.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from briefing.errors import RefusedError

from .csv_columns import (
    Columns,
    clean_heading,
    escape_formula,
    find_column,
    find_columns,
)
from .subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a list, and those that a change adds after them."""

    columns: Columns
    new: Sequence[str]
    """The headings that are added."""
    start: int
    """The index of the first one."""

    @classmethod
    def extended(
        cls,
        headings: Sequence[str],
        columns: Columns,
        wanted: Iterable[str],
        longest: int,
    ) -> "Layout":
        """Return the layout with a column for each of the wanted headings; `headings` is the first
        row, and `longest` the number of cells of the longest row, so that none of a row's surplus
        cells gets a heading.

        Raises RefusedError if a new heading would change the meaning of another column.
        """
        new: dict[str, None] = {}
        for column in wanted:
            if not _is_there(column, columns):
                new[clean_heading(column)] = None
        layout = cls(columns, list(new), longest)
        if new:
            layout._require_same_meaning(headings)
        return layout

    def headings(self) -> dict[int, str]:
        """Return the cells of the new headings, by index."""
        return dict(enumerate(self.new, self.start))

    def cells_for(self, column: str, value: str) -> dict[int, str]:
        """Return what to write where, so that a reader has this value in a column."""
        if column == "name":
            return self._name_cells(value)
        index = find_column(column, self.columns)
        if index is None:
            index = self.start + self.new.index(clean_heading(column))
        return {index: escape_formula(value)}

    def row_of(self, reader: Subscriber) -> list[str]:
        """Return the cells of a new reader's row."""
        cells = {self.columns.address: escape_formula(reader.address)}
        for column, value in reader.values().items():
            cells |= self.cells_for(column, value)
        width = max(self.columns.width, *(index + 1 for index in cells))
        return [cells.get(index, "") for index in range(width)]

    def _name_cells(self, name: str) -> dict[int, str]:
        # A list with first and last names has the whole name in one of the two columns; the other
        # one must be empty then, or it would be joined to it.
        columns = self.columns
        indexes = [
            index
            for index in (columns.name, columns.first, columns.last)
            if index is not None
        ]
        if not indexes:
            indexes = [self.start + self.new.index("name")]
        return dict.fromkeys(indexes, "") | {indexes[0]: escape_formula(name)}

    def _require_same_meaning(self, headings: Sequence[str]) -> None:
        padding = [""] * (self.start - len(headings))
        try:
            after = find_columns([*headings, *padding, *self.new])
        except ValueError as error:
            raise RefusedError(
                f"the list can't have another column: {error}; nothing was changed"
            ) from None
        expected = replace(
            self.columns,
            name=self._index("name", self.columns.name),
            lang=self._index("lang", self.columns.lang),
            others=after.others,
            unheaded=after.unheaded,
            width=after.width,
        )
        if after != expected:
            raise RefusedError(
                f"a column {' or '.join(self.new)} would change what other columns of the list mean; "
                "choose another heading; nothing was changed"
            )

    def _index(self, heading: str, known: int | None) -> int | None:
        if heading in self.new:
            return self.start + self.new.index(heading)
        return known


def _is_there(column: str, columns: Columns) -> bool:
    if column == "name":
        return (columns.name, columns.first, columns.last) != (None,) * 3
    return find_column(column, columns) is not None
