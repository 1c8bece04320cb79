"""The record of past syncs: days and numbers, no readers; and what is unusual compared with them.

`.briefing/syncs.csv` begins with `day,left,complaints,dead,joined,changed,links`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from briefing.newsletter import Newsletter

from .record_file import RecordFile

FILE = "syncs.csv"
MOST_USUAL = 20
"""Up to this number nothing is unusual."""
TIMES_THE_USUAL = 3
SHARE = 0.02
"""Of the list; more of it is unusual where there are no past syncs to compare with."""
COMPARED = 10
"""With how many past syncs numbers are compared."""
KEPT = 500


@dataclass(frozen=True, slots=True)
class PastSync:
    """What one sync changed."""

    day: dt.date
    left: int = 0
    complaints: int = 0
    dead: int = 0
    joined: int = 0
    changed: int = 0
    links: int = 0


_HEADING = tuple(field.name for field in fields(PastSync))


def is_unusual(number: int, past: Sequence[int], readers: int) -> bool:
    """Whether a number is far above those of past syncs, or of a list's readers if there are none.

    An attacker who took over the server could invent people who leave or join.
    """
    compared = past[-COMPARED:]
    usual = (
        max(compared) * TIMES_THE_USUAL if compared else round(readers * SHARE)
    )
    return number > max(MOST_USUAL, usual)


class History:
    """The record, as it is in its file."""

    def __init__(self, path: Path) -> None:
        """Read the file if it exists. Raises FileError."""
        self._file = RecordFile(path, _HEADING, "a day and numbers")
        self.syncs = self._file.read(_sync)

    @classmethod
    def of(cls, newsletter: Newsletter) -> "History":
        return cls(newsletter.state / FILE)

    @property
    def last_day(self) -> dt.date | None:
        """The day of the last sync."""
        return self.syncs[-1].day if self.syncs else None

    def add(self, sync: PastSync) -> None:
        """Write a sync into the record. Raises BriefingError."""
        syncs = [*self.syncs, sync][-KEPT:]
        self._file.write(map(astuple, syncs))
        self.syncs = syncs


def _sync(row: Sequence[str]) -> PastSync:
    day, *numbers = row
    if len(numbers) != len(_HEADING) - 1:
        raise ValueError(row)
    return PastSync(dt.date.fromisoformat(day), *map(int, numbers))
