"""Run the offline rules on all editions of an issue."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType

from briefing.collecting.web.canonical import clean_address
from briefing.errors import BriefingError, RefusedError
from briefing.issue import store
from briefing.issue.published import Published
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.rendered import RenderedIssue

from . import (
    editions,
    folder,
    formatting,
    items,
    links,
    look,
    mail,
    photos,
    text,
    typography,
)
from . import format as format_
from .git import Git
from .inspected import InspectedEdition
from .rule import Finding, apply_rules, rules_of, sort_findings

Render = Callable[[Newsletter, Edition], RenderedIssue]

FAMILIES: Mapping[str, ModuleType] = {
    "The issue file": format_,
    "Texts": text,
    "Formatting": formatting,
    "Typography": typography,
    "Items": items,
    "Links": links,
    "Photos": photos,
    "Editions": editions,
    "The email": mail,
    "The look": look,
    "The folder": folder,
}
"""The families of offline rules by their headings in docs/checks.md."""


def check_and_render(
    newsletter: Newsletter,
    issue: Path,
    today: dt.date,
    *,
    families: Iterable[ModuleType] = tuple(FAMILIES.values()),
    render: Render = render,
) -> tuple[list[Finding], dict[str, RenderedIssue]]:
    """Return the findings, and the rendered editions by language, as they would be sent.

    An edition that can't be rendered is left out, and reported among the findings. While the file
    of any edition has mistakes in its format, nothing is rendered, and only the files are judged.

    Raises IssueError if it isn't clear which file is which edition.
    """
    drafts = store.drafts(newsletter, issue)
    if any(draft.mistakes for draft in drafts):
        families = (format_,)
        render = _not_rendered
    findings: list[Finding] = []
    sound: dict[str, RenderedIssue] = {}
    published = Published.of(newsletter, clean_address).before(issue.name)
    git = Git(newsletter.root)
    for edition in drafts:
        rendered = _rendered(newsletter, edition, render)
        inspected = InspectedEdition(
            newsletter, edition, rendered, drafts[0], published, git, today
        )
        if isinstance(rendered, RenderedIssue):
            sound[edition.lang] = rendered
        for family in families:
            findings += apply_rules(rules_of(family), inspected, edition.path)
    return sort_findings(findings), sound


def _rendered(
    newsletter: Newsletter, edition: Edition, render: Render
) -> RenderedIssue | BriefingError:
    """Render an edition; return the error if that fails: `cannot-be-rendered` reports it."""
    try:
        return render(newsletter, edition)
    except BriefingError as error:
        return error


def _not_rendered(_newsletter: Newsletter, _edition: Edition) -> RenderedIssue:
    raise RefusedError("correct the mistakes in the format first")
