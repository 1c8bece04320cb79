"""Gather the facts that decide whether an issue can be sent: from settings, checks, the list, the
ledger, the receipt, the disk.
"""

import datetime as dt
from dataclasses import replace

from briefing.checks import cloud_folders
from briefing.checks.groups import name_kinds
from briefing.checks.rule import Severity
from briefing.configuration.settings import Settings
from briefing.errors import display_path
from briefing.issue import receipt
from briefing.newsletter import EXAMPLE_ADDRESS, Newsletter
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.claim_count import ClaimCount
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.plan import Mailing, Plan, Survey

from . import safe_folder
from .facts import Facts, IssueRecord, SendRequest
from .gates import Preflight


def day_of(now: dt.datetime) -> str:
    """Return the day that claims count for: this computer's date, in ISO 8601."""
    return now.astimezone().date().isoformat()


def examine_mailing(
    mailing: Mailing, request: SendRequest, now: dt.datetime
) -> Preflight:
    """Decide on a test, or on a send as far as that is possible without the list and the ledger."""
    return Preflight(request, _facts(mailing, now))


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
        return Preflight(request, _facts(plan.mailing, now, plan))
    decided = _examine_list(plan, ledger, request, now, plan.survey(ledger))
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
    survey = approved.facts.survey
    if survey is None:
        return approved
    return _examine_list(plan, ledger, approved.request, now, survey)


def _examine_list(
    plan: Plan,
    ledger: Ledger,
    request: SendRequest,
    now: dt.datetime,
    survey: Survey,
) -> Preflight:
    facts = replace(
        _facts(plan.mailing, now, plan),
        survey=survey,
        record=_record(plan.mailing, ledger, request, now),
    )
    return Preflight(request, facts)


def _facts(
    mailing: Mailing,
    now: dt.datetime,
    plan: Plan | None = None,
) -> Facts:
    newsletter = mailing.newsletter
    settings = mailing.newsletter.settings
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
        can_unsubscribe=settings.unsubscribe.has_way_to_leave,
        example_sender=_example_sender(settings),
        folder_risk=safe_folder.find_risk(newsletter.root),
        synchronised_by=cloud_folders.synchronised_by(
            newsletter.root, cloud_folders.home_folder()
        ),
        per_day=settings.send.per_day,
        tag=plan.tag if plan else "",
        list_name=plan.readers.name if plan else "",
    )


def _example_sender(settings: Settings) -> str:
    address = settings.newsletter.sender.address
    return address if address == EXAMPLE_ADDRESS else ""


def read_record(
    newsletter: Newsletter, issue: str, ledger: Ledger | None
) -> IssueRecord:
    """Return what the records say about an issue, without the list; None if there is no ledger. Raises
    LedgerError and FileError.
    """
    # First, since these follow the ledger: a ledger that is read later never knows less.
    sent = receipt.read(newsletter.issues / issue)
    counted_claims = ClaimCount.of(newsletter.state, issue).read()
    return IssueRecord(
        frozen=ledger.frozen(issue) if ledger else None,
        receipt=sent,
        ledger=ledger.name if ledger else "",
        state=display_path(newsletter.state),
        receipt_path=display_path(newsletter.issues / issue / receipt.FILE),
        counted_claims=counted_claims,
        counts=ledger.counts(issue) if ledger else {},
        pending={},
        tests={},
    )


def _record(
    mailing: Mailing, ledger: Ledger, request: SendRequest, now: dt.datetime
) -> IssueRecord:
    issue = mailing.issue
    if request.rehearsal:
        pending = ledger.pending_counts(issue)
        return IssueRecord(counts={}, pending=pending, tests={})
    record = read_record(mailing.newsletter, issue, ledger)
    return replace(
        record,
        pending=ledger.pending_counts(issue),
        same_sender=_is_same_sender(mailing, ledger, record),
        tests=ledger.tests(issue, request.via),
        claimed_today=ledger.claimed_on(day_of(now)),
        previous_issue=ledger.previous_issue(issue),
    )


def _is_same_sender(
    mailing: Mailing, ledger: Ledger, record: IssueRecord
) -> bool:
    """Whether what was frozen would have the same digests with the sender of today."""
    if record.frozen is None or not record.is_changed(mailing.digests):
        return True
    versions = ledger.rendered(mailing.issue)
    digests = [mailing.digests_of(version) for version in versions]
    return digests == record.frozen.versions
