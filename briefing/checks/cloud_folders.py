"""Recognise folders that a program synchronises with a cloud or another computer."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from briefing.checks import tables


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
    for program in cloud_folders["programs"]:
        names = "|".join(program["names"])
        is_named = re.fullmatch(names, folder.name, re.IGNORECASE)
        if is_named or any(_has(folder, mark) for mark in program["marks"]):
            yield program["name"]
    if folder.parent == home and folder.name in cloud_folders["at_home"]:
        yield cloud_folders["at_home"][folder.name]


def _has(folder: Path, mark: str) -> bool:
    place = folder / mark
    try:
        if mark == ".dropbox":
            # Dropbox keeps a folder of that name in every home, and a file in what it synchronises.
            return place.is_file()
        # Looking for one name takes a fraction of looking for a pattern.
        return any(folder.glob(mark)) if "*" in mark else place.exists()
    except OSError:
        return False
