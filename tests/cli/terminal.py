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
