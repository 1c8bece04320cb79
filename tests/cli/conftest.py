"""The program as a person runs it, in a folder of its own."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefing.cli import cli

Run = Callable[..., Result]


SIZE = "HTML … of 100 KB (Gmail's limit), email … of 500 KB (budget)"


def without_sizes(output: str) -> str:
    """Leave out how large the emails are, which depends on the templates."""
    return re.sub(r"(HTML|mail) \d+ of", r"\1 … of", output)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `briefing ARGUMENTS…` in an empty folder, without a terminal."""
    monkeypatch.chdir(tmp_path)
    # A bug fails the test with its own traceback.
    monkeypatch.setenv("BRIEFING_DEBUG", "1")

    return _run


def _run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(
        cli, list(arguments), input=stdin, prog_name="briefing"
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="package")
def first_weekly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new newsletter as `briefing init` creates it, which tests get copies of."""
    folder = tmp_path_factory.mktemp("first") / "weekly"
    assert _run("init", str(folder)).exit_code == 0
    return folder


@pytest.fixture
def weekly(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first_weekly: Path,
) -> Path:
    """A new newsletter; commands run in its folder."""
    folder = shutil.copytree(first_weekly, tmp_path / "weekly")
    monkeypatch.chdir(folder)
    return folder


def sendable(settings: str) -> str:
    """Complete the settings of a new newsletter with what every real send needs: a sender that isn't the
    example's, and an address for readers who unsubscribe.
    """
    own = settings.replace("<brief@example.org>", "<weekly@example.org>")
    return own.replace("# mailto", "mailto")


BRIEF = """\
A ruling on old maps

Harbour Post, 8 October 2020

Below is an article published by Harbour Post. Photo Jo Doe

The court has ruled.

Read More → https://www.example.com/ruling

A release

Example Watch, 7 October 2020

Nothing new.

Read More →
"""


@pytest.fixture(scope="package")
def first_issue(
    first_weekly: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The newsletter with an issue of 2020-10-09, composed from a pasted brief."""
    folder = tmp_path_factory.mktemp("composed") / "weekly"
    shutil.copytree(first_weekly, folder)
    brief = folder / "brief.txt"
    brief.write_text(BRIEF, "utf-8")
    options = ("--from", str(brief), "--date", "2020-10-09")
    assert _run("-C", str(folder), "compose", *options).exit_code == 0
    return folder


@pytest.fixture
def issue(weekly: Path, first_issue: Path) -> Path:
    """The same, where commands run in its folder."""
    return shutil.copytree(first_issue, weekly, dirs_exist_ok=True)
