"""Changes to the readers on a list: one is added, gets another address, or another cell. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .csv_columns import LONGEST_CELL
from .subscriber import clean, clean_name, identity_of, parse_lang

TAGS, JOINED, CONSENT = "tags", "joined", "consent"
"""Columns: a reader's tags, the day on which they joined, and what they agreed to."""


@dataclass(frozen=True, slots=True)
class Add:
    """Add a reader who isn't on the list."""

    address: str = field(repr=False)
    """As `parse_address` returns it."""
    columns: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What to write besides, by column, as `clean_values` returns it."""


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
    """Change one column of a reader: `name`, `lang`, or another one by its heading in lower case.

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


def clean_values(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts by column, as `clean_value` does, without empty ones. Raises ValueError with the column."""
    values: dict[str, str] = {}
    for column, text in texts.items():
        try:
            value = clean_value(column, text)
        except ValueError as error:
            raise ValueError(f"{column}: {error}") from None
        if value:
            values[column] = value
    return values
