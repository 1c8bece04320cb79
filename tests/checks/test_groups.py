"""Findings of one rule are shown together, and named for a summary."""

from pathlib import Path

import pytest

from briefing.checks.groups import group, name_kinds
from briefing.checks.rule import ERROR, WARNING, Finding

FILE, OTHER = Path("issue.md"), Path("issue.ug.md")
OLD = "item: older than a month"


def old(line: int, path: Path = FILE) -> Finding:
    return Finding(
        "old-news", WARNING, path, line, f"{line} is old; correct it", OLD
    )


def test_findings_of_a_rule_in_a_file_are_one_group_in_the_place_of_the_first() -> (
    None
):
    error = Finding("x", ERROR, FILE, 1, "wrong; do it")
    single = Finding(
        "subject-length", WARNING, FILE, 3, "too long", "a long subject"
    )
    found = [error, old(2), single, old(4), old(5, OTHER)]
    assert [together.findings for together in group(found)] == [
        (error,),
        (old(2), old(4)),
        (single,),
        (old(5, OTHER),),
    ]


def link(line: int, message: str) -> Finding:
    return Finding(
        "link", WARNING, FILE, line, message, "link: bad", about=f"{line}!"
    )


@pytest.mark.parametrize(
    ("messages", "shared", "entries"),
    [
        (
            ("1 is old; correct it", "2 is old; correct it"),
            "correct it",
            ["1!", "2!"],
        ),
        (
            ("it counts; use a", "it counts; use b"),
            "it counts",
            ["use a", "use b"],
        ),
        (
            ("1 is bad; use a", "2 is bad; use b"),
            "",
            ["1 is bad; use a", "2 is bad; use b"],
        ),
        (("it is bad", "it is bad"), "it is bad", ["", ""]),
    ],
)
def test_a_group_says_once_what_its_findings_share(
    messages: tuple[str, str], shared: str, entries: list[str]
) -> None:
    (together,) = group(
        link(line, text) for line, text in enumerate(messages, 1)
    )
    assert together.title == "2 links: bad"
    assert together.shared == shared
    assert list(together.entries) == list(enumerate(entries, 1))


def test_kinds_are_named_with_their_numbers_the_most_frequent_first() -> None:
    once = Finding(
        "subject-length", WARNING, FILE, 3, "too long", "a long subject"
    )
    nameless = [Finding("x", WARNING, FILE, line, "wrong") for line in (1, 2)]
    assert name_kinds([once, *nameless, old(1), old(2), old(3, OTHER)]) == [
        "3 items: older than a month",
        "x (2)",
        "a long subject",
    ]
    assert name_kinds([old(1)]) == ["1 item: older than a month"]
