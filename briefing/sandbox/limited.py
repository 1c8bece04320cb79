"""Run functions on untrusted data in child processes, with limits on time, memory and output.

A page, feed, document, photo or template may be made to keep a program busy for ever, to fill its
memory, or to exploit a bug in a library written in C. So each is read in a child process;
`child` says what it can't do there. A few children stay and wait for the next call.

Arguments and results are plain data (see `plain_data`), so a child that was taken over can return
wrong values, but can't run anything here. It is started as a new program: a copy of this process
would have the list of subscribers in its memory, and copying it is unsafe while other threads run.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar, get_type_hints

from briefing import errors
from briefing.errors import BriefingError, FetchError, FileError, LimitError
from briefing.text.counts import counted

from .child import MOST_SECONDS, Call, Channel, Failure
from .plain_data import from_parts, to_parts

Result = TypeVar("Result")

MOST_CHILDREN = max(2, min(os.cpu_count() or 1, 4))
MOST_OUTPUT = 150 * 1024 * 1024
"""Bytes that a function may return."""
PATIENCE = 6
"""How many times its CPU time a function may take by the clock: other programs may be busy."""
_DYING = 1
"""Seconds in which a child that closed the connection ends."""
_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""All that a child gets: Python itself may need them to start."""
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from briefing.sandbox.child import main; "
    "main(sys.argv[2], bool(sys.argv[3]))"
)


def run_limited(
    function: Callable[..., Result],
    *arguments: object,
    name: str,
    remedy: str,
    seconds: int = MOST_SECONDS,
    may_start_threads: bool = False,
) -> Result:
    """Call a function of a module in a child process, and return its result.

    `name` and `remedy` are for the error: what the data is called, and what the user can do. The
    annotations of the function say how its arguments and result are read. `seconds` are of CPU
    time. With `may_start_threads` the child is for this call only, and it can also start
    processes. Raises the function's BriefingError, or LimitError if it exceeds a limit or fails.
    """
    call = Call(function.__module__, function.__qualname__, seconds)
    try:
        outcome = _POOL.ask(call, arguments, may_start_threads)
    except _ChildError as error:
        raise LimitError(name, f"{error}; {remedy}") from None
    if isinstance(outcome, Failure):
        raise _error(outcome, name, remedy)
    try:
        expected = get_type_hints(function)["return"]
        result: Result = from_parts(expected, outcome)
    except ValueError:
        raise LimitError(name, f"can't be understood; {remedy}") from None
    return result


def prepare(module: str) -> None:
    """Start a child, if none is waiting, and let it import a module, so that it is ready when one
    of the module's functions is called.
    """
    _POOL.prepare(module)


def end_children() -> None:
    """End all children, also busy ones; the next call starts a new one."""
    _POOL.end()


def _error(failure: Failure, name: str, remedy: str) -> BriefingError:
    """Return the error that a function raised in a child."""
    kind = getattr(errors, failure.error, None)
    if not isinstance(kind, type) or not issubclass(kind, BriefingError):
        return LimitError(name, f"{failure.message}; {remedy}")
    if issubclass(kind, FileError):
        return kind(failure.place, failure.message, line=failure.line)
    if issubclass(kind, FetchError | LimitError):
        return kind(failure.place, failure.message)
    return kind(failure.message)


class _ChildError(Exception):
    """A child exceeded a limit or died; its text says which, to follow a name."""


class _Child:
    """A child process."""

    def __init__(self, module: str, may_start_threads: bool = False) -> None:
        """Start it, to import `module` first."""
        ours, its = socket.socketpair()
        environment = {
            name: os.environ[name]
            for name in _ENVIRONMENT
            if name in os.environ
        }
        with its:
            self._process = subprocess.Popen(  # noqa: S603  # this Python, with our own module
                [
                    sys.executable,
                    "-I",
                    "-B",
                    *("-X", "utf8"),
                    *("-c", _START),
                    json.dumps([os.path.abspath(entry) for entry in sys.path]),  # noqa: PTH100  # "" is this folder
                    module,
                    "threads" if may_start_threads else "",
                ],
                stdin=its.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd="/",
                # Ctrl-C reaches all programs in the terminal's group, but a child is ended from here.
                process_group=0,
            )
        self._socket = ours
        self._channel = Channel(self._receive, self._send)
        self._deadline = 0.0

    def ask(
        self, call: Call, arguments: Sequence[object]
    ) -> Failure | Sequence[bytes]:
        """Return a function's result, still as parts. Raises _ChildError."""
        self._deadline = time.monotonic() + call.seconds * PATIENCE
        try:
            self._channel.write([*to_parts(call), *to_parts(list(arguments))])
            parts = self._channel.read(MOST_OUTPUT)
            failure: Failure | None = from_parts(Failure | None, parts[:1])
        except TimeoutError:
            raise _ChildError(_too_long(call)) from None
        except (OSError, EOFError, ValueError):
            raise _ChildError(self._cause_of_death(call)) from None
        return failure or parts[1:]

    def _receive(self, most: int) -> bytes:
        self._limit_wait()
        return self._socket.recv(most)

    def _send(self, data: bytes) -> None:
        self._limit_wait()
        self._socket.sendall(data)

    def _limit_wait(self) -> None:
        remaining = self._deadline - time.monotonic()
        self._socket.settimeout(max(0.001, remaining))

    def _cause_of_death(self, call: Call) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING)
        self.end()
        if self._process.returncode == -signal.SIGXCPU:
            return _too_long(call)
        return "can't be read, or needs too much memory"

    def end(self) -> None:
        """Kill it, without leaving a zombie."""
        self._process.kill()
        self._process.wait()
        self._socket.close()


def _too_long(call: Call) -> str:
    return f"takes longer than {counted(call.seconds, 'second')}"


class _Pool:
    """Children that wait for a call, and how many there are."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[_Child] = []
        self._busy: set[_Child] = set()

    def prepare(self, module: str) -> None:
        with self._changed:
            if not self._waiting and len(self._busy) < MOST_CHILDREN:
                self._waiting.append(_Child(module))

    def ask(
        self,
        call: Call,
        arguments: Sequence[object],
        may_start_threads: bool,
    ) -> Failure | Sequence[bytes]:
        child = self._take(call.module, may_start_threads)
        is_usable = False
        try:
            outcome = child.ask(call, arguments)
            is_usable = not may_start_threads
        finally:
            with self._changed:
                self._busy.discard(child)
                if is_usable:
                    self._waiting.append(child)
                self._changed.notify()
            if not is_usable:
                child.end()
        return outcome

    def _take(self, module: str, may_start_threads: bool) -> _Child:
        with self._changed:
            waiting = [] if may_start_threads else self._waiting
            while not waiting and len(self._busy) >= MOST_CHILDREN:
                self._changed.wait()
            child = (
                waiting.pop() if waiting else _Child(module, may_start_threads)
            )
            self._busy.add(child)
            return child

    def end(self) -> None:
        """Kill all children, also the busy ones."""
        with self._changed:
            for child in [*self._waiting, *self._busy]:
                child.end()
            self._waiting.clear()


_POOL = _Pool()
atexit.register(end_children)
