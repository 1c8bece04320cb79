"""A newsletter's folder that came from elsewhere: links and pipes in it lead nowhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.sending.transports import registry
from tests.cli.conftest import Run
from tests.cli.processes import finish


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("link", "command"),
    [
        ("rendered/2020-10-09/issue.txt", "render"),
        ("rendered/2020-10-09", "render"),
        ("rendered", "render"),
        ("issues/2020-10-16", "compose --from brief.txt --date 2020-10-16"),
        (".briefing", "send --yes"),
    ],
)
def test_nothing_is_written_through_a_link(
    issue: Path, run: Run, tmp_path: Path, link: str, command: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "profile").write_bytes(b"old")
    place = issue / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside / "profile" if place.suffix else outside)
    result = run(*command.split())
    assert result.exit_code == 1
    assert (
        f"{link} is a link to another place; remove the link" in result.stderr
    )
    assert files_below(outside) == {"profile": b"old"}


@pytest.mark.parametrize(
    ("pipe", "command"),
    [
        ("issues/2020-10-09/issue.md", "check"),
        ("subscribers.csv", "send"),
        (".briefing/key", "send"),
        (".briefing/suppressions.csv", "send"),
        (".briefing/ledger.sqlite", "status"),
    ],
)
def test_a_pipe_in_place_of_a_file_is_refused(
    issue: Path, run: Run, pipe: str, command: str
) -> None:
    # This makes the key, which must come first.
    assert run("send", "--yes").exit_code == 0
    place = issue / pipe
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    os.mkfifo(place, 0o600)
    # Waiting for a pipe would block this process.
    done = finish(issue, *command.split())
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"briefing: {pipe}: ")


def test_a_list_may_be_the_output_of_a_program(issue: Path) -> None:
    readers = issue / "subscribers.csv"
    shell = f"{sys.executable} -m briefing send --yes --list <(cat {readers})"
    done = subprocess.run(
        ["bash", "-c", shell],
        cwd=issue,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_program_gets_a_password(
    issue: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "trace"
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "git").write_text(f"#!/bin/sh\nenv >> '{trace}'\n")
    (programs / "git").chmod(0o700)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    for secret in registry.SECRETS:
        monkeypatch.setenv(secret.variable, "s3cret")
    assert run("check").exit_code == 0
    assert "s3cret" not in trace.read_text()
