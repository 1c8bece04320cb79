"""What a check is: a rule is a function that yields the places where it is broken.

To add one: write the function in the file of its family, with `@rule`; its docstring says what is wrong and what to do
and becomes its row of docs/checks.md. Add a broken sample to the family's test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from briefing.errors import shown
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter


class Severity(StrEnum):
    """An error stops a send, a warning doesn't."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the rules look at: one edition of an issue."""

    newsletter: Newsletter
    edition: Edition


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: where, what is wrong and what to do, on one line."""

    rule: str
    severity: Severity
    path: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"{shown(self.path)}, line {self.line}" if self.line else shown(self.path)
        return f"{place}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is broken: a line (1-based) of the edition's file, and what is to be said of it."""

    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its name, as findings and docs/checks.md show it."""

    name: str
    severity: Severity
    places: Callable[[Inspected], Iterator[Place]]

    def findings(self, inspected: Inspected) -> Iterator[Finding]:
        for place in self.places(inspected):
            yield Finding(self.name, self.severity, inspected.edition.path, place.line, place.message)


def rule(name: str, severity: Severity) -> Callable[[Callable[[Inspected], Iterator[Place]]], Rule]:
    """Make a rule of a function."""

    def decorate(places: Callable[[Inspected], Iterator[Place]]) -> Rule:
        return Rule(name, severity, places)

    return decorate
