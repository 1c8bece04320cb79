"""What all commands share: a quick start, help, and the one place where errors end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.cli import COMMANDS, load_intended_commands
from briefing.rendering import style_sheets
from tests.cli.conftest import Run
from tests.rendering.newsletters import photo

HEAVY = (
    "flask",
    "trafilatura",
    "premailer",
    "sendgrid",
    "PIL",
    "babel",
    "jinja2",
    "markdown_it",
    "lxml",
    "rich",
    "sqlite3",
)
NAMES = [name for names in COMMANDS.values() for name in names]


def test_help_imports_nothing_heavy() -> None:
    pages = [["--help"], *([name, "--help"] for name in NAMES)]
    code = (
        "import sys; from briefing.cli import cli\n"
        f"for page in {pages!r}: cli.main(page, standalone_mode=False)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    modules = done.stdout.split("\n")[-2].split()
    assert set(modules).isdisjoint(HEAVY)


def run_alone(command: str, folder: Path) -> list[str]:
    """Run a command that succeeds in a process of its own. Return the lines it prints, and as the last one
    the names of the modules that are loaded by then.
    """
    code = f"import sys; from briefing.cli import main\ntry: main([{command!r}])\nfinally: print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_status_imports_neither_the_desk_nor_what_opens_pages_and_photos(
    issue: Path, run: Run
) -> None:
    run("send", "--yes")
    *printed, modules = run_alone("status", issue)
    assert "Issue 2020-10-09" in printed[0]
    assert set(modules.split()).isdisjoint(
        {"flask", "sendgrid", "trafilatura", "PIL.Image"}
    )


def test_a_check_imports_nothing_for_what_an_earlier_one_has_prepared(
    issue: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another test may have had the style sheet read.
    monkeypatch.setattr(style_sheets, "_known", {})
    folder = issue / "issues" / "2020-10-09"
    photo(folder / "map.jpg")
    text = (folder / "issue.md").read_text("utf-8")
    (folder / "issue.md").write_text(
        text.replace("photo:", "image: map.jpg\nalt: A map\nphoto:", 1), "utf-8"
    )
    run("check")
    *printed, modules = run_alone("check", issue)
    assert "Gmail's limit" in "\n".join(printed)
    assert set(modules.split()).isdisjoint(
        {
            "PIL.Image",
            "cssutils",
            "pyrage",
            "briefing.subscribers.csv_file",
            "briefing.checks.received.received_mail",
        }
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_examples_in_80_columns(
    run: Run, name: str
) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"  Examples:\n    briefing {name}" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_help_follows_the_week(run: Run) -> None:
    help_text = run("--help").stdout
    places = [help_text.index(f"\n{step}:") for step in COMMANDS]
    assert places == sorted(places)


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").stdout.startswith("briefing 0.")


def test_an_unknown_command_is_a_usage_error(run: Run) -> None:
    assert run("sent").exit_code == 2
    assert (
        "no command 'sent'; did you mean 'briefing send'?" in run("sent").stderr
    )


def test_a_usual_word_for_a_command_leads_to_it(run: Run) -> None:
    said = run("list").stderr
    assert "no command 'list'; did you mean 'briefing subscribers'?" in said


@pytest.mark.parametrize(
    "intended", sorted(set(load_intended_commands().values()))
)
def test_every_word_leads_to_a_command_that_exists(
    run: Run, intended: str
) -> None:
    name = intended.split(maxsplit=1)[0]
    assert name == "--help" or name in NAMES


def test_an_address_whose_command_was_forgotten_is_not_repeated(
    run: Run,
) -> None:
    result = run("canary@example.org")
    assert (
        result.exit_code,
        "the command is missing; 'briefing --help'" in result.stderr,
    ) == (2, True)
    assert "canary" not in result.output


def test_a_pipe_that_closes_early_causes_no_traceback(issue: Path) -> None:
    command = f"{sys.executable} -m briefing render | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=issue,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_a_bug_is_reported_in_one_line_without_the_data_it_met(
    issue: Path,
) -> None:
    code = (
        "from briefing.issue import store\n"
        "def broken(*_): raise TypeError('canary@example.org')\n"
        "store.find = broken\n"
        "from briefing.cli import main; main(['render'])"
    )
    environment = {
        key: value
        for key, value in os.environ.items()
        if key != "BRIEFING_DEBUG"
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=issue,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(
        "briefing: a bug in briefing (TypeError, <string> line 2)"
    )
    assert done.stderr.count("\n") == 1
    assert "canary" not in done.stderr


def test_text_from_a_file_cannot_steer_the_terminal(
    issue: Path, run: Run
) -> None:
    path = issue / "issues" / "2020-10-09" / "issue.md"
    path.write_text("# A\n\n### B\nkind: \x1b[31m\x07evil\n", "utf-8")
    assert "\x1b" not in run("render").stderr


def test_a_shell_completes_the_ids_of_issues(issue: Path) -> None:
    environment = {
        **os.environ,
        "_BRIEFING_COMPLETE": "bash_complete",
        "COMP_WORDS": "briefing render ",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from briefing.cli import main; main()"],
        cwd=issue,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "plain,2020-10-09\n"
