"""The record of mails that syncs sent to single people: at most one a day and address.

`.briefing/sync-mails.csv` begins with `token,day,state`, without addresses. A mail is recorded as
`begun` before it is handed over, and as `mailed` after it. If the program ends in between, nobody
knows whether it arrived; it may be sent again on another day.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from briefing import files
from briefing.errors import FileError
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import TOKEN

FILE = "sync-mails.csv"
_HEADING = ("token", "day", "state")


class State(StrEnum):
    """What became of somebody's mail today."""

    BEGUN = "begun"
    MAILED = "mailed"


class MailedToday:
    """Who got such a mail on one day. Earlier days are forgotten."""

    def __init__(self, path: Path, day: dt.date) -> None:
        """Read the file if it exists. Raises FileError."""
        self.path = path
        self._day = day
        self._states = _read(path, day)

    @classmethod
    def of(cls, newsletter: Newsletter, day: dt.date) -> "MailedToday":
        return cls(newsletter.state / FILE, day)

    def state(self, token: str) -> State | None:
        """Return what became of the mail to whoever has this token; None: there was none today."""
        return self._states.get(token)

    def record(self, tokens: Iterable[str], state: State) -> None:
        """Record a state of these mails, durably. Raises BriefingError."""
        self._write({**self._states, **dict.fromkeys(tokens, state)})

    def take_back(self, tokens: Iterable[str]) -> None:
        """Record that these mails were never handed over. Raises BriefingError."""
        forgotten = set(tokens)
        self._write(
            {
                token: state
                for token, state in self._states.items()
                if token not in forgotten
            }
        )

    def _write(self, states: dict[str, State]) -> None:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_HEADING)
        for token, state in states.items():
            writer.writerow((token, self._day.isoformat(), state))
        files.write_private(self.path, text.getvalue().encode())
        self._states = states


def _read(path: Path, day: dt.date) -> dict[str, State]:
    try:
        text = files.read(path).decode()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(path, "can't be read as text; delete it") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    states: dict[str, State] = {}
    for number, row in enumerate(rows, 1):
        if number == 1 and tuple(row) == _HEADING:
            continue
        try:
            token, when, state = row
            known = State(state)
        except ValueError:
            known, token, when = State.BEGUN, "", ""
        if not TOKEN.fullmatch(token):
            raise FileError(
                path,
                "isn't a token, a day and a state; delete the file",
                line=number,
            )
        if when == day.isoformat():
            states[token] = known
    return states
