"""The newsletter's folder: that the list, the ledger and the keys stay on this machine, with the people they belong to.

Messages name files, never what stands in them.
"""

import os
import re
import shlex
import stat
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from briefing.checks.rule import Inspected, Place, Severity, rule
from briefing.errors import shown

PRIVATE = re.compile(r"\.?~?(?:\.~lock\.)?subscribers[^/]*\.csv.*|.*\.age~?|\.briefing|\.env", re.IGNORECASE)
"""Names, right in the newsletter's folder, of what is nobody else's business: with editors' copies (`~`, `.swp`)."""
EXAMPLE = re.compile(r"subscribers\.example\.csv", re.IGNORECASE)

# What the folders of programs that synchronise are called, and what these leave in them.
SYNCHRONISED = (
    ("OneDrive", r"OneDrive(?: - .+)?|OneDrive-.+", (".849C9593-D756-4E56-8D6E-42412F2A707B",)),
    ("iCloud Drive", r"Mobile Documents|com~apple~CloudDocs|iCloud ?Drive", ()),
    ("Dropbox", r"Dropbox(?: \(.+\)|-.+)?", (".dropbox", ".dropbox.cache")),
    ("Google Drive", r"Google ?Drive(?:-.+)?|My Drive", (".tmp.driveupload", ".tmp.drivedownload")),
    ("Nextcloud", r"Nextcloud\d*", (".nextcloudsync.log",)),
    ("Nextcloud or ownCloud", r"ownCloud(?: - .+)?", (".sync_*.db", "._sync_*.db", ".owncloudsync.log")),
    ("Box", r"Box(?: Sync|-Box|-.+)", ()),
    ("pCloud", r"p[Cc]loud ?(?:Drive|Sync)", ()),
    ("MEGA", r"MEGA ?[Ss]ync(?: Downloads| Uploads)?", (".megaignore",)),
    ("Syncthing", r"Syncthing", (".stfolder", ".stversions", ".stignore")),
    ("a cloud drive", r"CloudStorage", ()),
)
AT_HOME = {"Box": "Box", "MEGA": "MEGA"}
"""Names that say something only right below somebody's home."""
SECONDS = 10
"""A repository that git can't answer for in this time (on a network disk, say) isn't checked."""


@rule("synchronised-folder", Severity.WARNING)
def synchronised_folder(inspected: Inspected) -> Iterator[Place]:
    """The newsletter lies where a program copies it to a cloud: the list would be there, and the ledger of who got what
    could break. Move it out, and share issues by git."""
    root = inspected.newsletter.root
    program = synchronised_by(root)
    if program:
        message = f"{program} synchronises this folder: the list would be in a cloud, and the ledger could break; "
        yield Place(f"{message}move it elsewhere, and share the issues by git", path=root)


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:  # nobody knows this user
        return None


def synchronised_by(root: Path) -> str:
    """The program that synchronises a folder, by its name and those above it, and what lies in them; empty if none."""
    chains = dict.fromkeys((root.absolute(), Path(os.path.realpath(root))))
    folders = (folder for start in chains for folder in (start, *start.parents))
    return next((program for folder in folders for program in _programs(folder)), "")


def _programs(folder: Path) -> Iterator[str]:
    for program, names, marks in SYNCHRONISED:
        if re.fullmatch(names, folder.name) or any(_lies_in(folder, mark) for mark in marks):
            yield program
    if folder.name in AT_HOME and folder.parent == _home():
        yield AT_HOME[folder.name]


def _lies_in(folder: Path, mark: str) -> bool:
    try:
        # Dropbox keeps a folder `.dropbox` in every home, and a file of that name in what it synchronises.
        return any(mark != ".dropbox" or path.is_file() for path in folder.glob(mark))
    except OSError:
        return False


@rule("private-file-in-git", Severity.ERROR)
def private_file_in_git(inspected: Inspected) -> Iterator[Place]:
    """The list, a key, the ledger or the file of [check] never is in git, or was: whoever has the repository has it.
    Take it out with the command in the message, and rewrite the history."""
    git = _Git(inspected.newsletter.root)
    private = _private_names(inspected)
    kept = {_top(name, private) for name in git.lines("ls-files", "-z", "--cached")} - {""}
    past = {_top(name, private) for name in git.lines(*_ADDED)}
    for name in sorted(kept | past - {""}):
        path, quoted = inspected.newsletter.root / name, shlex.quote(name)
        if name in kept:
            command = f"git rm -r --cached -- {quoted}"
            history = "; its history needs rewriting, too (git filter-repo)" if name in past else ""
            yield Place(f"is kept in git, for everybody who has the repository; type: {command}{history}", path=path)
        else:
            command = f"git filter-repo --invert-paths --path {quoted}"
            yield Place(f"was in git once, and everybody who has its history has it; rewrite it: {command}", path=path)


@rule("private-file-not-ignored", Severity.ERROR)
def private_file_not_ignored(inspected: Inspected) -> Iterator[Place]:
    """The list, a key, the ledger or the file of [check] never isn't ignored by git: the next `git add` takes it along.
    Add it to .gitignore with the command in the message."""
    root = inspected.newsletter.root
    git = _Git(root)
    private = _private_names(inspected)
    kept = {_top(name, private) for name in git.lines("ls-files", "-z", "--cached")}
    there = [name for name in private if name not in kept and os.path.lexists(root / name)]
    if not there or not git.here:
        return
    ignored = git.lines("check-ignore", "-z", "--stdin", given=there)
    for name in there:
        if name not in ignored:
            command = f"echo {shlex.quote('/' + name)} >> .gitignore"
            yield Place(
                f"isn't ignored by git, so the next 'git add' takes it along; type: {command}", path=root / name
            )


def _private_names(inspected: Inspected) -> list[str]:
    """Paths below the newsletter's folder that are private, whether they are in git or not."""
    root = inspected.newsletter.root
    names = [path.name for path in root.iterdir() if PRIVATE.fullmatch(path.name) and not EXAMPLE.fullmatch(path.name)]
    return sorted({*names, *_never(inspected), ".briefing", "subscribers.csv", "subscribers.csv.age"})


def _never(inspected: Inspected) -> Iterator[str]:
    """The file of [check] never, if it lies in the newsletter's folder."""
    name = os.path.normpath(inspected.newsletter.settings.check.never or "..")
    if not name.startswith(("..", "/")):
        yield name


def _top(name: str, private: Iterable[str]) -> str:
    """Which private thing a file of git is or belongs to: its name, or that of the folder; empty if to none."""
    first = name.partition("/")[0]
    if name in private:
        return name
    if first in private or (PRIVATE.fullmatch(name) and not EXAMPLE.fullmatch(name)):
        return first
    return ""


_ADDED = ("log", "--all", "--format=", "--name-only", "--diff-filter=A", "--no-renames", "--relative", "-z")
"""All files that ever came into a repository."""


class _Git:
    """The git that a folder is in; it answers nothing where there is none, or no program of that name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.here = self.lines("rev-parse", "--is-inside-work-tree") == ["true"]

    def lines(self, *arguments: str, given: Iterable[str] = ()) -> list[str]:
        """What a command that only reads prints, cut at NUL or line ends; nothing if it fails."""
        # It asks nothing, writes nothing, and runs no program that the repository's own settings name.
        command = [
            "git",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.quotePath=false",
            "-C",
            str(self.folder),
            *arguments,
        ]
        environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        try:
            done = subprocess.run(  # noqa: S603  # a fixed program; names go in as arguments, behind `--`
                command,
                input=os.fsencode("\0".join(given)),
                capture_output=True,
                timeout=SECONDS,
                check=False,
                env=environment,
            )
        except (OSError, subprocess.SubprocessError):
            return []
        return [one for one in re.split(r"[\0\n]", os.fsdecode(done.stdout)) if one] if done.returncode == 0 else []


@rule("readable-by-others", Severity.WARNING)
def readable_by_others(inspected: Inspected) -> Iterator[Place]:
    """The list, a key or the ledger can be read by others who use this computer. Give the command in the message."""
    root = inspected.newsletter.root
    for name in _private_names(inspected):
        path = root / name
        if path.is_dir():
            count = sum(map(_is_open, (path, *_below(path))))
            if count:
                what = "files and folders in it are" if count > 1 else "file or folder in it is"
                message = (
                    f"{count} {what} open to others on this computer; type: chmod -R go= {shlex.quote(shown(path))}"
                )
                yield Place(message, path=path)
        elif _is_open(path):
            message = f"can be read by others on this computer; type: chmod 600 {shlex.quote(shown(path))}"
            yield Place(message, path=path)


def _below(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder):
        yield from (Path(above, name) for name in (*folders, *names))


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & 0o077)
