"""How far an issue has been sent, by its ledger, and what the editor can do next."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from briefing.errors import NotFoundError
from briefing.issue import receipt, store
from briefing.issue.receipt import Receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import schedule
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.claim_count import ClaimCount
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.records import ledger_path, open_ledger
from briefing.sending.ledger.schema import (
    INTERRUPTED,
    ReaderRecord,
    Schedule,
    State,
    state_after_interruption,
)
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import SubscriberList, read_all


class NextStep(StrEnum):
    """Something that the editor can do next."""

    CONTINUE = "continue"
    """Send to the readers who are still queued."""
    DECIDE_UNCERTAIN = "decide-uncertain"
    FIX_REJECTED = "fix-rejected"
    RESEND_RECALLED = "resend-recalled"


@dataclass(frozen=True, kw_only=True)
class IssueStatus:
    """How far an issue has been sent."""

    issue: str
    rehearsal: bool
    counts: Mapping[State, int]
    """Readers in each state."""
    reasons: Mapping[State, Mapping[str, int]]
    """Servers' replies in each state, with the number of emails, the most frequent first."""
    scheduled: Schedule | None
    """A scheduled send that hasn't gone out yet."""
    via: str
    """The transport that was used last; empty if there is no receipt."""
    readers: Mapping[State, list[tuple[Subscriber, ReaderRecord]]]
    """The readers on the list by state, if a list was given."""
    being_sent: bool = False
    """Whether another command is sending at the moment, so that all of this is changing."""
    versions: Mapping[int, int] = field(default_factory=dict)
    """How many readers have, or may have, each version of the issue."""
    receipt: Receipt | None = None
    """The only record of the issue here, if no ledger knows it."""


def steps_for(counts: Mapping[State, int]) -> Iterator[NextStep]:
    """Yield what an editor can do about readers in these states."""
    if count_unsent(counts):
        yield NextStep.CONTINUE
    if counts[State.UNCERTAIN]:
        yield NextStep.DECIDE_UNCERTAIN
    if counts[State.REJECTED]:
        yield NextStep.FIX_REJECTED
    if counts[State.RECALLED]:
        yield NextStep.RESEND_RECALLED


def count_unsent(counts: Mapping[State, int]) -> int:
    """Return how many readers the next send emails by default."""
    return counts[State.QUEUED] + counts[State.DEFERRED]


def read(
    newsletter: Newsletter,
    issue: str | None,
    readers: SubscriberList | None,
    now: dt.datetime,
) -> IssueStatus:
    """Return the status of an issue, by default the newest: of its real send by the ledger, or by the
    receipt that another computer left, or else of its rehearsal.

    `readers`: the list in which to look up who is in which state. Raises NotFoundError if nothing
    was sent, or if there is no issue.
    """
    known = _issues(newsletter, rehearsal=False)
    sent = _sent_from_anywhere(newsletter)
    name = issue or max([*known[:1], *sent[:1]], default=None)
    if name in known:
        return _by_ledger(newsletter, name, readers, now, rehearsal=False)
    if name in sent:
        return _by_receipt(newsletter, name)
    rehearsed = _issues(newsletter, rehearsal=True)
    name = issue or next(iter(rehearsed), None)
    if name in rehearsed:
        return _by_ledger(newsletter, name, readers, now, rehearsal=True)
    unsent = issue or store.find(newsletter, None).name
    raise NotFoundError(
        f"issue {unsent} hasn't been sent yet; run 'briefing send' to rehearse or send it"
    )


def _issues(newsletter: Newsletter, *, rehearsal: bool) -> list[str]:
    """Return the issues that a ledger knows, newest first."""
    if not ledger_path(newsletter, rehearsal=rehearsal).exists():
        return []
    with open_ledger(
        newsletter, Key.of(newsletter), rehearsal=rehearsal
    ) as ledger:
        return ledger.issues()


def _sent_from_anywhere(newsletter: Newsletter) -> list[str]:
    """Return the issues that were sent by their receipts or by the counts of their claims, whatever
    has become of the ledger; newest first.
    """
    return [
        issue
        for issue in sorted(store.ids(newsletter), reverse=True)
        if (newsletter.issues / issue / receipt.FILE).exists()
        or ClaimCount.of(newsletter.state, issue).read()
    ]


def _by_receipt(newsletter: Newsletter, issue: str) -> IssueStatus:
    """Return what the receipt alone says: it knows numbers, and no readers."""
    sent = receipt.read(newsletter.issues / issue)
    return IssueStatus(
        issue=issue,
        rehearsal=False,
        counts=dict.fromkeys(State, 0),
        reasons={},
        scheduled=None,
        via=sent.via if sent else "",
        readers={},
        receipt=sent,
    )


def _by_ledger(
    newsletter: Newsletter,
    issue: str,
    readers: SubscriberList | None,
    now: dt.datetime,
    *,
    rehearsal: bool,
) -> IssueStatus:
    key = Key.of(newsletter)
    with open_ledger(newsletter, key, rehearsal=rehearsal) as ledger:
        sent = None if rehearsal else receipt.read(newsletter.issues / issue)
        # If the lock is free and nothing is claimed until the end, a dead process left what is `sending`.
        claimed = ledger.claimed(issue)
        is_idle = send_lock.is_free(newsletter.state)
        status = IssueStatus(
            issue=issue,
            rehearsal=rehearsal,
            counts=ledger.counts(issue),
            reasons=ledger.reasons(issue),
            scheduled=schedule.find_pending(ledger.schedules(issue), now),
            via=sent.via if sent else "",
            readers=_by_state(ledger, issue, readers) if readers else {},
            versions=ledger.versions(issue),
        )
        if is_idle and ledger.claimed(issue) == claimed:
            return _settle_interrupted(status)
        return replace(status, being_sent=True)


def _settle_interrupted(status: IssueStatus) -> IssueStatus:
    """Return the status as the next send will see it, which settles what a dead process left as
    `sending`.
    """
    left_behind = status.counts[State.SENDING]
    if not left_behind:
        return status
    settled = state_after_interruption(rehearsal=status.rehearsal)
    counts = {**status.counts, State.SENDING: 0}
    counts[settled] += left_behind
    reasons = dict(status.reasons.get(settled, {}))
    reasons[INTERRUPTED] = reasons.get(INTERRUPTED, 0) + left_behind
    readers = {**status.readers}
    interrupted = readers.pop(State.SENDING, [])
    if interrupted:
        readers[settled] = [
            *readers.get(settled, []),
            *(
                (reader, replace(row, state=settled))
                for reader, row in interrupted
            ),
        ]
    return replace(
        status,
        counts=counts,
        reasons={**status.reasons, settled: reasons},
        readers=readers,
    )


def _by_state(
    ledger: Ledger, issue: str, readers: SubscriberList
) -> dict[State, list[tuple[Subscriber, ReaderRecord]]]:
    by_state: dict[State, list[tuple[Subscriber, ReaderRecord]]] = {}
    recipients = ledger.recipients(issue)
    for reader in read_all(readers).subscribers:
        record = ledger.find(issue, recipients.digest(reader.identity))
        if record:
            by_state.setdefault(record.state, []).append((reader, record))
    return by_state
