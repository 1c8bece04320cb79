"""briefing check, and what it means for a send."""

import json
from pathlib import Path

from tests.cli.conftest import SIZE, Run, without_sizes


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
        "write '### Foo' at the start of the line; if it is text, put a backslash before ###",
    }


OLD = """
### {headline}
source: Harbour Post
date: 2020-08-0{day}
link: https://www.example.com/{day}

Text.
"""


def add_old_items(newsletter: Path) -> None:
    add(newsletter, OLD.format(headline="A court opens its files", day=1))
    add(newsletter, OLD.format(headline="A ship stays in the harbour", day=2))


def test_errors_come_first_and_repeats_are_one_list(
    issue: Path, run: Run
) -> None:
    add_old_items(issue)
    add(issue, "\n###Foo\n")
    output = run("check").stdout
    assert output.index("  error   ") < output.index("  warning ")
    assert "  error   " not in output[output.index("  warning ") :]
    assert (
        "  warning 2 items: older than a month  old-news\n"
        "    correct the date, or leave the item out\n"
        "      line 20  2020-08-01, 'A court opens its files'\n"
        "      line 27  2020-08-02, 'A ship stays in the harbour'\n"
    ) in output


def test_what_is_wrong_in_the_same_way_in_several_lines_is_said_once(
    issue: Path, run: Run
) -> None:
    add(issue, "\nSee [the camp](https://10.0.0.1/a) and [us](https://b).\n")
    add(issue, "\nAnd [a farm](https://10.0.0.1/b).\n")
    assert (
        "  error   3 links: readers can't follow it  private-host\n"
        "    use the site's public address\n"
        "      lines    18, 20: '10.0.0.1' is an IP address instead of a name, as in\n"
        "               phishing\n"
        "      line 18  'b' has no dot, so it exists only in one private network\n"
    ) in run("check").stdout


def test_a_repeated_warning_on_links_lists_their_addresses(
    issue: Path, run: Run
) -> None:
    add(issue, "\nSee [the camp](http://a.example.org/).\n")
    add(issue, "\nAnd [a farm](http://b.example.org/).\n")
    assert (
        "  warning 2 links: not encrypted (http)  http-link\n"
        "    try it with https://\n"
        "      line 18  'http://a.example.org/'\n"
        "      line 20  'http://b.example.org/'\n"
    ) in run("check").stdout


def test_all_mistakes_of_format_are_shown_at_once_also_as_json(
    issue: Path, run: Run
) -> None:
    add(issue, "\n### A\nsorce: x\n\n### B\ndate: tomorrow\n\nText\n---\n")
    shown = run("check")
    assert shown.exit_code == 1
    assert (
        "3 errors in issue 2020-10-09; an error stops a send.\n"
        "The other checks run once the file can be read.\n"
    ) in shown.stdout
    lines = [
        found["line"] for found in json.loads(run("check", "--json").stdout)
    ]
    assert lines == [19, 22, 25]
    assert "3 errors stop issue 2020-10-09" in run("send", "--yes").stderr


class TestAccepting:
    def test_accepted_findings_are_not_shown_until_they_are_withdrawn(
        self, issue: Path, run: Run
    ) -> None:
        add_old_items(issue)
        count = len(json.loads(run("check", "--json").stdout))
        assert run("check", "--accept", "old-news").exit_code == 0
        result = run("check")
        assert "old-news" not in result.stdout
        assert (
            f"{count - 2} new warnings in issue 2020-10-09; 2 accepted."
            in result.stdout
        )
        assert len(json.loads(run("check", "--json").stdout)) == count - 2
        assert (
            "Accepted:\n\nissues/2020-10-09/issue.md\n  warning 2 items: older"
            in (run("check", "--all").stdout)
        )
        assert (
            "older than a month"
            in run("check", "--unaccept", "old-news").stdout
        )

    def test_zero_new_findings_are_said(self, issue: Path, run: Run) -> None:
        result = run("check", "--accept", "all")
        assert result.exit_code == 0
        assert without_sizes(result.stdout) == (
            f"{SIZE}.\n"
            "No new findings in issue 2020-10-09; 5 accepted.\n"
            "Next: 'briefing setup' asks for the settings that a real send needs.\n"
        )

    def test_a_send_names_the_new_kinds(self, issue: Path, run: Run) -> None:
        add_old_items(issue)
        for rule in ("postal-address-missing", "no-way-to-leave", "no-link"):
            run("check", "--accept", rule)
        run("check", "--accept", "credit-without-photo")
        assert (
            "Checked    2 new warnings; 4 accepted; 'briefing check' shows them\n"
            "           2 items: older than a month\n"
        ) in run("send", "--dry-run").stdout
        run("check", "--accept", "old-news")
        assert (
            "Checked    no new findings; 6 accepted\n"
            in run("send", "--dry-run").stdout
        )

    def test_an_error_cannot_be_accepted(self, issue: Path, run: Run) -> None:
        add(issue, "\n###Foo\n")
        result = run("check", "--accept", "heading-in-text")
        assert result.exit_code == 1
        assert (
            "'heading-in-text' is an error, and errors can't be accepted"
            in result.stderr
        )
        assert run("check", "--accept", "all").exit_code == 1

    def test_a_received_email_has_nothing_to_accept(
        self, issue: Path, run: Run
    ) -> None:
        (issue / "x.eml").write_text("", "utf-8")
        result = run("check", "--received", "x.eml", "--accept", "all")
        assert result.exit_code == 2
