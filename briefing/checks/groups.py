"""Group findings, so that those of the same rule in the same file are shown together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.text.counts import counted

from .rule import Finding, Severity


@dataclass(frozen=True, slots=True)
class FindingGroup:
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
    def shared(self) -> str:
        """The half of the messages that is the same in all of them: what to do, or else what is wrong."""
        return self._shared_advice or self._shared_problem

    @property
    def entries(self) -> Iterator[tuple[int | None, str]]:
        """The line of each finding, and what `shared` doesn't say about it."""
        for finding in self.findings:
            _, _, advice = finding.message.partition("; ")
            own = advice if self._shared_problem else finding.message
            yield finding.line, finding.about if self._shared_advice else own

    @property
    def _shared_advice(self) -> str:
        return _only(
            finding.message.partition("; ")[2] for finding in self.findings
        )

    @property
    def _shared_problem(self) -> str:
        return _only(
            finding.message.partition("; ")[0] for finding in self.findings
        )


def group(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group findings by severity, file and rule, in the order the first ones come."""
    together: dict[object, list[Finding]] = {}
    for finding in findings:
        own = finding.rule if ": " in finding.kind else finding
        key = (finding.severity, finding.path, own)
        together.setdefault(key, []).append(finding)
    return [FindingGroup(tuple(found)) for found in together.values()]


def name_kinds(findings: Iterable[Finding]) -> list[str]:
    """Name the kinds of findings in all files, the most frequent first: `8 items: older than a month`."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    return [
        _title(found)
        for found in sorted(by_rule.values(), key=len, reverse=True)
    ]


def count_severities(findings: Iterable[Finding]) -> list[str]:
    """Return how many errors and warnings there are: `1 error`, `3 warnings`; nothing where there are
    none.
    """
    numbers = Counter(finding.severity for finding in findings)
    return [
        counted(numbers[severity], severity)
        for severity in Severity
        if numbers[severity]
    ]


def _title(findings: Sequence[Finding]) -> str:
    first = findings[0]
    number = len(findings)
    noun, _, what = first.kind.partition(": ")
    if what:
        return f"{counted(number, noun)}: {what}"
    name = first.kind or first.rule
    return name if number == 1 else f"{name} ({number:,})"


def _only(texts: Iterable[str]) -> str:
    """Return the text if all are the same; else an empty one."""
    different = set(texts)
    return different.pop() if len(different) == 1 else ""
