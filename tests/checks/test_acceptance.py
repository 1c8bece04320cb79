"""Accepted findings: they survive edits elsewhere, and come back if what they are about changes."""

from pathlib import Path

import pytest

from briefing.checks import acceptance
from briefing.checks.rule import ERROR, Finding
from briefing.errors import NotFoundError, RefusedError
from briefing.newsletter import Newsletter
from tests.checks.conftest import SOUND, Check

OLD = (
    SOUND.replace("2020-10-08", "2020-08-01")
    + """
### A ship stays in the harbour
source: Harbour Post
date: 2020-08-01
link: https://www.example.com/ship

The ship didn't leave.

### A letter to write
kind: appeal
source: Example Watch
date: 2020-10-07

Write to the minister.
"""
)


@pytest.fixture
def folder(newsletter: Newsletter) -> Path:
    return newsletter.issues / "2020-10-09"


def rules(findings: list[Finding], folder: Path) -> list[str]:
    """The new findings, as rules with their lines."""
    judged = acceptance.judge(findings, folder)
    return [f"{finding.rule}:{finding.line}" for finding in judged.new]


def test_only_what_was_accepted_is_not_new(
    check_issue: Check, folder: Path
) -> None:
    findings = check_issue(OLD)
    assert rules(findings, folder) == [
        "old-news:9",
        "old-news:16",
        "no-link:21",
    ]
    acceptance.accept(findings, folder, ["old-news:9"])
    (accepted,) = acceptance.judge(findings, folder).accepted
    assert accepted.line == 9
    assert rules(findings, folder) == ["old-news:16", "no-link:21"]
    acceptance.accept(findings, folder, ["old-news"])
    assert rules(findings, folder) == ["no-link:21"]
    acceptance.accept(findings, folder, ["all"])
    assert rules(findings, folder) == []
    assert len(acceptance.judge(findings, folder).accepted) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("What we read this week.", "What we read.\n\nAnd more."),
        ("The ship didn't leave.", "The ship has left."),
        ("source: Harbour Post", "source: The Harbour Post"),
        (
            "### A ship stays",
            "### New\nsource: X\ndate: 2020-10-09\n\nText.\n\n### A ship stays",
        ),
        ("\n", "\r\n"),
    ],
)
def test_an_edit_elsewhere_changes_nothing(
    check_issue: Check, folder: Path, before: str, after: str
) -> None:
    acceptance.accept(check_issue(OLD), folder, ["old-news"])
    assert "old-news" not in "".join(
        rules(check_issue(OLD.replace(before, after)), folder)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "date: 2020-08-01\nlink: https://www.example.com/ship",
            "date: 2020-08-02\nlink: https://www.example.com/ship",
        ),
        ("### A ship stays", "### Another ship stays"),
        ("example.com/ship", "example.com/other"),
    ],
)
def test_a_finding_comes_back_if_what_it_is_about_changes(
    check_issue: Check, folder: Path, before: str, after: str
) -> None:
    acceptance.accept(check_issue(OLD), folder, ["all"])
    assert rules(check_issue(OLD.replace(before, after)), folder) == [
        "old-news:16"
    ]


def test_an_error_cannot_be_accepted(check_issue: Check, folder: Path) -> None:
    findings = check_issue(f"{OLD}\n###Slip\n")
    with pytest.raises(RefusedError, match="errors can't be accepted"):
        acceptance.accept(findings, folder, ["heading-in-text"])
    acceptance.accept(findings, folder, ["all"])
    assert rules(findings, folder) == ["heading-in-text:28"]


def test_a_line_in_the_file_does_not_accept_an_error(
    check_issue: Check, folder: Path
) -> None:
    findings = check_issue(OLD)
    acceptance.accept(findings, folder, ["all"])
    errors = [
        Finding(
            *(finding.rule, ERROR),
            finding.path,
            finding.line,
            finding.message,
        )
        for finding in findings
    ]
    assert list(acceptance.judge(errors, folder).new) == errors


def test_withdrawing_shows_findings_again(
    check_issue: Check, folder: Path
) -> None:
    findings = check_issue(OLD)
    acceptance.accept(findings, folder, ["all"])
    acceptance.withdraw(folder, ["old-news"])
    assert rules(findings, folder) == ["old-news:9", "old-news:16"]
    assert len(acceptance.judge(findings, folder).accepted) == 1
    acceptance.withdraw(folder, ["all"])
    assert len(rules(findings, folder)) == 3
    assert not (folder / acceptance.FILE).exists()


def test_a_name_that_fits_nothing_is_refused(
    check_issue: Check, folder: Path
) -> None:
    findings = check_issue(OLD)
    with pytest.raises(NotFoundError, match="there is no warning 'old-new'"):
        acceptance.accept(findings, folder, ["old-new"])
    with pytest.raises(
        NotFoundError,
        match="no warning of the rule 'old-news' has been accepted",
    ):
        acceptance.withdraw(folder, ["old-news"])
    acceptance.accept(findings, folder, ["all"])
    before = (folder / acceptance.FILE).read_bytes()
    acceptance.accept(findings, folder, ["old-news"])
    assert (folder / acceptance.FILE).read_bytes() == before


def test_other_lines_of_the_file_mean_nothing(
    check_issue: Check, folder: Path
) -> None:
    findings = check_issue(OLD)
    (folder / acceptance.FILE).write_text(
        "<<<<<<< ours\nold-news\nall\n", "utf-8"
    )
    assert len(rules(findings, folder)) == 3


def test_the_file_can_be_read_by_people(
    check_issue: Check, folder: Path
) -> None:
    acceptance.accept(check_issue(OLD), folder, ["no-link"])
    *comments, line = (folder / acceptance.FILE).read_text("utf-8").splitlines()
    assert all(comment.startswith("# ") for comment in comments)
    assert line.startswith("no-link ")
    assert line.endswith(" issue.md: 'A letter to write'")


def test_what_people_wrote_in_the_file_stays(
    check_issue: Check, folder: Path
) -> None:
    findings = check_issue(OLD)
    acceptance.accept(findings, folder, ["no-link"])
    path = folder / acceptance.FILE
    path.write_text(f"{path.read_text('utf-8')}# Ann: asked.\n", "utf-8")
    before = path.read_text("utf-8")
    acceptance.accept(findings, folder, ["old-news"])
    assert path.read_text("utf-8").startswith(before)
    acceptance.withdraw(folder, ["old-news"])
    assert path.read_text("utf-8") == before
    acceptance.withdraw(folder, ["all"])
    assert path.read_text("utf-8").endswith("# Ann: asked.\n")


def test_the_size_of_an_email_that_is_almost_too_long_may_change(
    check_issue: Check, folder: Path
) -> None:
    item = "\n### Item {}\nsource: BBC\ndate: 2020-10-08\nlink: https://www.example.com/{}\n\n{}\n"
    long = SOUND + "".join(
        item.format(n, n, "The court has ruled. " * 160) for n in range(20)
    )
    findings = check_issue(long)
    assert [finding.rule for finding in findings] == ["html-nearly-clipped"]
    acceptance.accept(findings, folder, ["all"])
    assert (
        rules(
            check_issue(long.replace("What we read", "What we all read")),
            folder,
        )
        == []
    )


def test_an_item_in_the_issue_twice_may_move(
    check_issue: Check, folder: Path
) -> None:
    twice = OLD + OLD[OLD.index("### A letter") :].replace(
        "Write", "\nDo write"
    )
    findings = [f for f in check_issue(twice) if f.rule == "same-item-twice"]
    assert len(findings) == 1
    acceptance.accept(findings, folder, ["all"])
    moved = check_issue(twice.replace("What we read", "\n\nWhat we read"))
    assert "same-item-twice" not in "".join(rules(moved, folder))
