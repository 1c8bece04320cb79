"""Find the line on which a TOML file sets something; the standard library's parser doesn't say."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence


def line_numbers(text: str) -> dict[tuple[str, ...], int]:
    """Map the path of each table and key in a valid TOML text, such as ("send", "via"), to its line
    (1-based).

    That is the first line of the statement that mentions it first.
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


def find_line(
    lines: Mapping[tuple[str, ...], int], keys: Sequence[str]
) -> int | None:
    """Return the line of a path in the result of `line_numbers`; if it is missing, the line of its
    nearest parent.
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
        is_comment = not line.partition("#")[0].strip()
        if is_comment and not statement:
            continue
        statement.append(line)
        joined = "\n".join(statement)
        if _is_complete(joined):
            yield number - len(statement) + 1, joined
            statement.clear()


def _is_complete(statement: str) -> bool:
    """Tell whether a statement is complete: a list or a text in three quotes may continue on the
    next line.
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
