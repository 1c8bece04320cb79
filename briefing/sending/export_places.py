"""Whether others could get a file with addresses in the folder where it is to go."""

import stat
from pathlib import Path

from briefing.checks import cloud_folders
from briefing.checks.git import Git
from briefing.errors import display_path

from .preflight import safe_folder

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def find_risk(file: Path) -> str:
    """Return a sentence that says who could get the file; empty if no risk is known."""
    folder = file.absolute().parent
    shown = display_path(folder)
    program = cloud_folders.synchronised_by(folder, cloud_folders.home_folder())
    if program:
        return f"{program} copies {shown} to the cloud, and the file with it."
    if safe_folder.find_risk(folder):
        return f"{shown} is on a network drive or a disk without permissions."
    if _is_shared(folder):
        return f"Other users of this computer can write to {shown}."
    git = Git(folder)
    if git.has_repository and not git.ignored([file.name]):
        return f"{shown} is in a git repository, so the file could be committed with it."
    return ""


def _is_shared(folder: Path) -> bool:
    try:
        return bool(folder.stat().st_mode & _OTHERS_WRITE)
    except OSError:
        return False
