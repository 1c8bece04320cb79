"""The program in a terminal of its own, as a person sees it."""

import os
import pty
import subprocess
import sys
from pathlib import Path


def in_terminal(
    folder: Path, arguments: list[str], answer: str = "", **environment: str
) -> tuple[str, int]:
    """Return what the program prints in a terminal where `answer` is typed, and its exit code."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "briefing", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment},
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
    return output.decode().replace("\r\n", "\n"), child.wait(timeout=60)


def converse(
    folder: Path, arguments: list[str], answers: list[str], **environment: str
) -> tuple[str, int]:
    """Return what the program prints and its exit code, as `in_terminal`; each answer is typed only
    after its question, since the question for a password drops what was typed before it.
    """
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "briefing", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", **environment},
        start_new_session=True,  # /dev/tty would be the terminal of whoever runs the tests
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
    return output.decode().replace("\r\n", "\n"), child.wait(timeout=60)


def _is_question(output: bytes) -> bool:
    last_line = output.rpartition(b"\n")[2]
    is_label = last_line in {b"note: ", b"error: ", b"briefing: "}
    return last_line.endswith(b": ") and not is_label
