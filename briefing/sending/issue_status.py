"""How far an issue has been sent, by its ledger and its receipt, and what the editor can do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from briefing.errors import NotFoundError
from briefing.issue import receipt, store
from briefing.issue.receipt import Receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import SubscriberList, read_all

from . import rehearsals, waiting
from .ledger import send_lock
from .ledger.claim_count import ClaimCount
from .ledger.ledger import Ledger
from .ledger.records import ledger_path, open_ledger
from .ledger.schema import ReaderRecord, State
from .preflight import gates, gathering
from .waiting import Wait


class NextStep(StrEnum):
    """What the editor can do next."""

    CONTINUE = "continue"
    """Send to the readers who haven't got it."""
    DECIDE_UNCERTAIN = "decide-uncertain"
    FIX_REJECTED = "fix-rejected"
    NOTHING = "nothing"
    """Every reader has been sent the issue."""
    ENDED = "ended"
    """Nothing, since the others were given up."""


@dataclass(frozen=True, kw_only=True)
class IssueStatus:
    """How far an issue has been sent."""

    issue: str
    counts: Mapping[State, int] = field(
        default_factory=lambda: dict.fromkeys(State, 0)
    )
    """Readers in each state."""
    reasons: Mapping[State, Mapping[str, int]] = field(default_factory=dict)
    """Servers' replies in each state, with the number of emails, the most frequent first."""
    receipt: Receipt | None = None
    mismatch: str = ""
    """Why the ledger doesn't know everyone who has the issue; empty if it does."""
    being_sent: bool = False
    """Whether another command is sending at the moment, so that all of this is changing."""
    wait: Wait | None = None
    """A send that waits for its time, or didn't get there."""
    rehearsals: Sequence[str] = ()
    """The issues with a rehearsal."""
    readers: Mapping[State, list[tuple[Subscriber, ReaderRecord]]] = field(
        default_factory=dict
    )
    """The readers on the list by state, if a list was given."""

    @property
    def is_sent(self) -> bool:
        """Whether a send of the issue has begun, here or on another computer."""
        return any(self.counts.values()) or self.receipt is not None


def step_for(counts: Mapping[State, int]) -> NextStep:
    """Return what an editor can do first about readers in these states."""
    if count_unsent(counts):
        return NextStep.CONTINUE
    if counts[State.UNCERTAIN]:
        return NextStep.DECIDE_UNCERTAIN
    if counts[State.REJECTED]:
        return NextStep.FIX_REJECTED
    return NextStep.ENDED if counts[State.CANCELLED] else NextStep.NOTHING


def count_unsent(counts: Mapping[State, int]) -> int:
    """Return how many readers the next send emails by default."""
    return counts[State.QUEUED] + counts[State.DEFERRED]


def was_sent(newsletter: Newsletter, issue: str) -> bool:
    """Whether a send of an issue has begun, whatever has become of the ledger."""
    has_receipt = (newsletter.issues / issue / receipt.FILE).exists()
    return has_receipt or ClaimCount.of(newsletter.state, issue).read() > 0


def read(
    newsletter: Newsletter, issue: str | None, readers: SubscriberList | None
) -> IssueStatus:
    """Return the status of an issue, by default the newest that was sent, waits to be sent or was rehearsed.

    `readers`: the list in which to look up who is in which state. Raises NotFoundError if there is
    nothing to report, or no issue.
    """
    rehearsed = [folder.name for folder in rehearsals.folders(newsletter)]
    ledger_exists = ledger_path(newsletter).exists()
    if not ledger_exists:
        return _describe(newsletter, issue, readers, None, rehearsed)
    with open_ledger(newsletter, Key.of(newsletter)) as ledger:
        return _describe(newsletter, issue, readers, ledger, rehearsed)


def _describe(
    newsletter: Newsletter,
    issue: str | None,
    readers: SubscriberList | None,
    ledger: Ledger | None,
    rehearsed: Sequence[str],
) -> IssueStatus:
    name = issue or _newest(newsletter, ledger, rehearsed)
    wait = waiting.find(newsletter, name)
    status = IssueStatus(issue=name, wait=wait, rehearsals=rehearsed)
    if ledger and name in ledger.issues():
        return _with_records(newsletter, status, ledger, readers)
    if was_sent(newsletter, name):
        return _with_records(newsletter, status, None, None)
    if wait or name in rehearsed:
        return status
    raise NotFoundError(
        f"issue {name} hasn't been sent yet; run 'briefing send' to rehearse or send it"
    )


def _newest(
    newsletter: Newsletter, ledger: Ledger | None, rehearsed: Sequence[str]
) -> str:
    """Return the newest issue with something to report, else the newest. Raises NotFoundError."""
    known = ledger.issues() if ledger else []
    sent = [
        name for name in store.ids(newsletter) if was_sent(newsletter, name)
    ]
    waits = [wait.issue for wait in waiting.find_all(newsletter)]
    newest = max([*known, *sent, *waits], default="")
    return (
        newest
        or max(rehearsed, default="")
        or store.find(newsletter, None).name
    )


def _with_records(
    newsletter: Newsletter,
    status: IssueStatus,
    ledger: Ledger | None,
    readers: SubscriberList | None,
) -> IssueStatus:
    """Return the status with what the ledger and the receipt say; without a ledger, these are numbers
    alone.
    """
    issue = status.issue
    # Within it, no send begins: the ledger and the receipt would change between two looks.
    with send_lock.while_free(newsletter.state) as is_free:
        if ledger and is_free:
            ledger.settle_interrupted(issue)
        record = gathering.read_record(newsletter, issue, ledger)
        reasons = ledger.reasons(issue) if ledger else {}
    mismatch = gates.find_mismatch(issue, record)
    being_sent = ledger is not None and not is_free
    return replace(
        status,
        receipt=record.receipt,
        mismatch=mismatch.message if mismatch and not being_sent else "",
        counts={**status.counts, **record.counts},
        reasons=reasons,
        readers=_by_state(ledger, issue, readers) if ledger and readers else {},
        being_sent=being_sent,
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
