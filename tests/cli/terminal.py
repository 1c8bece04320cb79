"""The program in a terminal of its own, as a person sees it."""

import os
import pty
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.forked import start, wait

SAFETY_NET = 60
"""Seconds after which a process that hangs fails its test."""


def in_terminal(
    folder: Path, arguments: list[str], answer: str = "", **environment: str
) -> tuple[str, int]:
    """Return what the program prints in a terminal where `answer` is typed, and its exit code."""
    terminal, child = _start(
        folder, arguments, {"COLUMNS": "80", **environment}
    )
    os.write(terminal, answer.encode())
    output = b"".join(_printed(terminal))
    return _text(output), wait(child, timeout=SAFETY_NET)


def converse(
    folder: Path, arguments: list[str], answers: list[str], **environment: str
) -> tuple[str, int]:
    """Return what the program prints and its exit code, as `in_terminal`; each answer is typed only
    after its question, since the question for a password drops what was typed before it.
    """
    terminal, child = _start(
        folder,
        arguments,
        {"NO_COLOR": "1", **environment},
        # Otherwise /dev/tty would be the terminal in which the tests run.
        in_new_session=True,
    )
    waiting = list(answers)
    output = b""
    for chunk in _printed(terminal):
        output += chunk
        if _is_question(output):
            # Without another answer, the end of the input: Ctrl-D.
            typed = f"{waiting.pop(0)}\n" if waiting else "\x04"
            os.write(terminal, typed.encode())
    return _text(output), wait(child, timeout=SAFETY_NET)


def _start(
    folder: Path,
    arguments: list[str],
    environment: Mapping[str, str],
    *,
    in_new_session: bool = False,
) -> tuple[int, int]:
    """Start the program in a terminal; return our side of that, and the number of the process."""
    ours, theirs = pty.openpty()
    child = start(
        arguments,
        {**os.environ, "TERM": "xterm", **environment},
        [theirs] * 3,
        folder=folder,
        in_new_session=in_new_session,
        timeout=SAFETY_NET,
    )
    os.close(theirs)
    return ours, child


def _printed(terminal: int) -> Iterator[bytes]:
    """Yield what is printed as it comes, and close the terminal after the program has."""
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # on Linux: the other side is closed
            break
        if not chunk:
            break
        yield chunk
    os.close(terminal)


def _text(output: bytes) -> str:
    return output.decode().replace("\r\n", "\n")


def _is_question(output: bytes) -> bool:
    last_line = output.rpartition(b"\n")[2]
    is_label = last_line in {b"note: ", b"error: ", b"briefing: "}
    return last_line.endswith(b": ") and not is_label
