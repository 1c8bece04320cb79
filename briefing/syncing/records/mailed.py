"""The record of emails that syncs sent to individual people: at most one a day for each address.

`.briefing/sync-mails.csv` begins with `token,day,state`, without addresses. An email is recorded as
`begun` before it is handed over, and as `mailed` after it. If the program ends in between, no one
knows whether it arrived; it may be sent again on another day.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import TOKEN

from .record_file import RecordFile

FILE = "sync-mails.csv"
_HEADING = ("token", "day", "state")


class MailedState(StrEnum):
    """What became of someone's email today."""

    BEGUN = "begun"
    MAILED = "mailed"


class MailedToday:
    """Who got such an email on one day. Earlier days are forgotten."""

    def __init__(self, path: Path, day: dt.date) -> None:
        """Read the file if it exists. Raises FileError."""
        self._file = RecordFile(path, _HEADING, "a token, a day and a state")
        self._day = day
        self.states = {
            token: state
            for token, on, state in self._file.read(_parse)
            if on == day.isoformat()
        }
        """What became of the emails of this day, by the tokens of those who get them."""

    @classmethod
    def of(cls, newsletter: Newsletter, day: dt.date) -> "MailedToday":
        return cls(newsletter.state / FILE, day)

    def record(self, token: str, state: MailedState) -> None:
        """Record what became of an email, durably. Raises BriefingError."""
        self._write({**self.states, token: state})

    def forget(self, token: str) -> None:
        """Record that an email was never handed over. Raises BriefingError."""
        states = {**self.states}
        del states[token]
        self._write(states)

    def _write(self, states: dict[str, MailedState]) -> None:
        day = self._day.isoformat()
        self._file.write((token, day, state) for token, state in states.items())
        self.states = states


def _parse(row: Sequence[str]) -> tuple[str, str, MailedState]:
    token, day, state = row
    if not TOKEN.fullmatch(token):
        raise ValueError(token)
    return token, day, MailedState(state)
