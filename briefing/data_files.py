"""The package's own tables, in TOML files next to its modules."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load_table(path: Path) -> dict[str, Any]:
    """Return the table in a TOML file of the package."""
    return tomllib.loads(path.read_text("utf-8"))
