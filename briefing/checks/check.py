"""`check`: everything that the rules find in an issue, all its editions together."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

from briefing.checks import editions, folder, items, links, look, mail, text
from briefing.checks import format as format_
from briefing.checks.rule import Finding, Inspected, Rule
from briefing.collecting.web.canonical import clean
from briefing.errors import BriefingError
from briefing.issue import store
from briefing.issue.published import Published
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.rendered import RenderedIssue

FAMILIES: Mapping[str, ModuleType] = {
    "The issue file": format_,
    "Texts": text,
    "Items": items,
    "Links": links,
    "Editions": editions,
    "The mail": mail,
    "The look": look,
    "The folder": folder,
}
"""Each family's module by its heading in docs/checks.md."""


def rules_of(family: ModuleType) -> Iterator[Rule]:
    """The rules of a family, in the order of its file."""
    return (value for value in vars(family).values() if isinstance(value, Rule))


def check(newsletter: Newsletter, issue: Path, today: dt.date) -> list[Finding]:
    """All findings in an issue, in the order of files and lines. Raises IssueError where a file can't be read."""
    return checked(newsletter, issue, today)[0]


def checked(newsletter: Newsletter, issue: Path, today: dt.date) -> tuple[list[Finding], dict[str, RenderedIssue]]:
    """What `check` finds, and what it looked at: each edition by its language, as it would go out.

    An edition that can't be rendered is missing there, and an error is among the findings.
    """
    all_editions = store.editions(newsletter, issue)
    published = Published.of(newsletter, clean).before(issue.name)
    found: dict[Finding, None] = {}
    sound: dict[str, RenderedIssue] = {}
    for edition in all_editions:
        rendered = rendered_or_why_not(newsletter, edition)
        if isinstance(rendered, RenderedIssue):
            sound[edition.lang] = rendered
        inspected = Inspected(newsletter, edition, rendered, all_editions[0], published, today)
        for family in FAMILIES.values():
            found |= dict.fromkeys(finding for rule in rules_of(family) for finding in rule.findings(inspected))
    return sorted(found, key=lambda finding: (str(finding.path), finding.line or 0)), sound


def rendered_or_why_not(newsletter: Newsletter, edition: Edition) -> RenderedIssue | BriefingError:
    """The edition as it would go out; or the error, which is a finding among others here."""
    try:
        return render(newsletter, edition)
    except BriefingError as error:
        return error
