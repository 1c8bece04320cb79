"""The child process of `limited`: it waits for calls, and answers them one after the other.

The kernel limits it to some seconds of CPU time a call, an amount of memory (on Linux; macOS doesn't
enforce it), files of 0 bytes, no core dump, and no further process unless it is for one call that
needs threads. Python refuses to open a connection, to start a program and to write to a file. Its
environment is empty, so it has no key or password. It can read the files that the user can read: only
its result leaves it.
"""

import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, get_type_hints

from briefing import imports
from briefing.bugs import describe_bug
from briefing.errors import BriefingError, FetchError, FileError, LimitError

from .plain_data import from_parts, to_parts
from .time_limit import OutOfTimeError, time_limit

MOST_SECONDS = 10
"""Of CPU time. A long page takes a second."""
MOST_MEMORY = 2 * 1024**3
"""Bytes of address space; a photo of 65 megapixels needs half of it."""

_LENGTH = 8
_CHUNK = 1 << 20
_SOCKET = 0
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
)
"""What Python's audit events for these begin with."""


@dataclass(frozen=True, slots=True)
class Call:
    """Which function is called, and how many seconds of CPU time it may take."""

    module: str
    function: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a function raised."""

    error: str
    """The name of a class in `errors`; "" for any other exception."""
    message: str
    place: str = ""
    """The file or address that caused it."""
    line: int | None = None


class Channel:
    """Lists of byte strings over a stream, each preceded by its length."""

    def __init__(
        self, receive: Callable[[int], bytes], send: Callable[[bytes], object]
    ) -> None:
        self._receive = receive
        self._send = send

    def write(self, parts: Sequence[bytes]) -> None:
        frame = [len(parts).to_bytes(_LENGTH)]
        for part in parts:
            frame += [len(part).to_bytes(_LENGTH), part]
        self._send(b"".join(frame))

    def read(self, most: int) -> list[bytes]:
        """Return a list of at most `most` bytes. Raises EOFError, or ValueError if it is larger."""
        number = self._number()
        parts = []
        for _ in range(number):
            length = self._number()
            most -= length + _LENGTH
            if most < 0:
                raise ValueError("is too large to be read")
            parts.append(self._exactly(length))
        return parts

    def _number(self) -> int:
        return int.from_bytes(self._exactly(_LENGTH))

    def _exactly(self, length: int) -> bytes:
        pieces = []
        while length:
            piece = self._receive(min(length, _CHUNK))
            if not piece:
                raise EOFError
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)


def main(module: str, may_start_threads: bool) -> None:
    """Answer calls until the parent closes the connection."""
    _limit(may_start_threads)
    with imports.gc_paused():
        import_module(module)
    channel = Channel(lambda most: os.read(_SOCKET, most), _write_all)
    while True:
        try:
            parts = channel.read(sys.maxsize)
        except (EOFError, OSError):
            return
        channel.write(_answer(parts))


def _answer(parts: Sequence[bytes]) -> list[bytes]:
    """Call a function, and return its failure, or None followed by its result."""
    call: Call = from_parts(Call, parts[:1])
    try:
        result = _run(call, parts[1:])
    except BriefingError as error:
        return to_parts(_failure(error))
    except OutOfTimeError as error:
        return to_parts(Failure("", str(error)))
    except MemoryError:
        return to_parts(Failure("", "needs too much memory"))
    except Exception as error:  # noqa: BLE001  # a bug in a library, on data made to trigger it
        return to_parts(
            Failure("", f"can't be read because of {describe_bug(error)}")
        )
    return [*to_parts(None), *to_parts(result)]


def _run(call: Call, parts: Sequence[bytes]) -> object:
    function = getattr(import_module(call.module), call.function)
    hints = get_type_hints(function)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    expected = tuple(hints[name] for name in names)
    arguments = from_parts(tuple[expected], parts)  # type: ignore[valid-type]
    with time_limit(call.seconds):
        result: object = function(*arguments)
    return result


def _failure(error: BriefingError) -> Failure:
    name = type(error).__name__
    if isinstance(error, FileError):
        return Failure(name, error.message, str(error.path), error.line)
    if isinstance(error, FetchError | LimitError):
        return Failure(name, error.message, error.args[0])
    return Failure(name, str(error))


def _write_all(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(_SOCKET, view) :]


def _limit(may_start_threads: bool) -> None:
    limits = [
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]
    if not may_start_threads:  # the kernel counts threads as processes
        limits.append((resource.RLIMIT_NPROC, 0))
    for limit, most in limits:
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):
            continue  # macOS refuses some of them
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    is_writing = event == "open" and bool((arguments[2] or 0) & _WRITING)
    if is_writing or event.startswith(_REFUSED):
        raise PermissionError(f"{event} isn't allowed here")
