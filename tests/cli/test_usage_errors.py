"""A mistake on the command line is one line that says what is wrong and what to do, with exit code 2."""

import click
import pytest

from briefing.cli import cli
from tests.cli.conftest import Run
from tests.cli.test_typed_addresses import commands


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "collect --sectoin x",
            "there is no option --sectoin; did you mean --section?",
        ),
        (
            "send --jason",
            "there is no option --jason; 'briefing send --help' shows how to use the command",
        ),
        (
            "compose --date",
            "--date needs a value after it; 'briefing compose --help' shows how to use the command",
        ),
        (
            "check --json=3",
            "--json takes no value; leave out = and what follows it",
        ),
        (
            "subscribers export",
            "FILE is missing; 'briefing subscribers export --help' shows how to use the command",
        ),
        (
            "status valley brief",
            "'brief' wasn't expected here; put words that belong together in quotes, or see 'briefing status --help'",
        ),
        ("send --via post", "--via must be outbox, smtp or sendgrid"),
        ("send --limit many", "--limit must be a whole number, 1 or more"),
        (
            "preview --port 99999",
            "--port must be a whole number from 0 to 65535",
        ),
        (
            "check --received lost.eml",
            "--received must be a file that exists and that you can read",
        ),
        (
            "-C lost status",
            "-C must be a folder that exists and that you can read",
        ),
        (
            "collect --feed --since 9.10.2020",
            "--since: '9.10.2020' isn't a date; write dates as year-month-day, such as 2026-11-25",
        ),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(
    run: Run, line: str, said: str
) -> None:
    result = run(*line.split())
    assert (result.exit_code, result.stderr) == (2, f"briefing: {said}\n")


def wrong_lines() -> list[tuple[str, ...]]:
    """Every command with an unknown option, with too many words, and with each option at the end."""
    lines: list[tuple[str, ...]] = []
    for names, command in commands(cli):
        options = [each for each in command.params if each.nargs == 1]
        lines += [(*names, "--wrong"), (*names, *"abcd")]
        lines += [
            (*names, option.opts[0])
            for option in options
            if isinstance(option, click.Option) and not option.is_flag
        ]
    return lines


def test_no_mistake_is_worded_for_programmers(run: Run) -> None:
    for line in wrong_lines():
        result = run(*line, stdin="")
        assert result.stderr.startswith(("briefing: ", "error: ")), line
        assert "argument" not in result.stderr, line
        assert "Usage:" not in result.stderr, line
