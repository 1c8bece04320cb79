"""Recognise folders that a program synchronises with a cloud or another computer."""

import fnmatch
import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from . import tables


def home_folder() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:  # the system has no home folder for this user
        return None


def synchronised_by(folder: Path, home: Path | None = None) -> str:
    """Return the name of the program that synchronises a folder; empty if none is detected."""
    for above in _folders_above(folder):
        for program in _programs_of(above, home):
            return program
    return ""


def _folders_above(folder: Path) -> Iterable[Path]:
    """Return the folder and all its parents, both by the path passed in and by the real path; each
    once, since looking into folders takes time.
    """
    here = folder.absolute()
    real = Path(os.path.realpath(folder))
    return dict.fromkeys([here, *here.parents, real, *real.parents])


def _programs_of(folder: Path, home: Path | None) -> Iterator[str]:
    cloud_folders = tables.table("cloud_folders")
    inside = _names_in(folder)
    for program in cloud_folders["programs"]:
        names = "|".join(program["names"])
        is_named = re.fullmatch(names, folder.name, re.IGNORECASE)
        is_marked = any(_is_among(inside, mark) for mark in program["marks"])
        if is_named or is_marked:
            yield program["name"]
    if folder.parent == home and folder.name in cloud_folders["at_home"]:
        yield cloud_folders["at_home"][folder.name]


def _names_in(folder: Path) -> frozenset[str]:
    """Return the names of files and folders in a folder that may be marks; none if it can't be listed."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(
                entry.name for entry in entries if _may_be_mark(entry)
            )
    except OSError:
        return frozenset()


def _may_be_mark(entry: os.DirEntry[str]) -> bool:
    """Whether a name can be a mark: Dropbox keeps a folder called `.dropbox` in every home, and a file of that name in
    what it synchronises.
    """
    return entry.name != ".dropbox" or entry.is_file()


def _is_among(names: Collection[str], mark: str) -> bool:
    """Whether a mark is one of the names, or a pattern that fits one."""
    return bool(fnmatch.filter(names, mark)) if "*" in mark else mark in names
