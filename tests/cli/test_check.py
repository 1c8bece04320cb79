"""briefing check, and what it means for a send."""

import json
from pathlib import Path

from tests.cli.conftest import Run


def add(newsletter: Path, lines: str) -> None:
    path = newsletter / "issues" / "2020-10-09" / "issue.md"
    path.write_text(path.read_text("utf-8") + lines, "utf-8")


def test_findings_are_shown_file_by_file_within_80_columns(
    issue: Path, run: Run
) -> None:
    add(issue, "\n###Foo\n")
    result = run("check")
    assert "issues/2020-10-09/issue.md\n" in result.stdout
    assert "  error   line 18   heading-in-text\n" in result.stdout
    assert "there is no space after ###" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_an_error_exits_with_1_and_stops_a_send(issue: Path, run: Run) -> None:
    add(issue, "\n### Another\nlink: javascript:alert(1)\n\nText.\n")
    assert run("check").exit_code == 1
    sent = run("send", "--yes")
    assert sent.exit_code == 1
    assert (
        "error: issues/2020-10-09/issue.md, line 19: 'javascript:alert(1)' isn't a complete web address"
        in sent.stderr
    )
    assert "1 error stops issue 2020-10-09 from being sent" in sent.stderr
    assert not (issue / "rehearsal").exists()


def test_findings_as_json(issue: Path, run: Run) -> None:
    add(issue, "\n###Foo\n")
    (found,) = [
        finding
        for finding in json.loads(run("check", "--json").stdout)
        if finding["rule"] == "heading-in-text"
    ]
    assert found == {
        "rule": "heading-in-text",
        "severity": "error",
        "file": str(issue / "issues" / "2020-10-09" / "issue.md"),
        "line": 18,
        "message": "readers would see this heading as text: there is no space after ###; "
        "write '### Foo' at the start of the line, or '\\###' if it is text",
    }
