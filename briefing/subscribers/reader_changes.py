"""Changes to the readers on a list: one is added, gets another address, or another cell. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from briefing.errors import RefusedError

from .csv_columns import LONGEST_CELL
from .subscriber import (
    Subscriber,
    clean,
    clean_name,
    identity_of,
    parse_lang,
)


@dataclass(frozen=True, slots=True)
class Add:
    """Add a reader who isn't on the list, with `columns` by their headings in lower case."""

    subscriber: Subscriber


@dataclass(frozen=True, slots=True)
class Move:
    """Give a reader, in every row they have, another address."""

    identity: str = field(repr=False)
    address: str = field(repr=False)
    """As `parse_address` returns it."""

    @property
    def new_identity(self) -> str:
        return identity_of(self.address)


@dataclass(frozen=True, slots=True)
class Set:
    """Change one column of a reader: `name`, `lang`, or another one by its heading.

    If the list has no such column, it gets one. If a reader has several rows, the first one is
    changed: it is the one that counts.
    """

    identity: str = field(repr=False)
    column: str
    value: str = field(repr=False)
    """As `clean_value` returns it."""


ReaderChange = Add | Move | Set


def clean_value(column: str, text: str) -> str:
    """Return a text as a column can contain it, which is also how it will be read again.

    Raises ValueError, worded to follow the column's name.
    """
    if column == "lang":
        return parse_lang(text)
    if column == "name":
        return clean_name(text)
    value = clean(text)
    if len(value) > LONGEST_CELL:
        raise ValueError(f"is longer than {LONGEST_CELL:,} characters")
    return value


def typed_value(column: str, text: str) -> str:
    """Return what an editor typed, as `clean_value` does. Raises RefusedError."""
    try:
        return clean_value(column, text)
    except ValueError as error:
        raise RefusedError(f"{column}: {error}; nothing was changed") from None


def new_identities(changes: Sequence[ReaderChange]) -> list[str]:
    """Return the identities that these changes bring to a list: of readers who are added or moved."""
    identities: list[str] = []
    for change in changes:
        if isinstance(change, Add):
            identities.append(change.subscriber.identity)
        elif isinstance(change, Move):
            identities.append(change.new_identity)
    return identities
