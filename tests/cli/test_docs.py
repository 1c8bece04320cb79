"""briefing docs: the documentation, in the browser or in the terminal."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.terminal import in_terminal

ROOT = Path(__file__).parents[2]


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A browser that writes down what it opens."""
    program = tmp_path / "browser"
    program.write_text('#!/bin/sh\necho "$1" > "$0.opened"\n', "utf-8")
    program.chmod(0o700)
    return program


def test_without_a_terminal_it_writes_the_pages_and_says_where(
    weekly: Path, run: Run
) -> None:
    assert run("docs").stdout == "rendered/docs/README.html\n"
    assert "Weekly Brief" not in run("docs", "sending").stdout
    assert (weekly / "rendered" / "docs" / "sending.html").is_file()


def test_outside_a_newsletter_the_pages_are_in_the_cache(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert run("docs", "checks").exit_code == 0
    assert any((tmp_path / "cache" / "briefing" / "docs").glob("checks.html"))


def test_in_a_terminal_the_browser_opens_the_page(
    weekly: Path, browser: Path
) -> None:
    said, code = in_terminal(
        weekly, ["docs", "sending"], BROWSER=str(browser), DISPLAY=":0"
    )
    assert code == 0
    assert "Opened rendered/docs/sending.html in your browser." in said
    opened = browser.with_name("browser.opened").read_text("utf-8")
    assert opened == f"{(weekly / 'rendered/docs/sending.html').as_uri()}\n"


def test_without_a_browser_the_page_is_shown_in_the_terminal(
    weekly: Path,
) -> None:
    said, code = in_terminal(
        weekly, ["docs", "ses"], PAGER="cat", DISPLAY="", WAYLAND_DISPLAY=""
    )
    assert code == 0
    assert "Sending through Amazon SES" in said.splitlines()[0]


def test_print_shows_the_page_as_it_was_written(run: Run) -> None:
    text = (ROOT / "docs" / "ses.md").read_text("utf-8")
    assert run("docs", "ses", "--print").stdout == text


def test_an_unknown_page_lists_the_pages_and_is_not_repeated(run: Run) -> None:
    result = run("docs", "canary@example.org")
    assert result.exit_code == 1
    assert "use one of README, issue-format, desk" in result.stderr
    assert "canary" not in result.stderr
