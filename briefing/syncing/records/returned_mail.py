"""The record of mail that came back: which readers' mail of which issues, without addresses.

`.briefing/returned.csv` begins with `token,kind,issue,day`. A full mailbox or an unreachable server
has often recovered a week later, so these readers stay until it has lasted.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from briefing.bounces.kinds import BounceKind
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import TOKEN

from .record_file import RecordFile

FILE = "returned.csv"
HEADING = ("token", "kind", "issue", "day")
KEPT = dt.timedelta(days=366)
"""How long an entry is kept. What is dead stays dead."""
LONGEST_GAP = 2
"""Entries further apart than the time after which a reader is unsubscribed, times this, don't
belong to the same trouble.
"""

_SEVERITY = (BounceKind.TEMPORARY, BounceKind.FULL, BounceKind.DEAD)


@dataclass(frozen=True, slots=True)
class ReturnedEntry:
    """A reader's email of an issue came back."""

    token: str
    kind: BounceKind
    """DEAD (not acted on yet), FULL or TEMPORARY."""
    issue: str
    """Empty if no issue had been sent before."""
    day: dt.date

    @property
    def mail(self) -> tuple[str, str]:
        """Identifies the email: several reports about it count once."""
        return self.token, self.issue or self.day.isoformat()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long mail may come back before a reader is unsubscribed."""

    issues: int
    days: int


def issue_before(day: dt.date, sent: Sequence[tuple[dt.date, str]]) -> str:
    """Return the last issue that was sent up to a day, from issues in the order of their dates;
    empty: none.
    """
    issues = [issue for date, issue in sent if date <= day]
    return issues[-1] if issues else ""


def merge(
    entries: Iterable[ReturnedEntry], today: dt.date
) -> list[ReturnedEntry]:
    """Return one entry for each email, the most serious, without those that are too old to count."""
    merged: dict[tuple[str, str], ReturnedEntry] = {}
    for entry in entries:
        known = merged.get(entry.mail)
        if known is None or _severity(entry) > _severity(known):
            merged[entry.mail] = entry
    recent = [
        entry
        for entry in merged.values()
        if entry.kind is BounceKind.DEAD or entry.day > today - KEPT
    ]
    return sorted(recent, key=lambda entry: (entry.day, entry.mail))


def by_token(
    entries: Iterable[ReturnedEntry],
) -> Mapping[str, Sequence[ReturnedEntry]]:
    """Return the entries of each reader."""
    found: dict[str, list[ReturnedEntry]] = {}
    for entry in entries:
        found.setdefault(entry.token, []).append(entry)
    return found


def has_lasted(entries: Sequence[ReturnedEntry], patience: Patience) -> bool:
    """Whether a reader's email has come back for so long that they should be unsubscribed.

    `entries`: one for each email of this reader, in the order of their days.
    """
    gap = dt.timedelta(days=patience.days * LONGEST_GAP)
    streak: list[dt.date] = []
    for entry in entries:
        if streak and entry.day - streak[-1] > gap:
            streak.clear()
        streak.append(entry.day)
    return (
        len(streak) >= patience.issues
        and (streak[-1] - streak[0]).days >= patience.days
    )


class ReturnedMail:
    """The record, as it is in its file."""

    def __init__(self, path: Path) -> None:
        """Read the file if it exists. Raises FileError."""
        self._file = RecordFile(
            path, HEADING, "a token, a kind, an issue and a day"
        )
        self.entries = self._file.read(_entry)

    @classmethod
    def of(cls, newsletter: Newsletter) -> "ReturnedMail":
        return cls(newsletter.state / FILE)

    def replace(self, entries: Sequence[ReturnedEntry]) -> None:
        """Write these entries instead, in one step. Raises BriefingError."""
        if list(entries) == self.entries:
            return
        self._file.write(map(astuple, entries))
        self.entries = list(entries)


def _severity(entry: ReturnedEntry) -> int:
    return _SEVERITY.index(entry.kind)


def _entry(row: Sequence[str]) -> ReturnedEntry:
    token, kind, issue, day = row
    if not TOKEN.fullmatch(token) or kind not in _SEVERITY:
        raise ValueError(kind)
    return ReturnedEntry(
        token, BounceKind(kind), issue, dt.date.fromisoformat(day)
    )
