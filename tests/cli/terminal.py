"""The program in a terminal of its own, as a person sees it."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path


def in_terminal(folder: Path, arguments: list[str], answer: str = "", **environment: str) -> tuple[str, int]:
    """What the program says in a terminal of its own where `answer` is typed, and its exit code."""
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
    said = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # on Linux: the other side is closed
            break
        if not more:
            break
        said += more
    os.close(ours)
    return re.sub(r"\r\n", "\n", said.decode()), child.wait(timeout=30)
