"""The framework of all checks: a rule is a function that yields the problems it finds in a subject.

A family of rules is a module. All rules of a family examine the same kind of subject, which is
collected before any of them runs: an edition (`inspected.py`), the answers from the network
(`online/answers.py`), or a received email with its edition (`received/comparison.py`). So rules
only decide; but those on the folder read its files and query git.

To add a rule, write a function with `@rule` in the module of its family. Its docstring says what is
wrong and what to do, and becomes its row in docs/checks.md. Add a broken sample to the tests of
that family: a test looks for the rule's name there. A family on the issue or its email is listed in
`check.FAMILIES`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from briefing.errors import display_path

Subject = TypeVar("Subject")


class Severity(StrEnum):
    """An error stops a send, a warning doesn't."""

    ERROR = "error"
    WARNING = "warning"


ERROR = Severity.ERROR
WARNING = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: where it is, and in one line what is wrong and what to do."""

    rule: str
    severity: Severity
    path: Path
    line: int | None
    """1-based; None if no single line is to blame."""
    message: str
    kind: str = field(default="", compare=False)
    """What findings of the rule have in common. If it counts something, `item: older than a month`,
    they are listed together.
    """
    about: str = field(default="", compare=False)
    """What this one is about, for a list of several."""

    @property
    def place(self) -> str:
        """Its file and line in words."""
        path = display_path(self.path)
        return f"{path}, line {self.line}" if self.line else path

    def __str__(self) -> str:
        return f"{self.place}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule reports. Without a path, it is in the file that is being checked."""

    message: str
    line: int | None = None
    path: Path | None = None
    about: str = ""
    """What it is about in a few words; empty: the message's first half."""


Problems = Iterator[Problem]
"""What the function of a rule yields."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a problem is reported. Without a path, it is in the file that is being checked."""

    line: int | None = None
    path: Path | None = None

    def problem(self, message: str, about: str = "") -> Problem:
        return Problem(message, self.line, self.path, about)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """A rule with its name, as findings and docs/checks.md show it."""

    name: str
    severity: Severity
    judge: Callable[[Subject], Problems]
    kind: str = ""

    @property
    def description(self) -> str:
        """What is wrong and what to do, on one line."""
        return " ".join((self.judge.__doc__ or "").split())

    def findings(self, subject: Subject, path: Path) -> Iterator[Finding]:
        """Yield findings in `path`, or in the file that a problem names."""
        for problem in self.judge(subject):
            place = problem.path or path
            yield Finding(
                self.name,
                self.severity,
                place,
                problem.line,
                problem.message,
                self.kind,
                problem.about or problem.message.partition("; ")[0],
            )


def rule(
    name: str, severity: Severity, kind: str = ""
) -> Callable[[Callable[[Subject], Problems]], Rule[Subject]]:
    """Declare a function as a rule. `kind` is what `send` calls its findings; see `Finding.kind`."""

    def decorate(judge: Callable[[Subject], Problems]) -> Rule[Subject]:
        return Rule(name, severity, judge, kind)

    return decorate


def rules_of(family: ModuleType) -> Iterator[Rule[Any]]:
    """Yield the rules of a family, in the order of its file."""
    for value in vars(family).values():
        if isinstance(value, Rule):
            yield value


def apply_rules(
    rules: Iterable[Rule[Subject]], subject: Subject, path: Path
) -> Iterator[Finding]:
    """Yield the findings of rules about a subject."""
    for applied in rules:
        yield from applied.findings(subject, path)


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return each finding once: errors first, then by file and line; on the same line in the order of
    the rules.
    """
    return sorted(dict.fromkeys(findings), key=_severity_and_place)


def _severity_and_place(finding: Finding) -> tuple[bool, str, int]:
    return finding.severity is not ERROR, str(finding.path), finding.line or 0
