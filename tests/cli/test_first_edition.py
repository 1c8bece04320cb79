"""Every command finds an issue whose only file is named after the newsletter's first language:
issue.en.md.
"""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import BRIEF, Run


@pytest.fixture
def named(issue: Path) -> Path:
    """The file of an issue in a newsletter in English and Uyghur; the folder of the newsletter is
    the current one.
    """
    settings = issue / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('["en"]', '["en", "ug"]'), "utf-8"
    )
    plain = issue / "issues" / "2020-10-09" / "issue.md"
    return plain.rename(plain.with_name("issue.en.md"))


def test_compose_adds_to_it(named: Path, run: Run) -> None:
    result = run("compose", "--from", "-", "--date", "2020-10-09", stdin=BRIEF)
    assert "issue.en.md: nothing added; 2 already there" in result.stdout
    assert not named.with_name("issue.md").exists()


def test_compose_prepares_its_translation(named: Path, run: Run) -> None:
    result = run("compose", "--lang", "ug", "--json")
    assert json.loads(result.stdout)["added"] == [
        "A ruling on old maps",
        "A release",
    ]
    assert named.with_name("issue.ug.md").exists()


def test_compose_counts_only_what_is_to_be_translated(
    named: Path, run: Run
) -> None:
    text = named.read_text("utf-8")
    named.write_text(text.replace("/ruling\n", "/ruling\nlang: ug\n"), "utf-8")
    said = run("compose", "--lang", "ug").stdout
    assert "issue.ug.md: 1 item to translate, in a new edition.\n" in said
    assert "1 more item in this language already.\n" in said


def test_check_does_not_ask_for_issue_md(named: Path, run: Run) -> None:
    findings = json.loads(run("check", "--json").stdout)
    missing = [
        finding["message"]
        for finding in findings
        if finding["rule"] == "edition-missing"
    ]
    assert len(missing) == 1
    assert missing[0].startswith("there is no issue.ug.md")


def test_render_takes_it_for_the_first_edition(named: Path, run: Run) -> None:
    assert run("render").exit_code == 0
    assert (Path("rendered") / "2020-10-09" / "issue.html").exists()


def test_send_rehearses_it(named: Path, run: Run) -> None:
    result = run("send", "--yes")
    assert Path("rehearsal/2020-10-09/001-en.eml").exists(), result.output
