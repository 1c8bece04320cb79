"""Checks: what stands in an issue that its editor would want to know before it goes out. A family of rules a file."""

from collections.abc import Iterator

from briefing.checks import format as format_
from briefing.checks.rule import Finding, Inspected, Rule

FAMILIES = {"The issue file": format_}
"""Each family's module by its heading in docs/checks.md."""


def rules() -> Iterator[Rule]:
    """All rules, family by family, in the order of their files."""
    for family in FAMILIES.values():
        yield from (value for value in vars(family).values() if isinstance(value, Rule))


def check(inspected: Inspected) -> list[Finding]:
    """All findings in an edition, in the order of their lines."""
    found = [finding for rule in rules() for finding in rule.findings(inspected)]
    return sorted(found, key=lambda finding: (str(finding.path), finding.line or 0))
