"""Word lists and tables that the package reads from data files."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from briefing.data_files import load_table


def words(text: str) -> frozenset[str]:
    """Return the words of a text, separated by spaces or line ends."""
    return frozenset(text.split())


def words_in_order(text: str) -> tuple[str, ...]:
    """Return the words of a text in their order."""
    return tuple(text.split())


def words_by_name(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the words of each text in a table in their order."""
    return {name: words_in_order(text) for name, text in table.items()}


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text without empty ones: phrases of several words."""
    return tuple(filter(None, map(str.strip, text.splitlines())))


def any_of(phrases: Iterable[str]) -> str:
    """Return a part of a regular expression that matches any of these phrases, the longest first, in an order that
    doesn't depend on that of a set.
    """
    longest_first = sorted(sorted(phrases), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


def load_data(module: str, name: str) -> dict[str, Any]:
    """Return the table in data/NAME.toml next to a module; `module` is its `__file__`."""
    return load_table(Path(module).parent / "data" / f"{name}.toml")
