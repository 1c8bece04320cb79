"""What a check is: a rule is a function that yields the places where an edition breaks it.

To add one: write the function in the file of its family, with `@rule`. Its docstring says in one sentence what is wrong
and in another what to do, and becomes its row of docs/checks.md. Add a broken sample to the family's test.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from lxml import html as lxml_html

from briefing.errors import BriefingError, shown
from briefing.issue.published import Published
from briefing.issue.store import Edition
from briefing.keys import LENGTH, Key
from briefing.languages import Language, language
from briefing.mail.message import SAMPLE_READER, Message
from briefing.newsletter import Newsletter
from briefing.rendering.rendered import RenderedIssue


class Severity(StrEnum):
    """An error stops a send, a warning doesn't."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Inspected:
    """What the rules look at: one edition of an issue, with the mail that is made of it."""

    newsletter: Newsletter
    edition: Edition
    rendered: RenderedIssue | BriefingError
    """The edition as it would go out, or why it can't."""
    first: Edition
    """The issue's first edition; this one itself where there is no other."""
    published: Published
    """What ran in earlier issues."""
    today: dt.date

    @property
    def language(self) -> Language:
        return language(self.edition.lang, self.newsletter.template_folders)

    @cached_property
    def page(self) -> str:
        """The HTML part as a made-up reader gets it; empty where it can't be rendered."""
        if isinstance(self.rendered, BriefingError):
            return ""
        return self.rendered.html.filled(self._message(self.rendered).columns(SAMPLE_READER))

    @cached_property
    def text(self) -> str:
        """The text part, likewise."""
        if isinstance(self.rendered, BriefingError):
            return ""
        return self.rendered.text.filled(self._message(self.rendered).columns(SAMPLE_READER))

    @cached_property
    def document(self) -> lxml_html.HtmlElement | None:
        """The HTML part as a tree."""
        return lxml_html.document_fromstring(self.page) if self.page else None

    @cached_property
    def mail(self) -> bytes:
        """The whole mail of a made-up reader, likewise; its tokens are of no real key."""
        if isinstance(self.rendered, BriefingError):
            return b""
        return self._message(self.rendered).fill(SAMPLE_READER)

    def _message(self, rendered: RenderedIssue) -> Message:
        at = dt.datetime.combine(self.today, dt.time(), dt.UTC)
        return Message(rendered, self.newsletter.settings, Key(bytes(LENGTH)), at)


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
    """Where a rule is broken, and what is to be said of it."""

    message: str
    line: int | None = None
    """1-based."""
    path: Path | None = None
    """The file, where it isn't the edition's own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its name, as findings and docs/checks.md show it."""

    name: str
    severity: Severity
    places: Callable[[Inspected], Iterator[Place]]

    @property
    def description(self) -> str:
        """What is wrong, and what to do."""
        return " ".join((self.places.__doc__ or "").split())

    def findings(self, inspected: Inspected) -> Iterator[Finding]:
        for place in self.places(inspected):
            yield Finding(self.name, self.severity, place.path or inspected.edition.path, place.line, place.message)


def rule(name: str, severity: Severity) -> Callable[[Callable[[Inspected], Iterator[Place]]], Rule]:
    """Make a rule of a function."""

    def decorate(places: Callable[[Inspected], Iterator[Place]]) -> Rule:
        return Rule(name, severity, places)

    return decorate
