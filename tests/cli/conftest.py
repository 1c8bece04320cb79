"""The program as a person runs it, in a folder of its own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefing.cli import cli

Run = Callable[..., Result]


SIZE = "HTML … of 100 KB (Gmail's limit), mail … of 500 KB (budget)"


def without_sizes(output: str) -> str:
    """Leave out how large the mails are, which depends on the templates."""
    return re.sub(r"(HTML|mail) \d+ of", r"\1 … of", output)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `briefing ARGUMENTS…` in an empty folder, without a terminal."""
    monkeypatch.chdir(tmp_path)
    # A bug fails the test with its own traceback.
    monkeypatch.setenv("BRIEFING_DEBUG", "1")

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(
            cli, list(arguments), input=stdin, prog_name="briefing"
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def weekly(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new newsletter as `briefing init` creates it; commands run in its folder."""
    assert run("init", "weekly").exit_code == 0
    monkeypatch.chdir(tmp_path / "weekly")
    return tmp_path / "weekly"


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


@pytest.fixture
def issue(weekly: Path, run: Run) -> Path:
    """The newsletter with an issue of 2020-10-09, composed from a pasted brief."""
    (weekly / "brief.txt").write_text(BRIEF, "utf-8")
    assert (
        run("compose", "--from", "brief.txt", "--date", "2020-10-09").exit_code
        == 0
    )
    return weekly
