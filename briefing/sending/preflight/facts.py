"""What decides whether an issue can be sent: the request and the facts, as plain values."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.issue.receipt import Receipt
from briefing.sending.ledger.schema import (
    GONE,
    Frozen,
    PreviousIssue,
    State,
)
from briefing.sending.plan import Survey
from briefing.sending.transports.registry import OUTBOX


@dataclass(frozen=True, kw_only=True)
class SendRequest:
    """What to send, and how."""

    via: str
    test: bool = False
    """To test addresses, not to the list."""
    limit: int | None = None
    """The most emails to send now; the rest stays queued."""
    resend_uncertain: bool = False
    retry_rejected: bool = False
    untested: bool = False
    skip_bad_rows: bool = False
    expect: int | None = None
    """How many emails the editor expects."""
    unattended: bool = False
    """No one will be asked to confirm."""
    dry_run: bool = False

    @property
    def rehearsal(self) -> bool:
        """Whether the emails stay on this computer."""
        return self.via == OUTBOX

    @property
    def again(self) -> frozenset[State]:
        """The settled states that are sent again."""
        chosen = {
            State.UNCERTAIN: self.resend_uncertain,
            State.REJECTED: self.retry_rejected,
        }
        return frozenset(state for state, again in chosen.items() if again)


@dataclass(frozen=True, kw_only=True)
class IssueRecord:
    """What the ledger, the receipt and the count of claims say about the issue."""

    frozen: Frozen | None = None
    receipt: Receipt | None = None
    ledger: str = ""
    """The ledger's name, as receipts record it."""
    state: str = ".briefing"
    """The newsletter's private folder, and its receipt, as messages name them."""
    receipt_path: str = ""
    counted_claims: int = 0
    """The claims counted beside the ledger (`ClaimCount`)."""
    counts: Mapping[State, int]
    """All readers of the issue by state."""
    pending: Mapping[State | None, int]
    """The readers this send is for by state; None: not frozen with the issue."""
    same_sender: bool = True
    """Whether name, sender, reply address and unsubscribe address are those that were frozen."""
    tests: Mapping[str, str]
    """The digests of the editions that were tested, by language."""
    claimed_today: int = 0
    """Emails claimed today, of all issues."""
    previous_issue: PreviousIssue | None = None

    @property
    def claimed(self) -> int:
        """Emails of the issue that were ever claimed, as far as the ledger knows; it grows with each send."""
        return self.frozen.claimed if self.frozen else 0

    @property
    def readers_with_mail(self) -> int:
        """Readers who have the issue, or may have it."""
        return sum(self.counts.get(state, 0) for state in GONE)

    def is_changed(self, digests: Mapping[str, str]) -> bool:
        """Whether the editions, digests by language, aren't those that were frozen."""
        return self.frozen is not None and self.frozen.digests != digests


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the decision depends on, as plain values."""

    issue: str
    digests: Mapping[str, str]
    """The digest of each edition by language."""
    errors: Sequence[str]
    """The findings that must be fixed first, one line each."""
    warnings: int
    """How many new ones there are."""
    warning_kinds: Sequence[str] = ()
    """What they are, the most frequent first: `8 items: older than a month`."""
    accepted: int = 0
    """The warnings that were accepted for the issue."""
    now: dt.datetime
    can_unsubscribe: bool = True
    example_sender: str = ""
    """The sender's address if it is still the one that `briefing init` wrote."""
    folder_risk: str = ""
    """Why a ledger isn't safe in the folder; empty if it is."""
    synchronised_by: str = ""
    """The program that copies the folder between computers; empty if there is none."""
    per_day: int = 0
    """The most emails a day; 0: no limit."""
    tag: str = ""
    list_name: str = ""
    """The list's file, as messages name it."""
    survey: Survey | None = None
    """What is on the list. Without it, this is a test, or no edition can be rendered."""
    record: IssueRecord | None = None
    """There is one if there is a survey."""
