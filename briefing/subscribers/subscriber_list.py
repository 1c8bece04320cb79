"""The interface of a list of subscribers, whatever its format.

To add a format, write a module like `csv_file.py` with a class that has the members of
`SubscriberList`, or of `EditableList`, and have `formats` return it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .subscriber import Subscriber

if TYPE_CHECKING:
    from .reader_changes import ReaderChange


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row without a usable address or language: the line it begins on, and a reason that quotes
    nothing.
    """

    line: int
    reason: str


class SubscriberList(Protocol):
    """A list that was read once, so the rows that are counted are the rows that are mailed."""

    @property
    def name(self) -> str:
        """What messages call the list, such as its path."""

    def rows(self) -> Iterator[Subscriber | BadRow]:
        """Yield all rows, on every call. Empty rows are skipped; a reader may appear twice."""


class EditableList(SubscriberList, Protocol):
    """A list in a file that can be changed. `list_file` stores what comes out."""

    @property
    def path(self) -> Path:
        """Where the list is stored."""

    @property
    def data(self) -> bytes:
        """What is stored there, as it was read or as it is to be written."""

    @property
    def headings(self) -> Sequence[str]:
        """The columns besides address, name and language, in lower case."""

    def changed(self, changes: "Sequence[ReaderChange]") -> "EditableList":
        """Return the list after these changes, without writing anything. All other rows stay exactly as
        they were stored.

        The changes name readers as they are before all of them. Raises RefusedError if one can't be
        made, and quotes nothing from the list.
        """


def usable_rows(subscribers: SubscriberList) -> Iterator[Subscriber]:
    """Yield the rows that have a usable address and language, in the order of the list."""
    for row in subscribers.rows():
        if isinstance(row, Subscriber):
            yield row


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose reader is on the list already: the lines that this row and the first one begin
    on.
    """

    line: int
    first: int


@dataclass(frozen=True, slots=True)
class Readers:
    """All readers of a list, each once, and the rows that were skipped."""

    subscribers: tuple[Subscriber, ...]
    bad_rows: tuple[BadRow, ...]
    duplicates: tuple[Duplicate, ...]


def read_all(subscribers: SubscriberList) -> Readers:
    """Return each reader of the list once; the first row of a reader wins."""
    first_rows: dict[str, Subscriber] = {}
    bad_rows: list[BadRow] = []
    duplicates: list[Duplicate] = []
    for row in subscribers.rows():
        if isinstance(row, BadRow):
            bad_rows.append(row)
            continue
        first = first_rows.setdefault(row.identity, row)
        if first is not row:
            duplicates.append(Duplicate(row.line, first.line))
    return Readers(
        tuple(first_rows.values()), tuple(bad_rows), tuple(duplicates)
    )
