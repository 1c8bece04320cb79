"""An item's headline, source and date, as read from its first rows.

"Ferry returns (Harbour Post, 3 May)" has the headline "Ferry returns", the source "Harbour Post" and the date 3 May.
Its row can be read in several arrangements: each gives a head, whose score says how convincing it is.
"""

import datetime as dt
from dataclasses import dataclass, replace

from .source_line import SourceLine

CLEAR = 3.0
"""The score of a head that nothing else looks like."""


@dataclass(frozen=True, slots=True)
class Head:
    """An item's headline, source and date, as one arrangement reads them."""

    arrangement: str
    """The name of the arrangement: the items of a brief usually have the same."""
    headline: str
    source: str = ""
    date: dt.date | None = None
    rest: str = ""
    """The text that follows on the same row."""
    rows: frozenset[int] = frozenset({0})
    """The rows that it was read from, counted from the item's first."""
    further: tuple[str, ...] = ()
    """Words beside the source that are neither name nor date: "PDF"."""
    score: float = 0.0
    """How convincing it is: 3 and more is clear."""
    order: int = 0
    """1 if the source is clearly the last of several names on its row, -1 if it clearly is the first, else 0."""

    def filled(self, found: SourceLine, score: float) -> "Head":
        """The head with what it lacks of a source and a date, more convincing by a score."""
        return replace(
            self,
            source=self.source or found.name,
            date=self.date or found.date,
            further=(*self.further, *found.further),
            score=self.score + score,
        )

    @property
    def end(self) -> int:
        """The number of the first row below the head."""
        # Rows of the head may be further down: that of {0, 2} ends above row 1.
        number = 0
        while number in self.rows:
            number += 1
        return number


def sourced_head(
    arrangement: str,
    headline: str,
    source: SourceLine,
    score: float,
    rest: str = "",
) -> Head:
    """A head with a source, which is more convincing with a date, and the likelier its name is."""
    score += source.likely + source.has_date
    return Head(arrangement, headline, rest=rest).filled(source, score)
