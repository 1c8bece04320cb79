"""Query git about a folder, without writing anything, and without running a program or contacting
a server that the repository names.

A folder's `.git/config` comes with it in an archive, on a stick, or by synchronisation.
"""

import os
import subprocess
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

SECONDS = 10
"""If git takes longer (on a network disk, say), the repository isn't checked."""

_EVERY_FILE_EVER = (
    "log --all --format= --name-only --diff-filter=A --no-renames --relative -z"
)
_SETTINGS = """
core.quotePath=false
core.fsmonitor=false
core.hooksPath=/dev/null
core.sshCommand=false
credential.helper=
diff.external=
gpg.program=false
gpg.openpgp.program=false
gpg.ssh.program=false
gpg.x509.program=false
log.showSignature=false
protocol.allow=never
"""
"""Settings that override those with which a repository can make git run a program (git-config(1))."""
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # no server, even where the repository lacks objects
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_KEPT = ("HOME", "PATH")
"""Of the environment, git gets only what it needs to start: the rest can contain passwords."""


class Git:
    """The repository that contains a folder, as it is when first asked about. Without one, or without
    git, all answers are empty.
    """

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self._folder = folder
        self._seconds = seconds

    @cached_property
    def has_repository(self) -> bool:
        answer = self._run("rev-parse", "--is-inside-work-tree")
        return answer.strip() == "true"

    @cached_property
    def tracked(self) -> set[str]:
        """The files in the repository, relative to the folder."""
        return _names(self._ask("ls-files", "-z", "--cached"))

    @cached_property
    def ever_tracked(self) -> set[str]:
        """All files that were ever added, relative to the folder."""
        return _names(self._ask(*_EVERY_FILE_EVER.split()))

    def ignored(self, names: Iterable[str]) -> set[str]:
        """Return the names that .gitignore excludes."""
        stdin = "\0".join(names)
        return _names(self._ask("check-ignore", "-z", "--stdin", stdin=stdin))

    def _ask(self, *arguments: str, stdin: str = "") -> str:
        """Return the output of a command about the repository, or nothing if there is none: most
        folders have none, and then git starts only once.
        """
        return self._run(*arguments, stdin=stdin) if self.has_repository else ""

    def _run(self, *arguments: str, stdin: str = "") -> str:
        """Return the output of a command that only reads; empty if it fails."""
        options = ["-C", str(self._folder)]
        for setting in _SETTINGS.split():
            options += ["-c", setting]
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            done = subprocess.run(  # noqa: S603  # a fixed program; names are passed on standard input
                ["git", *options, *arguments],  # noqa: S607  # wherever the editor has it installed
                input=os.fsencode(stdin),
                capture_output=True,
                timeout=self._seconds,
                check=False,
                env=kept | _ENVIRONMENT,
            )
        except (OSError, subprocess.SubprocessError):
            return ""
        return os.fsdecode(done.stdout) if done.returncode == 0 else ""


def _names(output: str) -> set[str]:
    # `log` separates commits by line ends, even with -z.
    return set(output.replace("\n", "\0").split("\0")) - {""}
