"""Notice which files of some folders have changed, without reading them."""

import os
from collections.abc import Iterable
from pathlib import Path

Stamp = frozenset[tuple[str, int, int, int]]
"""The path, inode, size and time of each file."""


def stamp(
    folders: Iterable[Path], without: frozenset[Path] = frozenset()
) -> Stamp:
    """Return a value that is another one when a file directly in a folder was written, added or
    removed, except for those in `without`. Folders that are missing have no files.
    """
    found = set()
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                files = [entry for entry in entries if entry.is_file()]
        except OSError:
            continue
        for entry in files:
            if Path(entry.path) not in without:
                found.add(_stamp_of(entry))
    return frozenset(found)


def _stamp_of(entry: os.DirEntry[str]) -> tuple[str, int, int, int]:
    try:
        status = entry.stat()
    except OSError:
        # It disappeared just now.
        return entry.path, 0, 0, 0
    return entry.path, status.st_ino, status.st_size, status.st_mtime_ns
