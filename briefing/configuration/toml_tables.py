"""Convert the tables of a TOML file to dataclasses, or raise one clear error that names the line.

The functions below create the fields of these dataclasses. Every field has a check: a function that
takes the value as written and returns it as used, or raises ValueError with the reason (see
`values.py`).
"""

import dataclasses
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, dataclass_transform

from briefing.errors import SettingsError, did_you_mean
from briefing.text.decoding import BYTE_ORDER_MARK

from . import values
from .gone_settings import GONE
from .toml_lines import find_line, line_numbers

T = TypeVar("T")
Check = Callable[[Any], Any]
ReportGone = Callable[[SettingsError], None]
REQUIRED = dataclasses.MISSING

_EXPECTED = {
    str: 'text in quotes: "…"',
    int: "a whole number",
    bool: "true or false",
    list: 'a list with each entry in quotes: ["…", "…"]',
    dict: 'a group of settings under its own heading, with lines like "example.org" = "…"',
}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def table(cls: type[T]) -> type[T]:
    """Make a class a table: a dataclass whose fields the functions below create."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def string(
    check: Check = values.one_line, *, default: Any = "", key: str = ""
) -> Any:
    """A text; `key` is its name in the file if Python doesn't allow that as a name."""
    return _field(str, check, key=key, default=default)


def integer(check: Check, *, default: int = 0) -> Any:
    """A whole number."""
    return _field(int, check, default=default)


def boolean(*, default: bool = False) -> Any:
    """True or false."""
    return _field(bool, bool, default=default)


def boolean_or(word: str, *, default: bool | str) -> Any:
    """True, false or a word."""
    return _field(bool, bool, word=word, default=default)


def strings(check: Check, *, default: tuple[str, ...] = ()) -> Any:
    """A list of texts."""
    return _field(list, check, default=default)


def string_table(check: Check) -> Any:
    """A table within the table, with keys of the editor's choice; the check gets one pair at a
    time.
    """
    return _field(dict, check, default_factory=dict)


def tables_by_language(table: type) -> Any:
    """Tables within the table, one for each language: [newsletter.ug] in [newsletter]."""
    metadata = {"table": table}
    return dataclasses.field(default_factory=dict, metadata=metadata)


def _field(
    kind: type, check: Check, *, key: str = "", word: str = "", **default: Any
) -> Any:
    metadata = {"kind": kind, "check": check, "key": key, "word": word}
    return dataclasses.field(metadata=metadata, **default)


def kind_of(table: type, key: str) -> type:
    """Return the type that a key's value has in the file: str, int, bool, list or dict."""
    kind: type = _fields_by_key(table)[key].metadata["kind"]
    return kind


_CURLY_QUOTES = re.compile("[“”„‟‘’‚«»]")
"""What word processors and phones make of typed quotes."""
_SYNTAX_HINTS = {
    "twice": "put all its settings below the first of these headings",
    "overwrite": "the setting is there twice; delete one of them",
    "Unclosed array": "a list, here or above, lacks a comma between two texts, or ] at its end",
    "Unescaped": "write / instead of \\",
    "hex value": "write / instead of \\",
    "Illegal character": 'write " where the text ends',
    "Unterminated string": 'write " where the text ends',
}
"""By words of tomllib's messages."""


def parse_tables(
    text: str,
    path: Path,
    tables: Mapping[str, type],
    report_gone: ReportGone | None = None,
) -> dict[str, Any]:
    """Return the tables of a file by their names, each as its dataclass; `path` is only for messages.

    Raises SettingsError. With `report_gone`, settings that earlier versions had are ignored, and it
    gets the errors about them.
    """
    text = text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n")
    try:
        given = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # thousands of digits or nested brackets aren't TOMLDecodeErrors
        raise _syntax_error(text, path, str(error)) from error
    reader = _TableReader(text, path, report_gone)
    for name, table in given.items():
        # Earlier versions wrote headings with only comments below them.
        is_empty_and_gone = name in GONE and table == {}
        if name not in tables and not is_empty_and_gone:
            hint = did_you_mean(name, tables, "[{}]")
            unknown = reader.error(
                f"there is no setting [{name}]; {hint}", name
            )
            reader.refuse(unknown, name)
    return {
        name: reader.read(name, kind, given.get(name, {}))
        for name, kind in tables.items()
    }


def _syntax_error(text: str, path: Path, error: str) -> SettingsError:
    """Convert a message of tomllib, such as "Invalid value (at line 4, column 9)"."""
    reason, _, place = error.rpartition(" (at ")
    number = re.match(r"line (\d+)", place)
    line = int(number[1]) if number else None
    if place.startswith("end"):
        line = text.rstrip("\n").count("\n") + 1
    written = text.split("\n")[line - 1] if line else ""
    message = (
        f"isn't valid TOML: {reason or error}; {_syntax_hint(written, error)}"
    )
    return SettingsError(path, message, line=line)


def _syntax_hint(line: str, error: str) -> str:
    """Return what to do about a line that tomllib doesn't understand, by its message."""
    if _CURLY_QUOTES.search(line):
        return 'use straight quotes, ", instead of curly ones'
    hints = (hint for word, hint in _SYNTAX_HINTS.items() if word in error)
    return next(hints, "put text in quotes, but not numbers, true or false")


class _TableReader:
    """Reads the tables of one file; keeps its text to find the lines of errors."""

    def __init__(
        self, text: str, path: Path, report_gone: ReportGone | None
    ) -> None:
        self.text = text
        self.path = path
        self._report_gone = report_gone

    def read(self, name: str, table: type, given: object) -> Any:
        """Return the dataclass `table` with the values of the file's table `name`. Raises
        SettingsError.
        """
        if not isinstance(given, dict):
            raise self.error(
                f"'{name}' is the heading of a group of settings; write [{name}] on a line of its own",
                name,
            )
        fields = _fields_by_key(table)
        checked = self._tables_by_language(name, table, given)
        for key, value in given.items():
            field = fields.get(key)
            if field is None and _is_language_table(table, key, value):
                continue
            if field is None:
                hint = did_you_mean(key, fields)
                message = f"there is no setting '{key}' in [{name}]; {hint}"
                self.refuse(self.error(message, name, key), f"{name}.{key}")
            elif value != "":  # an empty text counts as none
                try:
                    checked[field.name] = self._value(name, key, value, field)
                except SettingsError as error:
                    self.refuse(error, f"{name}.{key}={value}")
        self._refuse_missing(name, fields, checked)
        try:
            return table(**checked)
        except ValueError as error:
            raise self.error(f"[{name}] {error}", name) from None

    def refuse(self, error: SettingsError, setting: str) -> None:
        """Raise an error about a setting; report it, if that is wanted for one that earlier versions had."""
        if setting in GONE:
            error = SettingsError(self.path, GONE[setting], line=error.line)
            if self._report_gone:
                self._report_gone(error)
                return
        raise error

    def error(self, message: str, *keys: str) -> SettingsError:
        """Return the error about a table, a key of it or a key of a table within it, at its line."""
        table, *others = keys
        path = (*table.split("."), *others)
        return SettingsError(
            self.path, message, line=find_line(self._lines, path)
        )

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        return line_numbers(self.text)

    def _tables_by_language(
        self, name: str, table: type, given: Mapping[str, object]
    ) -> dict[str, Any]:
        """Return the field for the tables within a table, with what they set by language."""
        found: dict[str, Any] = {}
        for field in _language_fields(table):
            inner = field.metadata["table"]
            found[field.name] = {
                key: self.read(f"{name}.{key}", inner, value)
                for key, value in given.items()
                if _is_language_table(table, key, value)
            }
        return found

    def _refuse_missing(
        self,
        name: str,
        fields: Mapping[str, Field[Any]],
        checked: Mapping[str, Any],
    ) -> None:
        for key, field in fields.items():
            is_required = (
                field.default is REQUIRED and field.default_factory is REQUIRED
            )
            if is_required and field.name not in checked:
                raise self.error(f"[{name}] needs '{key}'", name, key)

    def _value(
        self, name: str, key: str, value: object, field: Field[Any]
    ) -> Any:
        kind = field.metadata["kind"]
        check: Check = field.metadata["check"]
        if kind is dict and isinstance(value, dict):
            return self._pairs(name, key, value, check)
        word = field.metadata["word"]
        if word and value == word:
            return value
        # Not isinstance: True is an int.
        if type(value) is not kind or not _holds_only_texts(value):
            expected = f'true, false or "{word}"' if word else _EXPECTED[kind]
            raise self.error(f"'{key}' must be {expected}", name, key)
        try:
            return check(value)
        except ValueError as error:
            raise self.error(f"'{key}' {error}", name, key) from None

    def _pairs(
        self,
        name: str,
        key: str,
        given: dict[str, object],
        check: Check,
    ) -> dict[str, str]:
        """Return a table within a table. Each pair is checked on its own, so that an error can name
        its line.
        """
        pairs: dict[str, str] = {}
        for left, right in given.items():
            where = f"'{left}' in [{name}.{key}]"
            dotted = _dotted(left, right)
            if dotted != left:
                message = f'\'{dotted}\' in [{name}.{key}] must be in quotes: "{dotted}" = "…"'
                raise self.error(message, name, key, left)
            if not isinstance(right, str):
                raise self.error(
                    f"{where} must be {_EXPECTED[str]}", name, key, left
                )
            try:
                pairs |= check({left: right})
            except ValueError as error:
                raise self.error(f"{where} {error}", name, key, left) from None
        return pairs


def _fields_by_key(table: type) -> dict[str, Field[Any]]:
    fields: dict[str, Field[Any]] = {}
    for field in dataclasses.fields(table):
        if "kind" in field.metadata:
            fields[field.metadata["key"] or field.name] = field
    return fields


def _language_fields(table: type) -> Iterator[Field[Any]]:
    """Yield the fields made by `tables_by_language`."""
    for field in dataclasses.fields(table):
        if "table" in field.metadata:
            yield field


def _is_language_table(table: type, key: str, value: object) -> bool:
    return (
        isinstance(value, dict)
        and values.LANGUAGE.fullmatch(key) is not None
        and key not in _fields_by_key(table)
        and any(_language_fields(table))
    )


def _holds_only_texts(value: object) -> bool:
    return not isinstance(value, list) or all(
        isinstance(text, str) for text in value
    )


def _dotted(key: str, value: object) -> str:
    """Return the key as probably intended: TOML reads bbc.co.uk without quotes as nested tables."""
    while isinstance(value, dict) and len(value) == 1:
        ((part, value),) = value.items()
        key += f".{part}"
    return key
