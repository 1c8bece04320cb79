"""What is known at home when a sync begins. No I/O."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from briefing.keys import Key
from briefing.subscribers.suppression import Removal
from briefing.syncing.records.history import PastSync
from briefing.syncing.records.mailed import MailedState
from briefing.syncing.records.returned_mail import Patience, ReturnedEntry

from .listed import Listed
from .questions import Answers


class Removals(Protocol):
    """Who is unsubscribed (`Suppression`)."""

    def find(self, token: str) -> Removal | None:
        """Return when and why a reader was unsubscribed; None if they aren't."""

    def restored_on(self, token: str) -> str:
        """Return the day on which a reader was last subscribed again; empty: never."""


@dataclass(frozen=True, kw_only=True)
class HomeFacts:
    """What a plan depends on, besides the reports."""

    today: dt.date
    key: Key
    listed: Listed
    removals: Removals
    mailed: Mapping[str, MailedState]
    """What became of the emails to individual people today, by their tokens."""
    fixed: Collection[str] = ()
    """Readers whose links change nothing any more, by their tokens."""
    returned: Sequence[ReturnedEntry] = ()
    """The record of returned mail."""
    sent: Sequence[tuple[dt.date, str]] = ()
    """The issues that were sent, in the order of their dates."""
    patience: Patience
    past: Sequence[PastSync] = ()
    answers: Answers
