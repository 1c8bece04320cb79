"""The family of checks on the issue file: one broken sample a rule, and nothing to say of a sound one."""

from pathlib import Path

import pytest

from briefing.checks import check
from briefing.checks.rule import Finding, Inspected
from briefing.issue import store
from briefing.newsletter import Newsletter


def findings(folder: Path, text: str) -> list[Finding]:
    path = folder / "issue.md"
    path.write_text(text, "utf-8")
    return check(Inspected(Newsletter(folder), store.load(path, "en")))


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("# A\n\n### B\n\nText.\n\n###Foo\n", "heading-without-space", 7),
        ("# A\n\n##Foo\n", "heading-without-space", 3),
        ("# A\n\n### B\n\nsource: BBC\ndate: 2020-10-08\n\nText.\n", "header-lines-in-text", 5),
        ("# A\n\npreheader: x\n", "header-lines-in-text", 3),
    ],
)
def test_a_broken_file_is_found_with_its_line_and_a_cure(tmp_path: Path, text: str, rule: str, line: int) -> None:
    (finding,) = findings(tmp_path, text)
    assert (finding.rule, finding.line) == (rule, line)
    assert str(finding).endswith(f"[{rule}]")
    assert "\n" not in str(finding)


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n### B\nsource: BBC\n\nText.\n",
        "# A\n\n### B\n\nNote: this is text.\n",
        "# A\n\n### B\n\nsource: BBC\nand so on\n",
        "# A\n\n### B\n\nText with #hashtag inside.\n\n\\###Foo\n",
    ],
)
def test_a_sound_file_has_no_finding(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == []
