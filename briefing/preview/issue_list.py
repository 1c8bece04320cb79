"""The issues of a newsletter, as the page lists them, and how one is begun from the page."""

import datetime as dt
from dataclasses import dataclass, replace

from briefing.errors import BriefingError, NotFoundError
from briefing.issue import store
from briefing.issue.compose import compose
from briefing.newsletter import Newsletter

from .desk import read_only

MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class ListedIssue:
    """An issue in the list."""

    id: str
    title: str
    """Empty if its file can't be read."""
    state: str
    """`sent` or `waits`; empty for one that can still be edited."""


def list_issues(newsletter: Newsletter) -> list[ListedIssue]:
    """Return the newest issues, the newest first."""
    issues: list[ListedIssue] = []
    for name in store.ids(newsletter)[:MOST_LISTED]:
        reason = read_only.reason(newsletter, newsletter.issues / name)
        state = reason.why.value if reason else ""
        issues.append(ListedIssue(name, _title(newsletter, name), state))
    return issues


def _title(newsletter: Newsletter, name: str) -> str:
    try:
        issue = store.first_edition(newsletter, name).issue
    except BriefingError:
        return ""
    return issue.subject or issue.title


def newest(newsletter: Newsletter) -> str:
    """Return the id of the issue that is opened without a choice; empty if there is none."""
    try:
        return store.find(newsletter, None).name
    except NotFoundError:
        return ""


def begin(
    newsletter: Newsletter, date: dt.date, slug: str = "", corrects: str = ""
) -> str:
    """Begin an issue without items, unless there is one already, and return its id.

    `corrects`: the id of the issue that it corrects. Raises RefusedError for a slug that can't be
    in an id, or if the issue was sent.
    """
    name = store.issue_id(date, slug)
    composed = compose(newsletter, name, ())
    if composed.new and corrects:
        with store.editing(newsletter):
            edition = store.first_edition(newsletter, name)
            store.save(edition, replace(edition.issue, corrects=corrects))
    return name
