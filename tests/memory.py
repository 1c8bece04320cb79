"""A folder in memory for what tests write: a disk would have to sync each file and ledger."""

import os
from pathlib import Path

FOLDER = Path("/dev/shm")  # noqa: S108  # pytest makes folders of its own there
"""Linux's file system in memory (shm_overview(7))."""
LEAST_SPACE = 2 << 30
"""Bytes that must be free; a container often has only 64 MB."""


def memory_folder(folder: Path = FOLDER) -> Path | None:
    """Return the folder if tests can write there and start programs from there; otherwise None."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return None
    system = os.statvfs(folder)
    can_start_programs = not system.f_flag & os.ST_NOEXEC
    free = system.f_bavail * system.f_frsize
    return folder if can_start_programs and free >= LEAST_SPACE else None
