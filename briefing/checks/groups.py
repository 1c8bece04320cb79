"""Group findings: those of the same rule in the same file are shown together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.checks.rule import Finding, Severity
from briefing.counts import counted


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of the same rule; more than one only if its kind counts something."""

    findings: tuple[Finding, ...]

    @property
    def rule(self) -> str:
        return self.findings[0].rule

    @property
    def severity(self) -> Severity:
        return self.findings[0].severity

    @property
    def path(self) -> Path:
        return self.findings[0].path

    @property
    def title(self) -> str:
        """What they have in common: `8 items: older than a month`."""
        return _title(self.findings)

    @property
    def advice(self) -> str:
        """What to do about all of them; empty if it differs."""
        advice = {finding.message.partition("; ")[2] for finding in self.findings}
        return advice.pop() if len(advice) == 1 else ""


def group(findings: Iterable[Finding]) -> list[Group]:
    """Group findings by severity, file and rule, in the order in which the first ones come."""
    together: dict[object, list[Finding]] = {}
    for finding in findings:
        own = finding.rule if ": " in finding.kind else finding
        key = (finding.severity, finding.path, own)
        together.setdefault(key, []).append(finding)
    return [Group(tuple(found)) for found in together.values()]


def name_kinds(findings: Iterable[Finding]) -> list[str]:
    """Name the kinds of findings in all files, the most frequent first: `8 items: older than a month`."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    return [_title(found) for found in sorted(by_rule.values(), key=len, reverse=True)]


def _title(findings: Sequence[Finding]) -> str:
    first, number = findings[0], len(findings)
    noun, _, what = first.kind.partition(": ")
    if what:
        return f"{counted(number, noun)}: {what}"
    name = first.kind or first.rule
    return name if number == 1 else f"{name} ({number:,})"
