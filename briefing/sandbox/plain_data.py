"""Turn dataclasses into JSON and byte strings, and back by their annotations.

Unlike pickle, reading runs no code: whatever the data says, only values of the expected type are
made.
"""

import datetime as dt
import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

_SEQUENCES = (list, tuple, Sequence)
_MAPPINGS = (dict, Mapping)


def to_parts(value: object) -> list[bytes]:
    """Return a value as JSON, followed by the byte strings in it, to which the JSON refers by
    number.
    """
    blobs: list[bytes] = []
    plain = _to_plain(value, blobs)
    return [json.dumps(plain).encode(), *blobs]


def from_parts(expected: Any, parts: Sequence[bytes]) -> Any:
    """Return the value that `to_parts` wrote, of an expected type. Raises ValueError for anything
    else.
    """
    try:
        plain = json.loads(parts[0])
        return _read(expected, plain, parts[1:])
    except (TypeError, LookupError, RecursionError, AttributeError) as error:
        raise ValueError(f"isn't {expected}") from error


def _to_plain(value: Any, blobs: list[bytes]) -> Any:
    if isinstance(value, bytes):
        blobs.append(value)
        return len(blobs) - 1
    if is_dataclass(value) and not isinstance(value, type):
        return [
            _to_plain(getattr(value, name), blobs)
            for name in _names(type(value))
        ]
    if isinstance(value, Mapping):
        pairs = value.items()
        return [[_to_plain(k, blobs), _to_plain(v, blobs)] for k, v in pairs]
    if isinstance(value, list | tuple):
        return [_to_plain(element, blobs) for element in value]
    return _simple(value)


def _simple(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} can't be sent")


def _read(expected: Any, plain: Any, blobs: Sequence[bytes]) -> Any:
    origin = typing.get_origin(expected) or expected
    arguments = typing.get_args(expected)
    if origin in {types.UnionType, typing.Union}:
        return _read_any(arguments, plain, blobs)
    if origin in _SEQUENCES:
        return _read_sequence(origin, arguments, _a_list(plain), blobs)
    if origin in _MAPPINGS:
        key, value = arguments
        pairs = _a_list(plain)
        return {_read(key, k, blobs): _read(value, v, blobs) for k, v in pairs}
    if is_dataclass(origin):
        return _read_dataclass(origin, _a_list(plain), blobs)
    return _read_value(origin, plain, blobs)


def _read_any(types_: Sequence[Any], plain: Any, blobs: Sequence[bytes]) -> Any:
    for candidate in types_:
        try:
            return _read(candidate, plain, blobs)
        except (ValueError, TypeError, LookupError):
            continue
    raise ValueError("is of none of the expected types")


def _read_sequence(
    origin: Any,
    arguments: Sequence[Any],
    plain: list[Any],
    blobs: Sequence[bytes],
) -> Any:
    if origin is tuple and arguments[-1:] != (...,):
        pairs = zip(arguments, plain, strict=True)
        return tuple(_read(expected, part, blobs) for expected, part in pairs)
    elements = [_read(arguments[0], element, blobs) for element in plain]
    return tuple(elements) if origin is tuple else elements


def _read_dataclass(
    expected: Any, plain: list[Any], blobs: Sequence[bytes]
) -> Any:
    hints = _hints(expected)
    values = {}
    for name, value in zip(_names(expected), plain, strict=True):
        values[name] = _read(hints[name], value, blobs)
    return expected(**values)


def _read_value(expected: Any, plain: Any, blobs: Sequence[bytes]) -> Any:
    if expected is bytes:
        return blobs[_checked(int, plain)]
    if expected in _FROM_TEXT:
        return _FROM_TEXT[expected](_checked(str, plain))
    if isinstance(expected, type) and issubclass(expected, Enum):
        return expected(plain)
    return _checked(expected, plain)


_FROM_TEXT: dict[Any, Callable[[str], Any]] = {
    dt.date: dt.date.fromisoformat,
    Path: Path,
}


def _checked(expected: Any, plain: Any) -> Any:
    """Return a value of exactly this type: True is an int as well, but isn't meant."""
    wanted = type(None) if expected is None else expected
    if type(plain) is not wanted:
        raise ValueError(f"is {type(plain).__name__} instead of {expected}")
    return plain


def _a_list(plain: Any) -> list[Any]:
    checked: list[Any] = _checked(list, plain)
    return checked


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.init)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)
