"""The record of emails that syncs sent to individual people: at most one a day for each address.

`.briefing/sync-mails.csv` begins with `token,day,state`, without addresses. An email is recorded as
`begun` before it is handed over, and as `mailed` after it. If the program ends in between, no one
knows whether it arrived; it may be sent again on another day.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
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
        self._states = {
            token: state
            for token, on, state in self._file.read(_parse)
            if on == day.isoformat()
        }

    @classmethod
    def of(cls, newsletter: Newsletter, day: dt.date) -> "MailedToday":
        return cls(newsletter.state / FILE, day)

    def state(self, token: str) -> MailedState | None:
        """Return what became of the email to the person with this token; None: there was none today."""
        return self._states.get(token)

    def record(self, tokens: Iterable[str], state: MailedState) -> None:
        """Record a state of these emails, durably. Raises BriefingError."""
        self._write({**self._states, **dict.fromkeys(tokens, state)})

    def forget(self, tokens: Iterable[str]) -> None:
        """Record that these emails were never handed over. Raises BriefingError."""
        forgotten = set(tokens)
        self._write(
            {
                token: state
                for token, state in self._states.items()
                if token not in forgotten
            }
        )

    def _write(self, states: dict[str, MailedState]) -> None:
        day = self._day.isoformat()
        self._file.write((token, day, state) for token, state in states.items())
        self._states = states


def _parse(row: Sequence[str]) -> tuple[str, str, MailedState]:
    token, day, state = row
    if not TOKEN.fullmatch(token):
        raise ValueError(token)
    return token, day, MailedState(state)
