"""How rules are declared, run and put in order, whatever they look at."""

from pathlib import Path
from types import ModuleType

from briefing.checks.rule import (
    ERROR,
    WARNING,
    Finding,
    Location,
    Problem,
    Problems,
    apply_rules,
    rule,
    rules_of,
    sort_findings,
)

FILE, OTHER = Path("issue.md"), Path("briefing.toml")


@rule("too-long", ERROR)
def too_long(words: list[str]) -> Problems:
    """A word is too long.

    Use a shorter one.
    """
    for line, word in enumerate(words, 1):
        if len(word) > 5:
            yield Problem(f"'{word}' is too long; use a shorter one", line)


@rule("no-words", WARNING)
def no_words(words: list[str]) -> Problems:
    """There are no words. Set some."""
    if not words:
        yield Location(3, OTHER).problem("there are no words; set some")


def test_a_rule_is_documented_by_its_docstring_on_one_line() -> None:
    assert too_long.description == "A word is too long. Use a shorter one."


def test_a_finding_is_in_the_file_that_is_checked_unless_the_problem_names_another() -> (
    None
):
    assert list(too_long.findings(["short", "longest"], FILE)) == [
        Finding(
            "too-long",
            ERROR,
            FILE,
            2,
            "'longest' is too long; use a shorter one",
        )
    ]
    assert list(no_words.findings([], FILE)) == [
        Finding("no-words", WARNING, OTHER, 3, "there are no words; set some")
    ]


def test_a_family_is_a_module_and_its_rules_run_in_the_order_of_its_file() -> (
    None
):
    family = ModuleType("family")
    vars(family).update(second=no_words, helper=len, first=too_long)
    assert list(rules_of(family)) == [no_words, too_long]
    assert [
        finding.rule
        for finding in apply_rules(rules_of(family), ["longest"], FILE)
    ] == ["too-long"]


FIRST_FILE = Path("a.md")


def test_findings_are_sorted_errors_first_then_by_files_and_lines_each_once() -> (
    None
):
    first, second = (
        Finding("b", ERROR, OTHER, None, "x"),
        Finding("a", ERROR, OTHER, 1, "x"),
    )
    third, fourth = (
        Finding("d", WARNING, FIRST_FILE, 2, "x"),
        Finding("c", WARNING, FIRST_FILE, 2, "x"),
    )
    assert sort_findings([third, second, fourth, first, third]) == [
        first,
        second,
        third,
        fourth,
    ]


def test_a_finding_as_text_names_file_line_problem_and_rule() -> None:
    assert (
        str(Finding("too-long", ERROR, FILE, 2, "is too long"))
        == "issue.md, line 2: is too long [too-long]"
    )
    assert (
        str(Finding("too-long", ERROR, FILE, None, "is too long"))
        == "issue.md: is too long [too-long]"
    )
