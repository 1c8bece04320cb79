"""What a brief says as a whole about readings of its single items: which sources and arrangements it repeats.

If several items read as "title ( source , date", that arrangement is likelier for the next item; if several name
"Harbour Post" as their source, these words are likelier a source further down.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar

from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import find_dates

from .head import Head
from .publisher_hosts import hosts_of
from .publisher_names import likelihood
from .row import Rows
from .source_line import SourceLine, read_source

Found = TypeVar("Found")

_LEAST_USUAL = 3
_LEAST_ALIKE = 2
_RARE = 2
"""An arrangement is rare if fewer than one in so many items has it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a brief as a whole. What was read with it is only remembered, and isn't compared."""

    before: dt.date | None = None
    """The brief's date, for dates without a year."""
    sources: Counter[str] = field(default_factory=Counter)
    """How many items name a source, by its folded name."""
    arrangements: Counter[str] = field(default_factory=Counter)
    """How many items have an arrangement."""
    order: int = 0
    """How many more items have their source as the last of several names on a row than as the first."""
    brackets: Counter[str] = field(default_factory=Counter)
    """How many items have only these words behind their linked headline, in brackets."""
    hosts: str = ""
    """The hosts that an item links to, while that item is read."""
    heads: dict[tuple[int, ...], Head | None] = field(
        default_factory=dict, compare=False
    )
    """The heads that were read, by the numbers of their rows: the divisions of a brief have many in common."""
    known: dict[tuple[Callable[..., Any], str, str], Any] = field(
        default_factory=dict, compare=False
    )
    """What was read in the texts of rows; see `read_once`."""

    def is_rare(self, arrangement: str) -> bool:
        """Whether other items were read, and at most one or few of them in this arrangement."""
        count = self.arrangements[arrangement]
        total = self.arrangements.total()
        return total > 0 and (count < 2 or count * _RARE < total)

    def is_repeated(self, arrangement: str) -> bool:
        """Whether at least two items have an arrangement."""
        return self.arrangements[arrangement] >= _LEAST_ALIKE

    def is_usual(self, arrangement: str) -> bool:
        """Whether several items have an arrangement."""
        return self.arrangements[arrangement] >= _LEAST_USUAL

    def lacks_only_date(self, arrangement: str) -> bool:
        """Whether several items have an arrangement that differs only in that it has a date."""
        return any(
            self.is_repeated(name) and without_date(name) == arrangement
            for name in self.arrangements
        )

    def usual_arrangement(self, beginning: str) -> str:
        """The most frequent arrangement that begins so, if several items have it; "" without one."""
        found = [
            name
            for name in self.arrangements
            if name.startswith(beginning) and self.is_usual(name)
        ]
        return max(found, key=self.arrangements.__getitem__, default="")

    @property
    def are_sources_last(self) -> bool:
        """Whether the source usually is the last of several names on a row: "Jane Doe, Harbour Post"."""
        return self.order > 0

    @property
    def names_in_brackets(self) -> bool:
        """Whether what linked headlines have behind them in brackets are publishers: they differ too much for tags."""
        kinds = len(self.brackets)
        return kinds >= _LEAST_USUAL and 2 * kinds >= self.brackets.total()

    def for_item(self, rows: Rows) -> "Evidence":
        """The same with the hosts that the rows of an item link to."""
        return replace(self, hosts=hosts_of(rows))

    def likelihood(self, name: str) -> float:
        """How likely words are a publisher's name; see names.likelihood."""
        # Less one, since the item that is read has been counted as well.
        others = max(0, self.sources[fold(name)] - 1)
        return likelihood(name, self.hosts, others)

    def repetition(self, arrangement: str) -> float:
        """A bonus of up to 1 for an arrangement that other items have."""
        # Less one, for the item itself.
        return min(1.0, 0.4 * max(0, self.arrangements[arrangement] - 1))


def read_once(
    read: Callable[[str, Evidence], Found],
) -> Callable[[str, Evidence], Found]:
    """Let a function read the text of a row once for each evidence and its hosts: the arrangements, and the divisions
    of a brief, have many rows in common.
    """

    @wraps(read)
    def find(text: str, evidence: Evidence) -> Found:
        # The items of a brief share `known`, but their hosts confirm different names.
        key = (read, text, evidence.hosts)
        if key not in evidence.known:
            evidence.known[key] = read(text, evidence)
        found: Found = evidence.known[key]
        return found

    return find


def without_date(arrangement: str) -> str:
    """An arrangement without its date and the separator beside it: "title . source" of "title . source , date"."""
    words = arrangement.split()
    if "date" not in words:
        return ""
    place = words.index("date")
    # "date – title" becomes "title".
    kept = words[: place - 1] + words[place + 1 :] if place else words[2:]
    return " ".join(kept)


def best_source(text: str, evidence: Evidence) -> SourceLine | None:
    """What words say about a source, with the likeliest of their names: "Jane Doe, Harbour Post, 3 May"; None if none
    is likely.
    """
    found = read_source(text, evidence.before)
    if found is None:
        return None
    names = [found.name, *found.further]
    likely = {
        name: evidence.likelihood(name)
        for name in names
        if not find_dates(name, evidence.before)
    }
    # Of equally likely names, the last is the publisher.
    best = max(reversed(likely), key=lambda name: likely[name], default="")
    if not likely.get(best):
        return None
    names.remove(best)
    further = tuple(filter(None, names))
    return replace(found, name=best, further=further, likely=likely[best])
