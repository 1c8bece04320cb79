"""Parts of mappings, by their keys. No I/O."""

from collections.abc import Container, Mapping
from typing import TypeVar

Name = TypeVar("Name")
Value = TypeVar("Value")


def only(
    values: Mapping[Name, Value], names: Container[Name]
) -> dict[Name, Value]:
    """Return the values with these names."""
    return {name: value for name, value in values.items() if name in names}


def without(
    values: Mapping[Name, Value], names: Container[Name]
) -> dict[Name, Value]:
    """Return the values with other names."""
    return {name: value for name, value in values.items() if name not in names}
