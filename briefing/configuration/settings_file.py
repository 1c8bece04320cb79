"""Write single settings into briefing.toml, and keep its comments and everything else in it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from briefing.errors import ChangedError, SettingsError
from briefing.storage import files
from briefing.text.decoding import BYTE_ORDER_MARK

from . import settings
from .toml_lines import line_numbers

Value = str | int | list[str]


def read_tables(path: Path) -> Mapping[str, Any]:
    """Return what the file sets, table by table, without defaults. Raises SettingsError."""
    settings.load(path)  # so that a mistake is reported in one clear line
    return tomllib.loads(_read(path).removeprefix(BYTE_ORDER_MARK))


def write_setting(
    path: Path,
    table: str,
    key: str,
    value: Value,
) -> None:
    """Set `key` in [table], such as `send` or `collect.names`. A line in which it is only an example,
    after a #, becomes the setting.

    Raises SettingsError if the value can't be used or there is no file, ChangedError if someone
    edits it at the same moment; then it is unchanged.
    """
    before = _read(path)
    after = set_in_text(before, table, key, value)
    settings.parse(after, path)

    def refuse_changed(place: Path) -> None:
        if _read(place) != before:
            raise ChangedError(path, "was edited in the meantime; try again")

    files.write_atomically(path, after.encode(), last_check=refuse_changed)


def set_in_text(
    text: str,
    table: str,
    key: str,
    value: Value,
) -> str:
    """Return the text of a valid file with one setting changed or added."""
    import tomlkit  # noqa: PLC0415  # slow to import, and only 'briefing setup' writes settings

    if text.startswith(BYTE_ORDER_MARK):
        unmarked = text.removeprefix(BYTE_ORDER_MARK)
        return BYTE_ORDER_MARK + set_in_text(unmarked, table, key, value)
    text = _use_example(text, table, key)
    document = tomlkit.parse(text)
    content: Any = document
    for name in table.split("."):
        content = content.setdefault(name, tomlkit.table())
    width = _columns_to_comment(content, key)
    content[key] = value
    if width:
        # As far as the new value leaves room for it, the comment stays in its column.
        gap = max(2, width - len(content[key].as_string()))
        content[key].trivia.comment_ws = " " * gap
    return tomlkit.dumps(document)


def _use_example(text: str, table: str, key: str) -> str:
    """Remove the # before the key's example in the table, unless the table sets it already."""
    if (*table.split("."), key) in line_numbers(text.replace("\r\n", "\n")):
        return text
    heading = rf"^\[{re.escape(table)}\][^\n]*\n"
    own_lines = r"(?:(?!\[)[^\n]*\n)*?"
    example = rf"({heading}{own_lines})# ({re.escape(key)} = [^\n]*)"
    return re.sub(
        example,
        _without_hash,
        text,
        count=1,
        flags=re.MULTILINE,
    )


def _without_hash(example: re.Match[str]) -> str:
    """Return the lines up to the example, and the example as a setting; its comment stays in its column."""
    above, setting = example.groups()
    return above + setting.replace("  # ", "    # ", 1)


def _columns_to_comment(content: Any, key: str) -> int:
    """Return how far after the start of the key's value its comment begins; 0: there is none."""
    item = content.get(key)
    if item is None or not item.trivia.comment:
        return 0
    return len(item.as_string()) + len(item.trivia.comment_ws)


def _read(path: Path) -> str:
    try:
        return files.read_utf8(path, SettingsError)
    except FileNotFoundError:
        raise SettingsError(path, "there is no such file") from None
