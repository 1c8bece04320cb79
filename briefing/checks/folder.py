"""Rules on the newsletter's folder: the list, the ledger and the keys must stay private.

Messages name files, never their contents.
"""

import os
import re
import shlex
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from briefing.errors import display_path
from briefing.newsletter import SAMPLE_LIST

from .cloud_folders import home_folder, synchronised_by
from .inspected import InspectedEdition
from .rule import ERROR, WARNING, Problem, Problems, rule

PRIVATE = re.compile(
    r"[^/]*subscribers[^/]*\.[^/]*|[^/]*\.csv[^/]*|.*\.age~?|\.briefing|\.env",
    re.IGNORECASE,
)
"""Names of private files at the top of the newsletter's folder, and of copies of them: editors save the
list as a spreadsheet, and an exported list may have any name.
"""
ALWAYS_PRIVATE = (
    ".briefing",
    "rehearsal",
    "subscribers.csv",
    "subscribers.csv.age",
)


@rule("synchronised-folder", WARNING, "a folder that is copied to a cloud")
def synchronised_folder(inspected: InspectedEdition) -> Problems:
    """A program copies the newsletter's folder to a cloud, so your subscriber list is in the cloud
    too, and the record of who got what (the ledger) may be damaged. Move the folder, and share
    issues with git.
    """
    root = inspected.newsletter.root
    program = synchronised_by(root, home_folder())
    if program:
        message = (
            f"{program} copies this folder to a cloud, so your subscriber list is there too, "
            "and the record of who got what may be damaged"
        )
        advice = "move the folder elsewhere, and share the issues with git"
        yield Problem(f"{message}; {advice}", path=root)


@rule("private-file-in-git", ERROR)
def private_file_in_git(inspected: InspectedEdition) -> Problems:
    """The subscriber list, a key, the ledger or the file set as `never` under `[check]` is or was
    in git, so everyone with a copy of the repository has it. Run the command that the finding
    shows, and rewrite the history. All tables (`.csv`) at the top of the newsletter's folder count
    as lists.
    """
    private = _private_names(inspected)
    tracked = _private_among(inspected.git.tracked, private)
    past = _private_among(inspected.git.ever_tracked, private)
    for name in sorted(tracked | past):
        quoted_name = shlex.quote(name)
        purge = f"git filter-repo --invert-paths --path {quoted_name}"
        rewrite = f"rewrite the history: {purge} (afterwards, everyone must clone the repository again)"
        if name in tracked:
            history = f"; commit that, then {rewrite}" if name in past else ""
            command = f"git rm -r --cached -- {quoted_name}{history}"
            message = f"is in git, so everyone with a copy of the repository has it; run: {command}"
        else:
            message = f"was in git once, so everyone with a copy of the repository's history has it; {rewrite}"
        yield Problem(message, path=inspected.newsletter.root / name)


@rule("private-file-not-ignored", ERROR)
def private_file_not_ignored(inspected: InspectedEdition) -> Problems:
    """Git doesn't ignore the subscriber list, a key, the ledger or the file set as `never` under
    `[check]`: the next `git add` would include it. Run the command that the finding shows, which
    adds it to .gitignore.
    """
    root = inspected.newsletter.root
    git = inspected.git
    private = _private_names(inspected)
    tracked = _private_among(git.tracked, private)
    there = [name for name in private if os.path.lexists(root / name)]
    untracked = [name for name in there if name not in tracked]
    if not untracked or not git.has_repository:
        return
    ignored = git.ignored(untracked)
    for name in untracked:
        if name not in ignored:
            command = f"echo {shlex.quote('/' + name)} >> .gitignore"
            message = f"isn't ignored by git, so the next 'git add' would include it; run: {command}"
            yield Problem(message, path=root / name)


@rule("readable-by-others", WARNING, "files that others can read")
def readable_by_others(inspected: InspectedEdition) -> Problems:
    """Other users of this computer can read the subscriber list, a key or the ledger. Run the
    command that the finding shows.
    """
    for name in _private_names(inspected):
        path = inspected.newsletter.root / name
        argument = shlex.quote(display_path(path))
        if path.is_dir():
            count = sum(map(_is_open_to_others, (path, *_below(path))))
            what = (
                "files and folders in it are"
                if count > 1
                else "file or folder in it is"
            )
            message = f"{count} {what} open to other users of this computer; run: chmod -R go= {argument}"
            if count:
                yield Problem(message, path=path)
        elif _is_open_to_others(path):
            yield Problem(
                f"other users of this computer can read it; run: chmod 600 {argument}",
                path=path,
            )


def _private_names(inspected: InspectedEdition) -> list[str]:
    """Return the private paths in the newsletter's folder, whether or not they exist."""
    names = {*ALWAYS_PRIVATE, *_file_of_never_words(inspected)}
    for path in inspected.newsletter.root.iterdir():
        if _is_private(path.name):
            names.add(path.name)
    return sorted(names)


def _is_private(name: str) -> bool:
    return PRIVATE.fullmatch(name) is not None and name.lower() != SAMPLE_LIST


def _file_of_never_words(inspected: InspectedEdition) -> Iterator[str]:
    """Yield the file named by [check] never, if it is in the newsletter's folder."""
    name = os.path.normpath(inspected.settings.check.never or "..")
    if not name.startswith(("..", "/")):
        yield name


def _private_among(names: Iterable[str], private: Collection[str]) -> set[str]:
    """Return the private ones among these names, and the private folders that contain any of them."""
    found = set()
    for name in names:
        first = name.partition("/")[0]
        if name in private:
            found.add(name)
        elif first in private or _is_private(name):
            found.add(first)
    return found


def _below(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder):
        for name in (*folders, *names):
            yield Path(above, name)


def _is_open_to_others(path: Path) -> bool:
    """Whether anyone but the owner has access to a file. A link's own permissions don't count."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & 0o077)
