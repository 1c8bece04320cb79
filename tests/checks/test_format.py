"""Rules on the issue file: a broken sample for each rule, and no finding in a sound file."""

import pytest

from tests.checks.conftest import SOUND, Check


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (f"{SOUND}\n###Foo\n", "heading-without-space", 14),
        (SOUND.replace("What we read", "##Foo"), "heading-without-space", 5),
        (SOUND.replace("files\nsource", "files\n\nsource"), "header-lines-in-text", 9),
        (
            SOUND.replace("What we read this week.", "subject: x"),
            "header-lines-in-text",
            5,
        ),
        (
            SOUND.replace("https://www.example.com/files", "javascript:alert(1)"),
            "cannot-be-rendered",
            10,
        ),
        (SOUND.replace("link:", "image: none.jpg\nlink:"), "cannot-be-rendered", 10),
    ],
)
def test_a_broken_file_is_reported_with_its_line_and_what_to_do(
    check_issue: Check, text: str, rule: str, line: int | None
) -> None:
    (finding,) = [finding for finding in check_issue(text) if finding.rule == rule]
    assert finding.line == line
    assert str(finding).endswith(f"[{rule}]")
    assert "\n" not in str(finding)


@pytest.mark.parametrize(
    "addition",
    [
        "",
        "\nNote: this is text.\n",
        "\nsource: BBC\nand so on\n",
        "\nText with #hashtag inside.\n",
        "\n\\###Foo\n",
    ],
)
def test_a_sound_file_has_no_finding(check_issue: Check, addition: str) -> None:
    assert check_issue(SOUND + addition) == []
