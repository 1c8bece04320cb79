"""The claims of a connection, and the outcomes it owes: these share the commit of its next claim."""

from briefing.sending.transports.base import Batch, Claim, Outcome, Queue


class Claims:
    """The bookkeeping of a connection."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._owed: dict[bytes, Outcome] = {}
        """By recipient: a later outcome replaces an earlier one."""

    def next_batch(self) -> Batch | None:
        """Return the next batch, None when there are no more; outcomes are settled before waiting
        for it.
        """
        batch = self._queue.next(wait=False)
        if batch is None:
            self.settle()
            batch = self._queue.next()
        return batch

    def claim(self, batch: Batch) -> Claim:
        """Claim a batch, and settle outcomes in the same commit."""
        return self._queue.claim(batch, self._take())

    def note(self, outcome: Outcome) -> None:
        """Keep an outcome until the next claim."""
        self._owed[outcome.mail.recipient] = outcome

    def settle(self) -> None:
        """Settle the outcomes without waiting for another claim."""
        if self._owed:
            self._queue.settle(self._take())

    def _take(self) -> list[Outcome]:
        outcomes = list(self._owed.values())
        self._owed = {}
        return outcomes
