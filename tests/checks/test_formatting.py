"""Rules on formatting: a broken sample for each rule, and no finding in sound texts."""

from collections.abc import Sequence
from types import ModuleType

import pytest

from briefing.checks import formatting
from briefing.checks.check import Render
from briefing.checks.rule import Severity
from tests.checks.conftest import SOUND, Check, not_rendered

TEXT = "The court has opened the files of the last three years."
LINE = 12
"""Of the item's text."""


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (formatting,)


@pytest.fixture
def render() -> Render:
    return not_rendered


def with_text(text: str) -> str:
    return SOUND.replace(TEXT, text)


def found(check_issue: Check, text: str) -> list[tuple[str, int | None, str]]:
    findings = check_issue(text)
    assert all(finding.severity is Severity.WARNING for finding in findings)
    return [
        (finding.rule, finding.line, finding.message) for finding in findings
    ]


@pytest.mark.parametrize(
    ("headline", "characters", "most"),
    [
        ("word " * 22 + "a", 111, 110),
        ("法" * 56, 56, 55),
        ("a" * 500, 500, 110),
    ],
)
def test_a_long_headline_is_reported_with_the_length_it_may_have(
    check_issue: Check, headline: str, characters: int, most: int
) -> None:
    text = SOUND.replace("A court opens its files", headline)
    ((rule, line, message),) = found(check_issue, text)
    assert (rule, line) == ("headline-length", 7)
    assert message.endswith(
        f" has {characters} characters; shorten it to {most}"
    )


@pytest.mark.parametrize("headline", ["word " * 21 + "words", "法" * 55])
def test_a_headline_may_have_110_characters_or_55_in_chinese(
    check_issue: Check, headline: str
) -> None:
    text = SOUND.replace("A court opens its files", headline)
    assert found(check_issue, text) == []


def test_a_long_title_of_the_issue_or_a_section_is_reported(
    check_issue: Check,
) -> None:
    long, longest = "w" * 81, "w" * 80
    issue = SOUND.replace("# Weekly Brief, 9 October 2020", f"# {long}", 1)
    section = SOUND.replace("### A court", f"## {long}\n\n### A court")
    for text, line in ((issue, 1), (section, 7)):
        ((rule, number, _),) = found(check_issue, text)
        assert (rule, number) == ("title-length", line)
        assert found(check_issue, text.replace(long, longest)) == []


@pytest.mark.parametrize(
    "table",
    [
        "| year | cases |\n|------|------:|\n| 2019 | 12 |\n| 2020 | 14 |",
        "year | cases\n--- | :---:\n2019 | 12\n2020 | 14",
        "| 2019 | 12 |\n| 2020 | 14 |",
        "  | year | cases |\n  |--|--|",
    ],
)
def test_a_table_is_reported_once(check_issue: Check, table: str) -> None:
    text = with_text(f"Before it.\n\n{table}\n\nAfter it.")
    ((rule, line, message),) = found(check_issue, text)
    assert (rule, line) == ("table-in-text", LINE + 2)
    assert message == (
        "readers would see the bars and dashes of this table; "
        "write a list or sentences, or make a picture of it"
    )


def test_each_of_two_tables_is_reported(check_issue: Check) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    lines = [
        line
        for _, line, _ in found(
            check_issue, with_text(f"{table}\n\nWords.\n\n{table}")
        )
    ]
    assert lines == [LINE, LINE + 6]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "They said ~~nothing~~ something.",
            "readers would see '~~nothing~~' after 'said': struck-out text isn't supported; delete it",
        ),
        (
            "A ==remarkable== ruling.",
            "readers would see '==remarkable==' after 'A': highlighting isn't supported; write **words**",
        ),
        (
            "A ruling[^1] at last.",
            "readers would see '[^1]' after 'ruling': footnotes aren't supported; put the note into the text",
        ),
        (
            "- [ ] Write to the judge.",
            "readers would see '[ ]' at the beginning of the line: tick boxes aren't supported; delete this one",
        ),
        (
            "Good news :tada: today.",
            "readers would see ':tada:' after 'news': emoji codes aren't supported; type the emoji, or delete the code",
        ),
        ("```\nwords\n```", "code blocks aren't supported; delete this line"),
        ("~~~ python", "code blocks aren't supported; delete this line"),
    ],
)
def test_marks_that_readers_would_see_are_reported_with_what_to_do(
    check_issue: Check, text: str, said: str
) -> None:
    rule, line, message = found(check_issue, with_text(text))[0]
    assert (rule, line, message) == ("unsupported-marks", LINE, said)


@pytest.mark.parametrize(
    "text",
    [
        "A ruling (about ~2,000 pages) that ~ 300 people read.",
        "a == b, and b == c.",
        "At 10:30:15 and at 9:00: two hearings, ratio 3:2:1, std::vector::size.",
        "[He] said so [sic].",
        "- [the ruling](https://example.org/) is here",
        "Either | or, and A|B.",
        "She waited -- for years -- in vain.",
        "One day.\n\n---\n\nAnother day.",
        "Write `~~this~~` literally.",
    ],
)
def test_ordinary_texts_are_sound(check_issue: Check, text: str) -> None:
    found_rules = [rule for rule, _, _ in found(check_issue, with_text(text))]
    assert found_rules == []
