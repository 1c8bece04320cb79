"""The program as a process of its own, without a terminal."""

import os
import subprocess
from pathlib import Path

from tests.forked import Forked, fork

SAFETY_NET = 120
"""Seconds after which a process that hangs fails its test."""


def begin(folder: Path, *arguments: str, **environment: str) -> Forked:
    """Start `briefing` with arguments in a folder, with further variables in its environment."""
    return fork(
        arguments,
        {**os.environ, **environment},
        folder=folder,
        timeout=SAFETY_NET,
    )


def finish(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The same, and wait for its end."""
    process = begin(folder, *arguments, **environment)
    stdout, stderr = process.communicate(SAFETY_NET)
    assert process.returncode is not None
    return subprocess.CompletedProcess(
        arguments, process.returncode, stdout, stderr
    )
