"""The progress of a send: its outcomes so far, each reader counted once, and what it waits for."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum

from briefing.sending.schema import State


class Cause(Enum):
    """Why a send waits."""

    RETRY = "deferred mails are tried again later"
    PACE = "the server takes mails only slowly, or not at the moment"
    STOP = "the send was stopped, and some mails have no answer yet"


@dataclass(frozen=True)
class Waiting:
    """What a send waits for at the moment."""

    cause: Cause
    mails: int
    """The mails it is about."""
    until: dt.datetime | None = None
    words: str = ""
    """The server's, if it asked for it."""


@dataclass
class Progress:
    """The progress of a send: its outcomes so far, and the number of mails."""

    total: int
    outcomes: Counter[State] = field(default_factory=Counter)
    waiting: Waiting | None = None

    @property
    def done(self) -> int:
        """Mails with an outcome."""
        return sum(
            count
            for state, count in self.outcomes.items()
            if state is not State.QUEUED
        )


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

    def count(self, recipient: bytes, state: State) -> bool:
        """Count an outcome; return whether the ledger accepted it, because the reader was claimed or
        a refusal is taken back.
        """
        if recipient in self.in_flight:
            self.in_flight.remove(recipient)
        elif not self._is_taken_back(recipient, state):
            return False
        self._replace(recipient, state)
        return True

    def _is_taken_back(self, recipient: bytes, state: State) -> bool:
        before = self._replaceable.get(recipient)
        return state is State.QUEUED and before is State.REJECTED

    def skip(self, recipient: bytes) -> None:
        """Count a reader who has unsubscribed in the meantime."""
        self._replace(recipient, State.SKIPPED)

    def _replace(self, recipient: bytes, state: State) -> None:
        before = self._replaceable.pop(recipient, None)
        if before:
            self.progress.outcomes[before] -= 1
        self.progress.outcomes[state] += 1
        if state in REPLACEABLE:
            self._replaceable[recipient] = state
