"""What decides whether an issue can be sent: the request and the facts, as plain values."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.issue.receipt import Receipt
from briefing.sending.ledger.schema import (
    GONE,
    Frozen,
    PreviousIssue,
    Schedule,
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
    at: str | None = None
    """The time as it was typed; None: now."""
    limit: int | None = None
    """The most emails to send now; the rest stays queued."""
    late: bool = False
    """Also to readers who joined after the issue was frozen."""
    resend_uncertain: bool = False
    retry_rejected: bool = False
    corrected: bool = False
    """As edited since, to readers who have no version of it."""
    untested: bool = False
    skip_bad_rows: bool = False
    expect: int | None = None
    """How many emails the editor expects."""
    unattended: bool = False
    """No one will be asked to confirm."""
    dry_run: bool = False
    no_wait: bool = False
    """End the send rather than wait for a server that accepts emails only later."""
    show_answer: bool = False
    """Show the whole answer of a server that refuses. It may name readers."""

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
    """What the ledger and the receipt say about the issue."""

    frozen: Frozen | None = None
    receipt: Receipt | None = None
    ledger: str = ""
    """The ledger's name, as receipts record it."""
    counted_claims: int = 0
    """The claims counted beside the ledger (`ClaimCount`)."""
    counts: Mapping[State, int]
    """All readers of the issue by state."""
    pending: Mapping[State | None, int]
    """The readers this send is for by state; None: not frozen with the issue."""
    difference: Sequence[str] = ()
    """What was changed since it was frozen, if readers have it: `correction.compare`."""
    same_sender: bool = True
    """Whether name, sender, reply address and unsubscribe address are those that were frozen."""
    schedules: Sequence[Schedule] = ()
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


@dataclass(frozen=True)
class Audience:
    """The readers on the list, and how far the issue has reached them."""

    survey: Survey
    record: IssueRecord


@dataclass(frozen=True, kw_only=True)
class Places:
    """Files and folders, as messages name them."""

    root: str
    state: str
    list: str
    ledger: str
    receipt: str
    claim_count: str


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
    provider: str = ""
    """The provider's name in a sentence; empty for the outbox."""
    furthest: dt.timedelta | None = None
    """How far ahead the provider can schedule; None: not at all."""
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
    audience: Audience | None = None
    """None for a test, or if no edition can be rendered."""
    places: Places
