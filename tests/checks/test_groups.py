"""Findings of one rule are shown together, and named for a summary."""

from pathlib import Path

from briefing.checks.groups import group, name_kinds
from briefing.checks.rule import ERROR, WARNING, Finding

FILE, OTHER = Path("issue.md"), Path("issue.ug.md")
OLD = "item: older than a month"


def old(line: int, path: Path = FILE) -> Finding:
    return Finding("old-news", WARNING, path, line, f"{line} is old; correct it", OLD)


def test_findings_of_a_rule_in_a_file_are_one_group_in_the_place_of_the_first() -> None:
    error = Finding("x", ERROR, FILE, 1, "wrong; do it")
    single = Finding("subject-length", WARNING, FILE, 3, "too long", "a long subject")
    found = [error, old(2), single, old(4), old(5, OTHER)]
    assert [together.findings for together in group(found)] == [
        (error,),
        (old(2), old(4)),
        (single,),
        (old(5, OTHER),),
    ]


def test_a_group_has_a_title_and_the_advice_that_its_findings_share() -> None:
    (together,) = group([old(2), old(4)])
    assert (together.title, together.advice) == (
        "2 items: older than a month",
        "correct it",
    )
    (mixed,) = group([old(2), Finding("old-news", WARNING, FILE, 3, "a; b", OLD)])
    assert mixed.advice == ""


def test_kinds_are_named_with_their_numbers_the_most_frequent_first() -> None:
    once = Finding("subject-length", WARNING, FILE, 3, "too long", "a long subject")
    nameless = [Finding("x", WARNING, FILE, line, "wrong") for line in (1, 2)]
    assert name_kinds([once, *nameless, old(1), old(2), old(3, OTHER)]) == [
        "3 items: older than a month",
        "x (2)",
        "a long subject",
    ]
    assert name_kinds([old(1)]) == ["1 item: older than a month"]
