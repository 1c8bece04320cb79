"""briefing subscribers invite: links by which people can join, as an editor sees them."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def weekly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    run(
        "init",
        str(tmp_path / "weekly"),
        "--name",
        "B",
        "--from",
        "b@example.org",
    )
    monkeypatch.chdir(tmp_path / "weekly")
    return tmp_path / "weekly"


def test_without_any_that_is_said(weekly: Path, run: Run) -> None:
    assert run("subscribers", "invite").stdout == "There are no invitations.\n"
    assert run("subscribers", "invite", "--json").stdout == "[]\n"


def test_without_a_server_it_says_what_to_do(weekly: Path, run: Run) -> None:
    result = run("subscribers", "invite", "Autumn")
    assert result.exit_code == 1
    assert "'url' under [joining] in briefing.toml is empty" in result.stderr


def test_withdrawing_needs_a_name(weekly: Path, run: Run) -> None:
    assert run("subscribers", "invite", "--withdraw").exit_code == 2
