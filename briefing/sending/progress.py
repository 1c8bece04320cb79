"""The progress of a send: its outcomes so far, each reader counted once, and what it waits for."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from .ledger.schema import State


@dataclass
class Progress:
    """The progress of a send: its outcomes so far, and the number of emails."""

    total: int
    outcomes: Counter[State] = field(default_factory=Counter)
    waiting: str = ""
    """What the send waits for at the moment, in words for the editor."""

    @property
    def done(self) -> int:
        """Emails with an outcome."""
        return sum(
            count
            for state, count in self.outcomes.items()
            if state is not State.QUEUED
        )

    def counts(self, before: Mapping[State, int]) -> Counter[State]:
        """Return all readers of the issue by state, given how many there were before the send. Those
        without an outcome yet count as queued.

        There is a receipt every few seconds, and counting them in the ledger is slow.
        """
        counts = Counter(before)
        counts.update(self.outcomes)
        counts[State.QUEUED] -= self.outcomes.total()
        return counts


ShowProgress = Callable[[Progress], None]

REPLACEABLE = (State.DEFERRED, State.REJECTED, State.QUEUED)
"""Outcomes after which the same send may have another one for the reader."""


@dataclass
class Tally:
    """Counts the readers of a send, each once, by their latest outcome."""

    progress: Progress
    in_flight: set[bytes] = field(default_factory=set)
    """Who was claimed, and has no outcome yet."""
    _replaceable: dict[bytes, State] = field(default_factory=dict)

    def claim(self, recipients: Collection[bytes]) -> None:
        self.in_flight.update(recipients)

    def count(self, recipients: Collection[bytes], state: State) -> set[bytes]:
        """Count an outcome of several emails. Return those whose outcome the ledger accepted, because they
        were claimed or a refusal is withdrawn.
        """
        counted = self.in_flight.intersection(recipients)
        if state is State.QUEUED:
            counted.update(filter(self._is_rejected, recipients))
        self.in_flight -= counted
        self._replace(counted, state)
        return counted

    def skip(self, recipients: Collection[bytes]) -> None:
        """Count readers who have unsubscribed in the meantime."""
        self._replace(recipients, State.SKIPPED)

    def _is_rejected(self, recipient: bytes) -> bool:
        return self._replaceable.get(recipient) is State.REJECTED

    def _replace(self, recipients: Collection[bytes], state: State) -> None:
        if not recipients:
            return
        for recipient in self._replaceable.keys() & recipients:
            before = self._replaceable.pop(recipient)
            self.progress.outcomes[before] -= 1
        self.progress.outcomes[state] += len(recipients)
        if state in REPLACEABLE:
            self._replaceable.update(dict.fromkeys(recipients, state))
