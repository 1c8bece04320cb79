"""Small files in which the program remembers something, as JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from briefing.errors import FileError

from . import files

T = TypeVar("T")


def read(path: Path, build: Callable[[Any], T], damaged: str) -> T | None:
    """Return what `build` makes of a file's content; None if there is no such file.

    Raises FileError with the message `damaged` if the file can't be read, or if `build` can't take it
    apart.
    """
    try:
        return build(json.loads(files.read(path)))
    except FileNotFoundError:
        return None
    except (
        OSError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        RecursionError,
    ) as error:
        raise FileError(path, damaged) from error


def write_private(path: Path, value: object) -> None:
    """Replace a file that only its owner can read. Raises BriefingError."""
    files.write_private(path, f"{json.dumps(value, indent=1)}\n".encode())
