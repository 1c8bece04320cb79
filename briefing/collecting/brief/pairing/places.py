"""Find the rows in which the headline, the link, the source and the date of each item stand."""

import datetime as dt
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest

from briefing.collecting.brief.model import ParsedItem
from briefing.collecting.brief.structure.row import Row, Rows
from briefing.collecting.brief.structure.source_line import date_alone
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import find_dates
from briefing.issue.model import Item

LINK = "link"
SOURCE = "source"
DATE = "date"
KINDS = (LINK, SOURCE, DATE)
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
"""A word, or a Chinese character."""
# 4 are too few: entries of reference managers have their source further below the headline.
_FARTHEST = 40
"""Rows on either side of a headline in which its values are looked for."""
_LONGEST_WITH_DATE = 400
"""Characters. Where a date is in a longer row, the row is a text that mentions it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item is in the rows of its brief."""

    parsed: ParsedItem
    number: int
    """Its number among the items of the brief."""
    first: int
    last: int
    """The rows of its headline."""
    above: int
    """The last row of the headline above; -1 if there is none."""
    values: Mapping[str, int] = field(default_factory=dict)
    """The row of each value that was found, by its kind."""

    @property
    def item(self) -> Item:
        return self.parsed.item

    @property
    def headline(self) -> range:
        """The rows of its headline."""
        return range(self.first, self.last + 1)

    def is_in_headline(self, row: int) -> bool:
        return row in self.headline

    def between(self, row: int) -> range:
        """The rows between a row and the headline."""
        if row < self.first:
            return range(row + 1, self.first)
        return range(self.last + 1, row)


Places = Sequence[Place]


@dataclass(frozen=True, slots=True)
class _Candidates:
    """An item's headline, and all rows near it that have its values."""

    place: Place
    having: Mapping[str, Sequence[int]]

    def clear_sides(self) -> Iterator[bool]:
        """For each value in only one row, whether it is below the headline."""
        for rows in self.having.values():
            if len(rows) == 1 and not self.place.is_in_headline(rows[0]):
                yield rows[0] > self.place.last

    def nearest(self, *, is_below: bool) -> Place:
        """The place with the nearest row for each value; `is_below` says whether values usually are below headlines."""
        shared = Counter(chain.from_iterable(self.having.values()))
        first = self.place.first
        last = self.place.last

        def order(row: int) -> tuple[int, int, bool]:
            distance = max(first - row, row - last, 0)
            # Of two rows with the date, that with the publisher and the link is meant.
            return -shared[row], distance, (row > last) is not is_below

        values = {
            kind: min(rows, key=order)
            for kind, rows in self.having.items()
            if rows
        }
        return replace(self.place, values=values)


def are_marked(places: Places, rows: Rows) -> bool:
    """Whether all headlines have a bullet or number."""
    return all(rows[place.first].mark for place in places)


def count_strong(places: Places, rows: Rows) -> int:
    """How many headlines are emphasised."""
    return sum(rows[place.first].is_strong for place in places)


def find_places(
    items: Sequence[ParsedItem], rows: Rows, before: dt.date | None
) -> list[Place]:
    """The places of all items whose headlines are found, in the order of the rows."""
    found: list[_Candidates] = []
    headlines = _headlines(items, rows)
    for place, below in zip_longest(headlines, headlines[1:]):
        near = _rows_near(place, below, rows)
        having = _rows_with_values(place.item, rows, near, before)
        found.append(_Candidates(place, having))
    # Where two rows are equally near, that on the usual side is meant.
    sides = Counter(side for place in found for side in place.clear_sides())
    is_below = sides[True] >= sides[False]
    return [place.nearest(is_below=is_below) for place in found]


def _rows_near(place: Place, below: Place | None, rows: Rows) -> list[int]:
    """The rows from the headline above an item's own to the one below it that may have its values."""
    start = max(place.above, place.first - _FARTHEST, 0)
    last = below.first if below else len(rows) - 1
    end = min(last, place.last + _FARTHEST) + 1
    headline = rows[place.first]
    return [
        row for row in range(start, end) if not _is_apart(headline, rows[row])
    ]


def _is_apart(headline: Row, row: Row) -> bool:
    """Whether a row is in another part of the page or row of a table than a headline that is in one."""
    if headline.is_cell:
        return row.is_cell and row.block != headline.block
    return headline.card >= 0 and row.card not in {-1, headline.card}


def words_of(text: str) -> list[str]:
    """The words of a text, for comparing."""
    return _WORD.findall(fold(text))


def _headlines(items: Sequence[ParsedItem], rows: Rows) -> list[Place]:
    """The places of all items whose headlines are found, without their values."""
    stream = _Stream(rows)
    found: list[Place] = []
    start = 0
    last = -1
    for number, parsed in enumerate(items):
        item = parsed.item
        wanted = words_of(item.heading or item.text.partition("\n")[0])
        own = max(start, stream.start_of(parsed.paragraphs))
        place = stream.find(wanted, own)
        if place is not None:
            above = last
            first = stream.rows[place]
            start = place + len(wanted)
            last = stream.rows[start - 1]
            found.append(Place(parsed, number, first, last, above))
    return found


class _Stream:
    """All words of a brief, one after the other."""

    def __init__(self, rows: Rows) -> None:
        self.words: list[str] = []
        self.rows: list[int] = []
        """The row of each word."""
        self._places: dict[str, list[int]] = defaultdict(list)
        self._paragraphs: dict[int, int] = {}
        for number, row in enumerate(rows):
            self._paragraphs.setdefault(row.paragraph, len(self.words))
            for word in words_of(row.words):
                self._places[word].append(len(self.words))
                self.words.append(word)
                self.rows.append(number)

    def start_of(self, paragraphs: Iterable[int]) -> int:
        """The place of the first word of some paragraphs."""
        places = map(self._paragraphs.get, paragraphs)
        return min((place for place in places if place is not None), default=0)

    def find(self, wanted: Sequence[str], start: int) -> int | None:
        """The place of the first of these words, which follow each other; None if they don't."""
        if not wanted:
            return None
        places = self._places[wanted[0]]
        for place in places[bisect_left(places, start) :]:
            if self.words[place : place + len(wanted)] == wanted:
                return place
        return None


def _rows_with_values(
    item: Item, rows: Rows, near: Sequence[int], before: dt.date | None
) -> dict[str, list[int]]:
    """The rows near an item's headline in which each of its values stands, by kind."""
    source = words_of(item.source)
    return {
        LINK: [row for row in near if item.link in rows[row].addresses],
        SOURCE: [row for row in near if _names(rows[row], source)],
        DATE: [row for row in near if _has_date(rows[row], item.date, before)],
    }


def _names(row: Row, source: Sequence[str]) -> bool:
    """Whether a row has the words of a source."""
    if not source:
        return False
    # Between spaces, so that "Post" isn't found in "Posters".
    words = f" {' '.join(words_of(row.without_addresses))} "
    return f" {' '.join(source)} " in words


def _has_date(row: Row, date: dt.date | None, before: dt.date | None) -> bool:
    """Whether a row has a date."""
    if date is None:
        return False
    dates = find_dates(row.words[:_LONGEST_WITH_DATE], before)
    return any(found.date == date for found in dates)


def own_date_above(
    rows: Rows, first: Place, before: dt.date | None
) -> set[int]:
    """The row directly above the first headline, if it is the brief's own date, which is `before`."""
    row = first.first - 1
    found = date_alone(rows[row].words, before) if row >= 0 else None
    is_own = found is not None and found.date == before
    return {row} if is_own else set()
