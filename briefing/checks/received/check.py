"""Run `check --received`: compare a received test email with the rendered issue."""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from briefing.checks.check import Render
from briefing.checks.rule import Finding, apply_rules, rules_of, sort_findings
from briefing.errors import RefusedError, display_path
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.mail.headers import clean
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.rendered import RenderedIssue

from . import authentication_rules, rules
from .comparison import ReceivedEdition, share_of_headlines
from .received_mail import ReceivedMail

FAMILIES: Mapping[str, ModuleType] = {
    "A received email: who sent it (`briefing check --received FILE`)": authentication_rules,
    "A received email: what was changed on the way (`briefing check --received FILE`)": rules,
}
"""The families of rules on a received email by their headings in docs/checks.md."""
MIN_SHARE_OF_HEADLINES = 0.5
"""An email is of an edition if it contains this share of the headlines: its provider may have changed
some.
"""


def check_received(
    newsletter: Newsletter,
    folder: Path,
    path: Path,
    *,
    render: Render = render,
) -> list[Finding]:
    """Return findings about an email of an issue, saved as `path` from the inbox that received it.

    Raises RefusedError if the file isn't an email or belongs to another sender or issue; IssueError,
    PictureError or TemplateError if the issue can't be rendered.
    """
    mail = ReceivedMail.read(path)
    sender = newsletter.settings.newsletter.sender
    if mail.senders != [sender.address.lower()]:
        reason = "isn't an email from this newsletter: its sender isn't the one set as 'from' under [newsletter]"
        advice = "if a mailing list changed it, have the test sent straight to a mailbox"
        raise RefusedError(f"{display_path(path)}: {reason}; {advice}")
    edition = _edition_of(mail, store.editions(newsletter, folder))
    rendered = render(newsletter, edition)
    if not _is_of(edition, rendered, mail):
        reason = f"isn't an email of issue {folder.name}, since it doesn't have the issue's headlines"
        advice = "choose the issue that it belongs to: 'briefing check ISSUE --received FILE'"
        raise RefusedError(f"{display_path(path)}: {reason}; {advice}")
    subject = ReceivedEdition(mail, newsletter.settings, rendered)
    return sort_findings(
        finding
        for family in FAMILIES.values()
        for finding in apply_rules(rules_of(family), subject, path)
    )


def _edition_of(mail: ReceivedMail, editions: list[Edition]) -> Edition:
    """Return the edition in the email's language, else the one with the most headlines in the email."""
    language = "".join(mail.fields("Content-Language")[:1]).strip()
    for edition in editions:
        if edition.lang == language:
            return edition
    return max(editions, key=lambda edition: _share(edition, mail))


def _is_of(
    edition: Edition, rendered: RenderedIssue, mail: ReceivedMail
) -> bool:
    return (
        _share(edition, mail) >= MIN_SHARE_OF_HEADLINES
        or clean(rendered.subject) in mail.subject
    )


def _share(edition: Edition, mail: ReceivedMail) -> float:
    headlines = [item.heading for item in edition.issue.items if item.heading]
    return share_of_headlines(headlines or [edition.issue.title], mail)
