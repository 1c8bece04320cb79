"""How far an issue has been sent, by its ledger, and what the editor can do next."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from briefing.errors import NotFoundError
from briefing.issue import receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import lock, schedule
from briefing.sending.ledger import Ledger
from briefing.sending.records import ledger_path, open_ledger
from briefing.sending.schema import ReaderRecord, Schedule, State
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import SubscriberList, read_all


class Step(StrEnum):
    """Something that the editor can do next."""

    FINISH_RECALL = "finish-recall"
    CONTINUE = "continue"
    """Send to the readers who are still queued."""
    DECIDE_UNCERTAIN = "decide-uncertain"
    FIX_REJECTED = "fix-rejected"
    RESEND_RECALLED = "resend-recalled"


@dataclass(frozen=True, kw_only=True)
class IssueStatus:
    """Where the sending of an issue has got to."""

    issue: str
    rehearsal: bool
    counts: Mapping[State, int]
    """Readers in each state."""
    reasons: Mapping[State, Mapping[str, int]]
    """Servers' replies in each state, with the number of mails, the most frequent first."""
    scheduled: Schedule | None
    """A scheduled send that hasn't gone out yet."""
    recall_unfinished: bool
    via: str
    """The transport that was used last; empty if there is no receipt."""
    readers: Mapping[State, list[tuple[Subscriber, ReaderRecord]]]
    """The readers on the list by state, if a list was given."""
    being_sent: bool = False
    """Whether another command is sending at the moment, so that all of this is changing."""

    @property
    def next_steps(self) -> list[Step]:
        """What the editor can do about readers of a real send without their mail."""
        return (
            [Step.FINISH_RECALL]
            if self.recall_unfinished
            else list(steps_for(self.counts))
        )


def steps_for(counts: Mapping[State, int]) -> Iterator[Step]:
    """Yield what an editor can do about readers in these states."""
    if count_unsent(counts):
        yield Step.CONTINUE
    if counts[State.UNCERTAIN]:
        yield Step.DECIDE_UNCERTAIN
    if counts[State.REJECTED]:
        yield Step.FIX_REJECTED
    if counts[State.RECALLED]:
        yield Step.RESEND_RECALLED


def count_unsent(counts: Mapping[State, int]) -> int:
    """Return how many readers the next send mails by default."""
    return counts[State.QUEUED] + counts[State.DEFERRED]


def read(
    newsletter: Newsletter,
    issue: str | None,
    readers: SubscriberList | None,
    now: dt.datetime,
) -> IssueStatus:
    """Return the status of an issue, by default the newest: of its real send, or else its
    rehearsal.

    `readers`: the list in which to look up who is in which state. Raises NotFoundError if nothing
    was sent.
    """
    for rehearsal in (False, True):
        if not ledger_path(newsletter, rehearsal=rehearsal).exists():
            continue
        with open_ledger(newsletter, Key.of(newsletter), rehearsal=rehearsal) as ledger:
            issues = ledger.issues()
            if issues and (issue is None or issue in issues):
                return _read(
                    newsletter,
                    ledger,
                    issue or issues[0],
                    readers,
                    now,
                    rehearsal=rehearsal,
                )
    reason = (
        f"issue {issue} hasn't been sent yet" if issue else "nothing has been sent yet"
    )
    raise NotFoundError(f"{reason}; run 'briefing send' to send it")


def _read(
    newsletter: Newsletter,
    ledger: Ledger,
    issue: str,
    readers: SubscriberList | None,
    now: dt.datetime,
    *,
    rehearsal: bool,
) -> IssueStatus:
    sent = None if rehearsal else receipt.read(newsletter.issues / issue)
    schedules = ledger.schedules(issue)
    claimed = _claims(ledger, issue)
    is_idle = lock.is_free(newsletter.state)
    status = IssueStatus(
        issue=issue,
        rehearsal=rehearsal,
        counts=ledger.counts(issue),
        reasons=ledger.reasons(issue),
        scheduled=schedule.find_pending(schedules, now),
        recall_unfinished=any(planned.recall_unfinished for planned in schedules),
        via=sent.via if sent else "",
        readers=_by_state(ledger, issue, readers) if readers else {},
    )
    if is_idle and _claims(ledger, issue) == claimed:
        return _settle_interrupted(status)
    return replace(status, being_sent=True)


def _claims(ledger: Ledger, issue: str) -> int:
    frozen = ledger.frozen(issue)
    return frozen.claimed if frozen else 0


def _settle_interrupted(status: IssueStatus) -> IssueStatus:
    """Return the status as the next send will see it: it settles mails that a dead process left as
    `sending` in the same way.
    """
    settled = State.QUEUED if status.rehearsal else State.UNCERTAIN
    counts = {**status.counts, State.SENDING: 0}
    counts[settled] += status.counts[State.SENDING]
    readers = {**status.readers}
    interrupted = readers.pop(State.SENDING, [])
    if interrupted:
        readers[settled] = [
            *readers.get(settled, []),
            *((reader, replace(row, state=settled)) for reader, row in interrupted),
        ]
    return replace(status, counts=counts, readers=readers)


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
