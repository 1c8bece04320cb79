"""Generate docs/checks.md from the rules: `python -m docs.checks`, or `make docs`. A test checks
that it is up to date.
"""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from briefing.checks import check
from briefing.checks.online import rules as online
from briefing.checks.received import check as check_received
from briefing.checks.rule import Rule, rules_of

FILE = Path(__file__).with_name("checks.md")

ALL_FAMILIES: Mapping[str, ModuleType] = {
    **check.FAMILIES,
    "The network: `briefing check --online`": online,
    **check_received.FAMILIES,
}
"""Families of rules by heading."""

INTRODUCTION = """\
# The checks

<!-- Written by `make docs` from the rules themselves. -->

`briefing check` looks at an issue as you wrote it, and at the email that is built from it, in all its editions, before
anyone gets it. An **error** stops a send, a warning doesn't. Each finding says where the problem is, what is wrong and
what to do. Errors come first, and the same finding about several items is shown once, with the items below it. `--json`
prints each finding by itself, for scripts.

**Accepting warnings.** If you have checked a warning and it is fine, accept it: `briefing check --accept old-news` for
everything a rule found, `--accept old-news:12` for one line, `--accept all` for everything shown. From then on, `check`
and `send` only show what is new, and “No new findings” means that nobody needs to look again. Accepted warnings are
listed in `accepted.txt` beside the issue; commit it with the issue, so that your colleagues have it too.

A warning comes back if its line, or the headline or link of its item, changes; edits elsewhere don't matter.
`--all` shows what was accepted, and `--unaccept old-news` (or `all`) undoes accepting. Errors can't be accepted.
"""


def document() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for heading, family in ALL_FAMILIES.items():
        parts.append(
            f"\n## {heading}\n\n| rule | | what is wrong, and what to do |\n|---|---|---|\n"
        )
        for rule in rules_of(family):
            parts.append(_row(rule))
    return "".join(parts)


def _row(rule: Rule[object]) -> str:
    severity = "**error**" if rule.severity == "error" else "warning"
    description = rule.description.replace("|", r"\|")
    return f"| `{rule.name}` | {severity} | {description} |\n"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
