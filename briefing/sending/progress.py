"""The progress of a send: its outcomes so far, and what it waits for."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
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
    mails: int = 0
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
