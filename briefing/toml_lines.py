"""Find the line on which a TOML file sets something. The parser of the standard library doesn't
say.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence


def line_numbers(text: str) -> dict[tuple[str, ...], int]:
    """Return the line (1-based) of each table and key in a valid TOML text, by its path: ("send",
    "via").

    That is where the statement begins that mentions it first.
    """
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for start, statement in _statements(text):
        paths = list(_paths(tomllib.loads(statement)))
        if statement.lstrip().startswith("["):
            table = ()
        for path in paths:
            lines.setdefault((*table, *path), start)
        if statement.lstrip().startswith("["):
            table = paths[-1]
    return lines


def find_line(lines: Mapping[tuple[str, ...], int], keys: Sequence[str]) -> int | None:
    """Return the line of a path in the result of `line_numbers`; where it is missing, that of what
    would contain it.
    """
    for depth in range(len(keys), 0, -1):
        line = lines.get(tuple(keys[:depth]))
        if line is not None:
            return line
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the line it begins on: a table's heading, or a key with its value."""
    statement: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        statement.append(line)
        joined = "\n".join(statement)
        if _is_whole(joined):
            start = number - len(statement) + 1
            statement.clear()
            if joined.strip() and not joined.lstrip().startswith("#"):
                yield start, joined


def _is_whole(statement: str) -> bool:
    """Tell whether a statement ends here: a list or a text in three quotes may continue on the next
    line.
    """
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _paths(table: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        yield (key,)
        if isinstance(value, dict):
            for path in _paths(value):
                yield (key, *path)
