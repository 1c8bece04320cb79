"""Generate docs/checks.md from the rules: `python -m docs.checks`, or `make docs`. A test checks
that it is up to date.
"""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from briefing.checks import online, received
from briefing.checks.check import FAMILIES
from briefing.checks.rule import Rule, rules_of

FILE = Path(__file__).with_name("checks.md")

ALL_FAMILIES: Mapping[str, ModuleType] = {
    **FAMILIES,
    "The network: `briefing check --online`": online,
    "A mail as received: `briefing check --received FILE`": received,
}
"""Families of rules by heading."""

INTRODUCTION = """\
# The checks

<!-- Written by `make docs` from the rules themselves. -->

`briefing check` looks at an issue as you wrote it, and at the mail that is built from it, in all its editions, before
anyone gets it. An **error** stops a send, a warning doesn't. Each finding says where the problem is, what is wrong and
what to do; `--json` prints them for scripts.
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
