"""Where the findings of a check are shown."""

import dataclasses
from pathlib import Path

import pytest

from briefing.checks import check
from briefing.checks.acceptance import JudgedFindings
from briefing.checks.rule import (
    ERROR,
    WARNING,
    Finding,
    Severity,
    rules_of,
)
from briefing.issue import markdown
from briefing.issue.parts import ISSUE, Parts
from briefing.issue.store import Edition
from briefing.preview.parts.findings import (
    FIELDS,
    PlacedFinding,
    PlacedFindings,
    PlacedGroup,
    Spot,
    place,
)

PATH = Path("issue.md")
TEXT = """\
# Weekly Brief
date: 2020-10-09
subject: Maps

Welcome.

### A ruling
source: BBC
sourc: BBC
link: https://example.org/a

Its text.

## News

### Another
"""


def edition(text: str = TEXT) -> tuple[Edition, Parts]:
    issue, _ = markdown.read_draft(text, PATH)
    return Edition(issue, PATH, "en", ""), Parts.number(issue)


def finding(
    line: int | None,
    rule: str = "a-rule",
    *,
    path: Path = PATH,
    severity: Severity = WARNING,
    message: str = "wrong",
) -> Finding:
    return Finding(rule, severity, path, line, message)


def spot_of(found: Finding) -> Spot:
    placed = place(JudgedFindings([found]), *edition(), "en")
    return placed.groups[0].findings[0].spot


@pytest.mark.parametrize(
    ("line", "spot"),
    [
        (1, ("issue", "title")),
        (2, ("issue", "date")),
        (3, ("issue", "subject")),
        (5, ("issue", "introduction")),
        (7, ("i1", "heading")),
        (8, ("i1", "source")),
        # No such header line, so no field.
        (9, ("i1", "")),
        (10, ("i1", "link")),
        (12, ("i1", "text")),
        (14, ("s3", "title")),
        (16, ("i2", "heading")),
        (None, ("issue", "")),
    ],
)
def test_a_line_belongs_to_a_part_and_a_field(
    line: int | None, spot: tuple[str, str]
) -> None:
    assert spot_of(finding(line)) == Spot(*spot)


@pytest.mark.parametrize(
    ("line", "rule", "spot"),
    [
        (7, "no-date", ("i1", "date")),
        (16, "no-link", ("i2", "link")),
        (1, "preheader-length", ("issue", "preheader")),
        (None, "subject-length", ("issue", "subject")),
        # An introduction is a field of the issue only.
        (7, "introduction-missing", ("i1", "heading")),
    ],
)
def test_what_is_missing_belongs_to_the_field_where_it_should_be(
    line: int | None, rule: str, spot: tuple[str, str]
) -> None:
    assert spot_of(finding(line, rule)) == Spot(*spot)


def test_what_is_in_another_file_has_its_place_in_words() -> None:
    found = finding(4, path=Path("briefing.toml"))
    placed = (
        place(JudgedFindings([found]), *edition(), "en").groups[0].findings[0]
    )
    assert (placed.spot, placed.finding.place) == (
        Spot(),
        "briefing.toml, line 4",
    )
    found = finding(None, path=Path("templates"))
    placed = (
        place(JudgedFindings([found]), *edition(), "en").groups[0].findings[0]
    )
    assert placed.finding.place == "templates"


@pytest.mark.parametrize(
    ("name", "lang"), [("issue.ug.md", "ug"), ("issue.md", "de"), ("x.jpg", "")]
)
def test_what_is_in_another_edition_has_its_language(
    name: str, lang: str
) -> None:
    shown = dataclasses.replace(
        edition()[0], path=PATH.with_name("issue.en.md")
    )
    found = finding(4, path=PATH.with_name(name))
    placed = place(JudgedFindings([found]), shown, edition()[1], "de")
    assert placed.groups[0].findings[0].spot == Spot(lang=lang)


def test_every_rule_with_a_field_exists() -> None:
    names = {
        rule.name
        for family in check.FAMILIES.values()
        for rule in rules_of(family)
    }
    assert set(FIELDS) <= names


def test_repeats_are_together_and_everything_is_counted() -> None:
    error = finding(12, severity=ERROR, message="readers would see TODO")
    first = Finding(
        "no-link",
        WARNING,
        PATH,
        7,
        "'A ruling' has no link; write 'link:'",
        "item: no link",
        "'A ruling'",
    )
    second = Finding(
        "no-link",
        WARNING,
        PATH,
        16,
        "'Another' has no link; write 'link:'",
        "item: no link",
        "'Another'",
    )
    accepted = finding(5)
    placed = place(
        JudgedFindings([error, first, second], [accepted]), *edition(), "en"
    )
    assert placed == PlacedFindings(
        groups=(
            PlacedGroup(
                title="a-rule",
                advice="",
                is_error=True,
                findings=(
                    PlacedFinding(
                        error, Spot("i1", "text"), "readers would see TODO"
                    ),
                ),
            ),
            PlacedGroup(
                title="2 items: no link",
                advice="fill in “Link”",
                is_error=False,
                findings=(
                    PlacedFinding(first, Spot("i1", "link"), "'A ruling'"),
                    PlacedFinding(second, Spot("i2", "link"), "'Another'"),
                ),
            ),
        ),
        accepted=1,
    )
    assert placed.summary == "1 error, 2 warnings"
    assert [found.finding for found in placed.at("i1")] == [error, first]
    assert [found.finding for found in placed.in_field("i2", "link")] == [
        second
    ]
    assert placed.at(ISSUE) == []


@pytest.mark.parametrize(
    ("placed", "summary"),
    [
        (PlacedFindings(), "Nothing to correct"),
        (PlacedFindings(prevented="no settings"), "Not checked"),
        (
            place(JudgedFindings([finding(1), finding(2)]), *edition(), "en"),
            "2 warnings",
        ),
    ],
)
def test_the_count_says_what_there_is(
    placed: PlacedFindings, summary: str
) -> None:
    assert placed.summary == summary


def test_in_a_broken_file_each_mistake_has_its_line() -> None:
    text = "# T\n\n### A\nsourc: BBC\n\n#### deep\n"
    issue, mistakes = markdown.read_draft(text, PATH)
    found = [
        finding(mistake.line, "format", severity=ERROR, message=mistake.message)
        for mistake in mistakes
    ]
    placed = place(
        JudgedFindings(found),
        Edition(issue, PATH, "en", "", mistakes),
        Parts.number(issue),
        "en",
    )
    assert [(found.finding.line, found.spot) for found in placed.findings] == [
        (4, Spot("i1", "")),
        (6, Spot("i1", "text")),
    ]
