"""A repository can name programs in its settings; asking git about it runs none of them."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.checks.git import Git

pytestmark = pytest.mark.skipif(
    not shutil.which("git"), reason="git isn't installed here"
)

SIGNED_COMMIT = """\
tree {tree}
author X <x@example.org> 1600000000 +0000
committer X <x@example.org> 1600000000 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 Version: 1
 iQ==
 -----END PGP SIGNATURE-----

signed
"""


class Repository:
    """A repository with one commit, and a program that leaves a trace when it runs."""

    def __init__(self, root: Path) -> None:
        self.root = root / "brief"
        self.trace = root / "trace"
        self.program = root / "program"
        self.root.mkdir()
        self.program.write_text(f"#!/bin/sh\nenv > '{self.trace}'\nexit 1\n")
        self.program.chmod(0o700)
        self("init", "--quiet")
        (self.root / "list.csv").write_text("email\n")
        self("add", "list.csv")
        self("commit", "--quiet", "--message", "x")

    def __call__(
        self, *arguments: str, stdin: str = "", check: bool = True
    ) -> str:
        """Run git in the ordinary way, on which these settings do run programs."""
        names = {
            f"GIT_{who}_{what}": "x@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments],
            env={**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull},
            input=stdin,
            capture_output=True,
            text=True,
            check=check,
        )
        return done.stdout.strip()

    def lose_its_tree(self) -> None:
        """Remove an object, so that git wants to fetch it from a server that promised to have it."""
        tree = self("rev-parse", "HEAD^{tree}")
        (self.root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
        self("config", "extensions.partialClone", "origin")
        self("config", "remote.origin.promisor", "true")

    def answers(self) -> list[object]:
        git = Git(self.root)
        return [
            git.has_repository,
            git.tracked,
            git.ever_tracked,
            git.ignored(["list.csv"]),
        ]


def name_a_file_monitor(repository: Repository) -> None:
    repository("config", "core.fsmonitor", str(repository.program))


def name_a_signature_program(repository: Repository) -> None:
    tree = repository("rev-parse", "HEAD^{tree}")
    commit = repository(
        "hash-object",
        "-t",
        "commit",
        "-w",
        "--stdin",
        stdin=SIGNED_COMMIT.format(tree=tree),
    )
    repository("update-ref", "HEAD", commit)
    repository("config", "log.showSignature", "true")
    repository("config", "gpg.program", str(repository.program))


def name_an_upload_program(repository: Repository) -> None:
    repository.lose_its_tree()
    repository("config", "remote.origin.url", str(repository.root))
    repository("config", "remote.origin.uploadpack", str(repository.program))


def name_a_remote_command(repository: Repository) -> None:
    repository.lose_its_tree()
    repository("config", "remote.origin.url", f"ext::{repository.program}")
    repository("config", "protocol.ext.allow", "always")


def name_an_ssh_command(repository: Repository) -> None:
    repository.lose_its_tree()
    repository("config", "remote.origin.url", "ssh://example.org/brief")
    repository("config", "core.sshCommand", str(repository.program))


def include_settings(repository: Repository) -> None:
    name_a_signature_program(repository)
    repository("config", "--unset", "gpg.program")
    more = repository.root / "more"
    more.write_text(f"[gpg]\nprogram = {repository.program}\n")
    repository("config", "include.path", str(more))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.mark.parametrize(
    ("prepare", "usual"),
    [
        (name_a_file_monitor, ("status",)),
        (name_a_signature_program, ("log", "--name-only")),
        (name_an_upload_program, ("log", "--name-only")),
        (name_a_remote_command, ("log", "--name-only")),
        (name_an_ssh_command, ("log", "--name-only")),
        (include_settings, ("log", "--name-only")),
    ],
)
def test_no_program_of_a_repository_runs(
    repository: Repository,
    prepare: Callable[[Repository], None],
    usual: tuple[str, ...],
) -> None:
    prepare(repository)
    repository.answers()
    assert not repository.trace.exists()
    repository(*usual, check=False)
    assert repository.trace.exists(), "otherwise this test would show nothing"


def test_git_gets_no_password(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.secret")
    folder = repository.root.parent / "bin"
    folder.mkdir()
    (folder / "git").symlink_to(repository.program)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    repository.answers()
    assert "SG.secret" not in repository.trace.read_text()


def test_the_answers_are_right(repository: Repository) -> None:
    (repository.root / ".gitignore").write_text("list.*\n")
    assert repository.answers() == [True, {"list.csv"}, {"list.csv"}, set()]
    assert Git(repository.root).ignored(["list.txt"]) == {"list.txt"}
