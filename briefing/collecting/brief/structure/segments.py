"""The parts into which the rows of a brief are divided."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .head import Head
from .row import Row

ITEM = "item"
SECTION = "section"
DAY = "day"
OTHER = "other"

NO_HEAD = Head("", "")


@dataclass(frozen=True, slots=True)
class Segment:
    """Some neighbouring rows: an item, the title of a section, a date above the items of a day, or neither."""

    kind: str
    rows: tuple[Row, ...]
    head: Head = NO_HEAD
    score: float = 0.0
    """How well the rows read as one item."""
    date: dt.date | None = None
    """The date above the items of a day."""

    @property
    def is_item(self) -> bool:
        return self.kind == ITEM

    @property
    def has_link(self) -> bool:
        return any(row.links for row in self.rows)

    @property
    def source(self) -> str:
        """The source of an item; "" without one."""
        return self.head.source

    @property
    def published(self) -> dt.date | None:
        """The date of an item itself."""
        return self.head.date

    def is_dated(self, date: dt.date | None) -> bool:
        """Whether an item is of a certain day."""
        return date is not None and self.published == date

    @property
    def has_source_and_date(self) -> bool:
        return bool(self.source and self.published)

    @property
    def arrangement(self) -> str:
        """The name of the arrangement that an item is read in; "" without a head."""
        return self.head.arrangement


Segments = Sequence[Segment]


def items_of(segments: Iterable[Segment]) -> list[Segment]:
    """The segments that are items."""
    return [segment for segment in segments if segment.is_item]


def places_of_items(segments: Segments) -> list[int]:
    """Where the items are among some segments."""
    return [n for n, segment in enumerate(segments) if segment.is_item]


def rows_in(segments: Iterable[Segment]) -> list[Row]:
    """All rows of some segments."""
    return [row for segment in segments for row in segment.rows]


@dataclass(slots=True)
class Divider:
    """Collects the rows of the item that is open, and the segments above it."""

    segments: list[Segment] = field(default_factory=list)
    item: list[Row] = field(default_factory=list)

    def begin(self, row: Row) -> None:
        """End the open item, and begin one."""
        self.end()
        self.item = [row]

    def end(self, kind: str = ITEM) -> None:
        """End the open item, if any; of another kind if it turned out not to be an item."""
        if self.item:
            self.segments.append(Segment(kind, tuple(self.item)))
        self.item = []

    def add(self, row: Row) -> None:
        """Add a row to the open item; without one it stands alone."""
        if self.item:
            self.item.append(row)
        else:
            self.add_alone(OTHER, row)

    def add_alone(self, kind: str, row: Row) -> None:
        """End the open item at a row that is a segment by itself, such as the title of a section."""
        self.end()
        self.segments.append(Segment(kind, (row,)))

    def finish(self) -> list[Segment]:
        """End the open item, and return all segments."""
        self.end()
        return self.segments
