"""The claims of a connection, and the outcomes it owes: these share the commit of its next claim."""

from .base import MANY, Batch, Claim, Outcome, Queue


class Claims:
    """The bookkeeping of a connection."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._owed: dict[bytes, Outcome] = {}
        """By recipient: a later outcome replaces an earlier one."""

    def next_batch(self, most: int = MANY) -> Batch | None:
        """Return the next `most` emails or fewer, None when there are no more; outcomes are settled
        before waiting for them.
        """
        batch = self._queue.next(wait=False, most=most)
        if batch is None:
            self.settle()
            batch = self._queue.next(most=most)
        return batch

    def claim(self, batch: Batch) -> Claim:
        """Claim a batch, and settle outcomes in the same commit."""
        return self._queue.claim(batch, self._take())

    def note(self, *outcomes: Outcome) -> None:
        """Keep outcomes until the next claim."""
        for outcome in outcomes:
            self._owed[outcome.mail.recipient] = outcome

    def settle(self) -> None:
        """Settle the outcomes without waiting for another claim."""
        if self._owed:
            self._queue.settle(self._take())

    def _take(self) -> list[Outcome]:
        outcomes = list(self._owed.values())
        self._owed = {}
        return outcomes
