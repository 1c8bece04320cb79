"""The receipt of an issue while it is sent: what other computers see of the send.

Besides the receipt, only the count of claims (`ledger.claim_count`) shows whether a ledger knows everyone who
has the issue. A rehearsal has neither.
"""

from collections.abc import Callable, Mapping

from briefing.issue import receipt
from briefing.issue.receipt import Receipt
from briefing.newsletter import Newsletter

from .ledger.claim_count import ClaimCount
from .ledger.ledger import Ledger
from .ledger.schema import State
from .progress import Progress

INTERVAL = 10.0
"""Seconds between two receipts during a send."""
OWED = (State.QUEUED, State.DEFERRED, State.SENDING)
"""States of readers who still get the issue, as a receipt counts them."""


class ReceiptWriter:
    """Writes the receipt and the count of claims of an issue while it is sent."""

    def __init__(
        self,
        newsletter: Newsletter,
        issue: str,
        ledger: Ledger,
        via: str,
        progress: Progress,
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._newsletter = newsletter
        self._issue = issue
        self._ledger = ledger
        self._via = via
        self._progress = progress
        self._monotonic = monotonic
        self._due = 0.0
        self._at_start: Mapping[State, int] = {}
        """All readers of the issue by state, when the first email goes out."""
        self._claims = 0
        """All claims ever made for the issue."""
        self._claim_count = ClaimCount.of(newsletter.state, issue)

    def begin(self) -> None:
        """Write both, before the first email. Raises BriefingError."""
        self._at_start = self._ledger.counts(self._issue)
        self.write(self._at_start)
        self.count_claims(self._ledger.claimed(self._issue))

    def count_claims(self, new: int) -> None:
        """Count further claims, before their emails go out. Raises BriefingError."""
        self._claims += new
        if new:
            self._claim_count.write(self._claims)

    def write_if_due(self) -> None:
        """Write the receipt again if the last one is old enough. Raises BriefingError."""
        if self._monotonic() > self._due:
            self.write()

    def write(self, counts: Mapping[State, int] | None = None) -> None:
        """Write the receipt with the issue's readers by state, as they are counted in the ledger, or
        else as far as the send has come. Raises BriefingError.
        """
        self._due = self._monotonic() + INTERVAL
        if counts is None:
            counts = self._progress.counts(self._at_start)
        _write(self._newsletter, self._issue, self._ledger, self._via, counts)


def renew(newsletter: Newsletter, issue: str, ledger: Ledger) -> None:
    """Write the receipt of an issue again, if it has one of this ledger. Raises BriefingError."""
    before = receipt.read(newsletter.issues / issue)
    if before and before.ledger == ledger.name:
        counts = ledger.counts(issue)
        _write(newsletter, issue, ledger, before.via, counts)


def forget(newsletter: Newsletter, issue: str) -> None:
    """Remove the receipt and the count of claims, before the ledger forgets an issue that nobody has."""
    (newsletter.issues / issue / receipt.FILE).unlink(missing_ok=True)
    ClaimCount.of(newsletter.state, issue).clear()


def _write(
    newsletter: Newsletter,
    issue: str,
    ledger: Ledger,
    via: str,
    counts: Mapping[State, int],
) -> None:
    frozen = ledger.frozen(issue)
    assert frozen, "an issue is frozen before it is sent"
    receipt.write(
        newsletter.issues / issue,
        Receipt(
            issue=issue,
            frozen_at=frozen.at.isoformat(),
            via=via,
            ledger=ledger.name,
            editions=frozen.digests,
            readers=sum(counts.values()),
            claimed=frozen.claimed,
            accepted=counts[State.ACCEPTED],
            left=sum(counts[state] for state in OWED),
        ),
    )
