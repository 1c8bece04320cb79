"""Gather the facts that decide whether an issue can be sent: from settings, checks, the list, the
ledger, the receipt, the disk.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from briefing.checks import cloud_folders
from briefing.checks.groups import name_kinds
from briefing.checks.rule import Severity
from briefing.configuration.settings import Settings
from briefing.errors import display_path
from briefing.issue import receipt
from briefing.newsletter import EXAMPLE_ADDRESS
from briefing.rendering.rendered import RenderedIssue
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.claim_count import ClaimCount
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.records import ledger_path
from briefing.sending.plan import Mailing, Plan, Survey
from briefing.sending.transports import registry

from . import correction, preflight, safe_folder
from .facts import Audience, Facts, IssueRecord, Places, SendRequest
from .preflight import Preflight


def day_of(now: dt.datetime) -> str:
    """Return the day that claims count for: this computer's date, in ISO 8601."""
    return now.astimezone().date().isoformat()


def examine_mailing(
    mailing: Mailing, request: SendRequest, now: dt.datetime
) -> Preflight:
    """Decide on a test, or on a send as far as that is possible without the list and the ledger."""
    return preflight.decide(request, _facts(mailing, request, now))


def examine(
    plan: Plan,
    ledger: Ledger,
    request: SendRequest,
    now: dt.datetime,
) -> Preflight:
    """Decide on a send, after going through the list once.

    Raises BusyError if another process is sending: what the ledger and the receipt say changes then
    between two looks. Raises LedgerError, SubscribersError for a list that can't be trusted as a whole,
    and FileError for a receipt that can't be read.
    """
    newsletter = plan.mailing.newsletter
    send_lock.require_free(newsletter)
    if not plan.mailing.editions:  # then no reader has an edition
        return preflight.decide(
            request, _facts(plan.mailing, request, now, plan)
        )
    decided = _decide(plan, ledger, request, now, plan.survey(ledger))
    send_lock.require_free(newsletter)
    return decided


def examine_again(
    plan: Plan,
    ledger: Ledger,
    approved: Preflight,
    now: dt.datetime,
) -> Preflight:
    """Decide again on fresh facts, except for the list: the ledger still holds the one that was
    approved.
    """
    audience = approved.facts.audience
    if audience is None:
        return approved
    return _decide(plan, ledger, approved.request, now, audience.survey)


def _decide(
    plan: Plan,
    ledger: Ledger,
    request: SendRequest,
    now: dt.datetime,
    survey: Survey,
) -> Preflight:
    audience = Audience(survey, _record(plan.mailing, ledger, request.via, now))
    facts = replace(_facts(plan.mailing, request, now, plan), audience=audience)
    return preflight.decide(request, facts)


def _facts(
    mailing: Mailing,
    request: SendRequest,
    now: dt.datetime,
    plan: Plan | None = None,
) -> Facts:
    newsletter = mailing.newsletter
    settings = mailing.newsletter.settings
    provider, furthest = _limits(request)
    findings = mailing.findings
    errors = [found for found in findings if found.severity is Severity.ERROR]
    warnings = [
        found for found in findings if found.severity is Severity.WARNING
    ]
    return Facts(
        issue=mailing.issue,
        digests=mailing.digests,
        errors=[str(finding) for finding in errors],
        warnings=len(warnings),
        warning_kinds=name_kinds(warnings),
        accepted=mailing.accepted,
        now=now,
        provider=provider,
        furthest=furthest,
        can_unsubscribe=settings.unsubscribe.has_way_to_leave,
        example_sender=_example_sender(settings),
        folder_risk=safe_folder.find_risk(newsletter.root),
        synchronised_by=cloud_folders.synchronised_by(
            newsletter.root, cloud_folders.home_folder()
        ),
        per_day=settings.send.per_day,
        tag=plan.tag if plan else "",
        places=places(mailing, request, plan),
    )


def _example_sender(settings: Settings) -> str:
    address = settings.newsletter.sender.address
    return address if address == EXAMPLE_ADDRESS else ""


def _limits(request: SendRequest) -> tuple[str, dt.timedelta | None]:
    """Return the provider's name, and how far ahead it can schedule (None: not at all)."""
    if request.rehearsal:
        return "", None
    provider = registry.provider(request.via)
    scheduling = provider.scheduling
    return provider.title, scheduling.furthest if scheduling else None


def places(
    mailing: Mailing, request: SendRequest, plan: Plan | None = None
) -> Places:
    """Return the files and folders of a send, as messages name them."""
    newsletter = mailing.newsletter
    return Places(
        root=str(newsletter.root),
        state=display_path(newsletter.state),
        list=plan.readers.name if plan else "",
        ledger=display_path(
            ledger_path(newsletter, rehearsal=request.rehearsal)
        ),
        receipt=display_path(mailing.folder / receipt.FILE),
        claim_count=display_path(
            ClaimCount.of(newsletter.state, mailing.issue).path
        ),
    )


def _compare_with_frozen(
    mailing: Mailing, ledger: Ledger
) -> tuple[Sequence[str], bool]:
    """Return what was changed since the issue was frozen, and whether the sender is still the same."""
    frozen = ledger.frozen(mailing.issue)
    if (
        frozen is None
        or frozen.digests == mailing.digests
        or not frozen.versions
    ):
        return (), True
    newest = ledger.rendered(mailing.issue)[-1]
    sent = {
        lang: RenderedIssue.from_bytes(data) for lang, data in newest.items()
    }
    same_sender = mailing.digests_of(newest) == frozen.digests
    return correction.compare(sent, mailing.editions), same_sender


def _record(
    mailing: Mailing, ledger: Ledger, via: str, now: dt.datetime
) -> IssueRecord:
    issue = mailing.issue
    rehearsal = via == registry.OUTBOX
    difference, same_sender = _compare_with_frozen(mailing, ledger)
    # First, since these follow the ledger: a ledger that is read later never knows less.
    sent = None if rehearsal else receipt.read(mailing.folder)
    claim_count = ClaimCount.of(mailing.newsletter.state, issue)
    counted_claims = 0 if rehearsal else claim_count.read()
    return IssueRecord(
        frozen=ledger.frozen(issue),
        receipt=sent,
        ledger=ledger.name,
        counted_claims=counted_claims,
        counts=ledger.counts(issue),
        pending=ledger.pending_counts(issue),
        difference=difference,
        same_sender=same_sender,
        schedules=ledger.schedules(issue),
        tests=ledger.tests(issue, via),
        claimed_today=ledger.claimed_on(day_of(now)),
        previous_issue=ledger.previous_issue(issue),
    )
