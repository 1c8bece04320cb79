"""What witnesses a send besides its ledger: the receipt, which other computers see, and the count of
claims. A ledger that knows less than these isn't trusted. A rehearsal has no witnesses.
"""

from collections.abc import Callable, Mapping

from briefing.issue import receipt

from .ledger import receipts
from .ledger.claim_count import ClaimCount
from .ledger.ledger import Ledger
from .ledger.schema import State
from .plan import Mailing
from .progress import Progress


class Witnesses:
    """The receipt and the count of claims of an issue, while it is sent."""

    def __init__(
        self,
        mailing: Mailing,
        ledger: Ledger,
        via: str,
        progress: Progress,
        *,
        is_rehearsal: bool,
        monotonic: Callable[[], float],
        receipt_interval: float,
    ) -> None:
        """`receipt_interval`: seconds between two receipts during a send."""
        self._mailing = mailing
        self._ledger = ledger
        self._via = via
        self._is_rehearsal = is_rehearsal
        self._monotonic = monotonic
        self._receipt_interval = receipt_interval
        self._progress = progress
        self._receipt_due = 0.0
        self._at_start: Mapping[State, int] = {}
        """All readers of the issue by state, when the first email goes out."""
        self._claims = 0
        """All claims ever made for the issue."""
        self._claim_count = _claim_count(mailing)

    def begin(self) -> None:
        """Write both, before the first email. Raises BriefingError."""
        self._at_start = self._ledger.counts(self._mailing.issue)
        self.write_receipt(self._at_start)
        self.count_claims(self._ledger.claimed(self._mailing.issue))

    def count_claims(self, new: int) -> None:
        """Count further claims, before their emails go out. Raises BriefingError."""
        self._claims += new
        if new and not self._is_rehearsal:
            self._claim_count.write(self._claims)

    def renew_receipt(self) -> None:
        """Write the receipt again if the last one is old enough. Raises BriefingError."""
        if self._monotonic() > self._receipt_due:
            self.write_receipt()

    def write_receipt(self, counts: Mapping[State, int] | None = None) -> None:
        """Write the receipt with the issue's readers by state, as they are counted in the ledger, or
        else as far as the send has come. Raises BriefingError.
        """
        self._receipt_due = self._monotonic() + self._receipt_interval
        if self._is_rehearsal:
            return
        if counts is None:
            counts = self._progress.counts(self._at_start)
        receipts.write(self._mailing.folder, self._ledger, self._via, counts)


def forget(mailing: Mailing) -> None:
    """Remove both, before the ledger forgets the issue: one that knows less than these is refused."""
    (mailing.folder / receipt.FILE).unlink(missing_ok=True)
    _claim_count(mailing).clear()


def _claim_count(mailing: Mailing) -> ClaimCount:
    return ClaimCount.of(mailing.newsletter.state, mailing.issue)
