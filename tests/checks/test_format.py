"""Rules on the issue file: a broken sample for each rule, and no finding in a sound file."""

import pytest

from tests.checks.conftest import SOUND, Check

NEXT = """\
### What it is like to wait
source: The Second Paper
date: 2020-10-07
link: https://www.example.org/waiting

They wait at the gate.
"""
"""The item below the one in SOUND; its headline is in line 14."""


@pytest.mark.parametrize(
    ("slip", "reason"),
    [
        ("\t### What", "there is a space or tab before ###"),
        ("    ### What", "there is a space or tab before ###"),
        ("\u00a0### What", "there is a space or tab before ###"),
        ("\u200b### What", "there is a space or tab before ###"),
        ("###What", "there is no space after ###"),
        ("##What", "there is no space after ##"),
        ("####What", "#### has more than three #"),
        ("###\u00a0What", "the space after ### isn't an ordinary one"),
        ("＃＃＃ What", "'＃＃＃' aren't ordinary # marks"),
        ("**###What", "there is '**' before ###"),
        (">###What", "there is '>' before ###"),
        ("\x0c### What", "there is a space or tab before ###"),
    ],
)
def test_a_heading_slip_is_one_error_with_its_line_and_what_to_write(
    check_issue: Check, slip: str, reason: str
) -> None:
    text = f"{SOUND}\n{NEXT.replace('### What', slip)}"
    found = [
        finding for finding in check_issue(text) if finding.severity == "error"
    ]
    finding = found.pop(0)
    assert (finding.rule, finding.line) == ("heading-in-text", 14)
    assert {other.rule for other in found} <= {"invisible-character"}
    assert reason in finding.message
    assert (
        "# What it is like to wait' at the start of the line" in finding.message
    )
    assert "\n" not in str(finding)


def test_a_heading_in_html_is_an_error(check_issue: Check) -> None:
    found = check_issue(f"{SOUND}\n<h3>What it is like</h3>\n")
    errors = [
        (each.rule, each.line) for each in found if each.severity == "error"
    ]
    assert errors == [("heading-in-text", 14)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SOUND.replace("files\nsource", "files\n\nsource"), 9),
        (SOUND.replace("2020\ndate", "2020\n\ndate"), 3),
        (SOUND.replace("files\nsource", "files\n\nSource"), 9),
        (SOUND.replace("files\nsource", "files\n\nsorce"), 9),
        (SOUND.replace("files\nsource", "files\n\nsource："), 9),
        (SOUND.replace("files\nsource", "files\n\n  source"), 9),
        (SOUND.replace("\nlink:", "\n\nlink:"), 11),
        (SOUND.replace("What we read this week.", "subject: x"), 5),
        (f"{SOUND}\n{NEXT.removeprefix('### ')}", 15),
        (f"{SOUND}\n{NEXT.replace('### What', '#What')}", 15),
        (f"{SOUND}{NEXT.replace('### What', 'What')}", 14),
        (
            SOUND.replace("files\nsource", "files\n\nAuthor: X\nSource"),
            9,
        ),
        (f"{SOUND}\nA headline\n\nsource: The Second Paper\n\nText.\n", 16),
        (f"{SOUND}\nA headline\nSource: BBC\nDate: 2020-10-08\n\nText.\n", 15),
        (
            f"{SOUND}\nA headline\nsource: BBC\nauthor: X\nlink: x.org\nText.\n",
            15,
        ),
    ],
)
def test_header_lines_that_readers_would_see_are_one_error(
    check_issue: Check, text: str, line: int
) -> None:
    (finding,) = [
        found for found in check_issue(text) if found.severity == "error"
    ]
    assert (finding.rule, finding.line) == ("header-lines-in-text", line)
    assert "if it is text" in finding.message
    assert "\n" not in str(finding)


@pytest.mark.parametrize(
    "addition",
    [
        "",
        "Note: this is text.",
        "Source: Harbour Post",
        "Photo: Far Valley Rights Network",
        "Contact: Mira Solane, +1 555 0142",
        "Date: 12 October\nPlace: Assembly Square\nContact: Mira Solane",
        "Date: 12 October\nContact: Mira Solane",
        "Three things matter:\nNote: the first.\nRemember: the second.",
        "source: BBC\nand so on",
        "The court said so in a long line,\nwhich cites one\nsource: a former guard.",
        "Text with #hashtag inside.",
        "#hashtag at the start of a line",
        "#one #two #three",
        "＃话题＃ is how Weibo writes it",
        "#1 on the list",
        "C## and F# are names",
        "\\###Foo",
        "\t###",
        "source\\: BBC",
    ],
)
def test_ordinary_text_has_no_finding(
    check_issue: Check, addition: str
) -> None:
    assert check_issue(f"{SOUND}\n{addition}\n") == []


def test_a_text_may_begin_with_the_details_of_an_event(
    check_issue: Check,
) -> None:
    details = "Date: 12 October\nPlace: Assembly Square\nContact: Mira Solane\n\nThe court"
    assert check_issue(SOUND.replace("The court has", f"{details} has")) == []


def test_a_text_may_begin_with_the_name_of_a_header_line_that_its_item_has(
    check_issue: Check,
) -> None:
    text = SOUND.replace("The court has", "Date: the court has")
    assert check_issue(text) == []


class TestMistakesOfFormat:
    BROKEN = """\
# Weekly Brief, 9 October 2020
date: 9 October

### A court opens its files
sorce: Harbour Post
date: 2020-10-08
date: 2020-10-09
kind: news

Text
---

\t### Another
source: BBC

### A third
lnk: https://www.example.com/
Text at once

#### Deep
"""

    def test_all_of_them_are_reported_at_once(self, check_issue: Check) -> None:
        found = check_issue(self.BROKEN)
        assert [(finding.line, finding.rule) for finding in found] == [
            (2, "issue-format"),
            (5, "issue-format"),
            (7, "issue-format"),
            (8, "issue-format"),
            (11, "issue-format"),
            (13, "heading-in-text"),
            (17, "issue-format"),
            (18, "issue-format"),
            (20, "issue-format"),
        ]
        assert {finding.severity for finding in found} == {"error"}

    def test_those_of_every_edition_are_reported(
        self, check_issue: Check
    ) -> None:
        found = check_issue(SOUND.replace("source", "sorce"), ug="no title\n")
        assert [(finding.path.name, finding.line) for finding in found] == [
            ("issue.md", 8),
            ("issue.ug.md", 1),
        ]

    def test_a_file_that_is_not_text_is_reported(
        self, check_issue: Check
    ) -> None:
        (finding,) = check_issue("\0" + SOUND)
        assert (finding.rule, finding.line) == ("issue-format", 1)
