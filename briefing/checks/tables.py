"""Read the data in `tables/`, plain text and TOML, once each."""

from functools import cache
from pathlib import Path
from typing import Any

from briefing.data_files import load_table

FOLDER = Path(__file__).with_name("tables")


@cache
def lines(name: str) -> frozenset[str]:
    """Return the lines of a text file, without comments (from `#` on) and blank lines."""
    found = set()
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        entry = line.partition("#")[0].strip()
        if entry:
            found.add(entry)
    return frozenset(found)


@cache
def table(name: str) -> dict[str, Any]:
    """Return the contents of a TOML file."""
    return load_table(FOLDER / f"{name}.toml")
