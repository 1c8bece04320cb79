"""The record of mail that came back: which readers' mail of which issues, without addresses.

`.briefing/returned.csv` begins with `token,kind,issue,day`. A mailbox that is full, or a server that
can't be reached, is often well again a week later. So these readers stay until it has lasted.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing import files
from briefing.bounces.kinds import Kind
from briefing.errors import FileError
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import TOKEN

FILE = "returned.csv"
HEADING = ("token", "kind", "issue", "day")
KEPT = dt.timedelta(days=366)
"""How long an entry is kept. What is dead stays dead."""
LONGEST_GAP = 2
"""Entries further apart than the time after which a reader is unsubscribed, times this, don't
belong to the same trouble.
"""

_SEVERITY = (Kind.TEMPORARY, Kind.FULL, Kind.DEAD)


@dataclass(frozen=True, slots=True)
class Entry:
    """A reader's mail of an issue came back."""

    token: str
    kind: Kind
    """DEAD (not acted on yet), FULL or TEMPORARY."""
    issue: str
    """Empty if no issue had been sent before."""
    day: dt.date

    @property
    def mail(self) -> tuple[str, str]:
        """Identifies the mail: several reports about it count once."""
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


def merge(entries: Iterable[Entry], today: dt.date) -> list[Entry]:
    """Return one entry for each mail, the most serious, without those that are too old to count."""
    merged: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        known = merged.get(entry.mail)
        if known is None or _severity(entry) > _severity(known):
            merged[entry.mail] = entry
    recent = [
        entry
        for entry in merged.values()
        if entry.kind is Kind.DEAD or entry.day > today - KEPT
    ]
    return sorted(recent, key=lambda entry: (entry.day, entry.mail))


def has_lasted(entries: Sequence[Entry], patience: Patience) -> bool:
    """Whether a reader's mail has come back for so long that they should be unsubscribed.

    `entries`: one for each mail of this reader, in the order of their days.
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
        self.path = path
        self.entries = _read(path)

    @classmethod
    def of(cls, newsletter: Newsletter) -> "ReturnedMail":
        return cls(newsletter.state / FILE)

    def by_token(self) -> Mapping[str, Sequence[Entry]]:
        """Return the entries of each reader."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.token, []).append(entry)
        return found

    def replace(self, entries: Sequence[Entry]) -> None:
        """Write these entries instead, in one step. Raises BriefingError."""
        if list(entries) == self.entries:
            return
        files.write_private(self.path, _to_csv(entries))
        self.entries = list(entries)


def _severity(entry: Entry) -> int:
    return _SEVERITY.index(entry.kind)


def _read(path: Path) -> list[Entry]:
    try:
        text = files.read(path).decode()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            path, "can't be read as text; restore it from a backup"
        ) from error
    rows = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(rows, ())) != HEADING:
        raise FileError(
            path, f"must begin with {','.join(HEADING)}; delete it", line=1
        )
    entries = []
    for number, row in enumerate(rows, 2):
        try:
            entries.append(_entry(row))
        except ValueError:
            message = (
                "isn't a token, a kind, an issue and a day; delete the line"
            )
            raise FileError(path, message, line=number) from None
    return entries


def _entry(row: Sequence[str]) -> Entry:
    token, kind, issue, day = row
    if not TOKEN.fullmatch(token) or kind not in _SEVERITY:
        raise ValueError(kind)
    return Entry(token, Kind(kind), issue, dt.date.fromisoformat(day))


def _to_csv(entries: Iterable[Entry]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADING)
    for entry in entries:
        writer.writerow(
            (entry.token, entry.kind, entry.issue, entry.day.isoformat())
        )
    return text.getvalue().encode()
