"""The program in a terminal of its own, as a person sees it."""

import os
import pty
from pathlib import Path
from pkgutil import walk_packages

import briefing
from tests.forked import start, wait

MODULES = [
    module.name
    for module in walk_packages(briefing.__path__, "briefing.")
    if module.name != "briefing.__main__"
]
"""What the commands import, so that each process needn't."""
SAFETY_NET = 60
"""Seconds after which a process that hangs fails its test."""


def in_terminal(
    folder: Path, arguments: list[str], answer: str = "", **environment: str
) -> tuple[str, int]:
    """Return what the program prints in a terminal where `answer` is typed, and its exit code."""
    ours, theirs = pty.openpty()
    child = start(
        arguments,
        {**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment},
        [theirs] * 3,
        modules=MODULES,
        folder=folder,
        timeout=SAFETY_NET,
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    output = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # on Linux: the other side is closed
            break
        if not chunk:
            break
        output += chunk
    os.close(ours)
    return output.decode().replace("\r\n", "\n"), wait(
        child, timeout=SAFETY_NET
    )


def converse(
    folder: Path, arguments: list[str], answers: list[str], **environment: str
) -> tuple[str, int]:
    """Return what the program prints and its exit code, as `in_terminal`; each answer is typed only
    after its question, since the question for a password drops what was typed before it.
    """
    ours, theirs = pty.openpty()
    child = start(
        arguments,
        {**os.environ, "TERM": "xterm", "NO_COLOR": "1", **environment},
        [theirs] * 3,
        modules=MODULES,
        folder=folder,
        # Otherwise /dev/tty would be the terminal of whoever runs the tests.
        in_new_session=True,
        timeout=SAFETY_NET,
    )
    os.close(theirs)
    waiting = list(answers)
    output = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # on Linux: the other side is closed
            break
        if not chunk:
            break
        output += chunk
        if _is_question(output):
            # Without another answer, the end of the input: Ctrl-D.
            typed = f"{waiting.pop(0)}\n" if waiting else "\x04"
            os.write(ours, typed.encode())
    os.close(ours)
    return output.decode().replace("\r\n", "\n"), wait(
        child, timeout=SAFETY_NET
    )


def _is_question(output: bytes) -> bool:
    last_line = output.rpartition(b"\n")[2]
    is_label = last_line in {b"note: ", b"error: ", b"briefing: "}
    return last_line.endswith(b": ") and not is_label
