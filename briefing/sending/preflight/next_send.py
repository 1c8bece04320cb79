"""What the next `briefing send` of an issue would do, by the same preflight that it passes itself."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import BriefingError
from briefing.issue import receipt, store
from briefing.newsletter import Newsletter
from briefing.sending.ledger.claim_count import ClaimCount
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.records import ledger_path, open_ledger
from briefing.sending.ledger.schema import State
from briefing.sending.plan import Mailing, Plan
from briefing.sending.transports.registry import NAMES, OUTBOX

from . import gathering, history, missing_settings
from .facts import IssueRecord, SendRequest
from .issue_status import IssueStatus, NextStep, steps_for
from .preflight import Preflight

COMPLETE = {"nothing-left", "changed-after-all"}
"""Obstacles that need no answer: every reader has the issue."""
BY_SENDING = (NextStep.CONTINUE, NextStep.RESEND_RECALLED)
"""Steps that are the next send itself."""


@dataclass(frozen=True)
class NextSend:
    """What the next send would do: hand over emails, be refused, or have nothing left to do."""

    via: str
    """The transport that was used last."""
    count: int = 0
    """Emails that it would hand over."""
    later: int = 0
    """Emails that it would leave queued: `per_day` allows no more."""
    joined: int = 0
    """Readers who joined since the first part was sent, and get nothing without `--late`."""
    refusals: Sequence[str] = ()
    """Whatever prevents it, each with what to do."""

    def steps(self, counts: Mapping[State, int]) -> list[NextStep]:
        """Return what the editor can do next, given the readers in each state."""
        decisions = [
            step for step in steps_for(counts) if step not in BY_SENDING
        ]
        if self.refusals or not self.count:
            return decisions
        recalled = [NextStep.RESEND_RECALLED] if counts[State.RECALLED] else []
        return [NextStep.CONTINUE, *decisions, *recalled]


def examine(
    newsletter: Newsletter,
    status: IssueStatus,
    readers: Path,
    now: dt.datetime,
) -> NextSend:
    """Return what the next real send of an issue to the list in the file `readers` would do."""
    via = status.via
    try:
        folder = store.find(newsletter, status.issue)
        mailing = Mailing.of(newsletter, folder, now.date())
        # Looking creates no ledger: a backup could no longer be put in its place.
        if not ledger_path(newsletter, rehearsal=False).exists():
            return NextSend(via, refusals=_without_ledger(mailing, via))
        with open_ledger(newsletter, mailing.key, rehearsal=False) as ledger:
            via = via or _last_transport(newsletter, ledger, status.issue)
            plan = Plan.read(mailing, readers)
            request = SendRequest(via=via, at=_scheduled_time(status))
            decided = gathering.examine(plan, ledger, request, now)
        return _describe(decided, _missing_settings(newsletter, via))
    except BriefingError as error:
        return NextSend(via, refusals=[str(error)])


def _scheduled_time(status: IssueStatus) -> str | None:
    """Return the time of the emails that are already scheduled: all others must go out with them."""
    return status.scheduled.at.isoformat() if status.scheduled else None


def _without_ledger(mailing: Mailing, via: str) -> list[str]:
    claim_count = ClaimCount.of(mailing.newsletter.state, mailing.issue)
    record = IssueRecord(
        receipt=receipt.read(mailing.folder),
        counted_claims=claim_count.read(),
        counts={},
        pending={},
        tests={},
    )
    places = gathering.places(mailing, SendRequest(via=via))
    mismatch = history.find_mismatch(mailing.issue, places, record)
    return [mismatch.message] if mismatch else []


def _last_transport(newsletter: Newsletter, ledger: Ledger, issue: str) -> str:
    """Return the transport to continue with, if there is no receipt: the usual one, or one that was
    tested.
    """
    usual = newsletter.settings.send.via
    real = [name for name in NAMES if name != OUTBOX]
    tested = [name for name in real if ledger.tests(issue, name)]
    return usual if usual != OUTBOX else next(iter([*tested, *real]))


def _missing_settings(newsletter: Newsletter, via: str) -> list[str]:
    """Return what `send` refuses before it looks at the issue."""
    missing = missing_settings.find_for_send(
        newsletter,
        via,
        needs_test_address=False,
    )
    return [setting.message for setting in missing]


def _describe(decided: Preflight, missing: Sequence[str]) -> NextSend:
    amounts = decided.amounts
    blocking = [
        obstacle.message
        for obstacle in decided.blocking
        if obstacle.code not in COMPLETE
    ]
    return NextSend(
        decided.request.via,
        count=decided.count,
        later=amounts.open - amounts.count if amounts else 0,
        joined=amounts.joined if amounts else 0,
        refusals=list(dict.fromkeys([*missing, *blocking])),
    )
