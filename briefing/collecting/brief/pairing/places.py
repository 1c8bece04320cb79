"""Find the rows in which the headline, the link, the source and the date of each item stand."""

import datetime as dt
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.source_line import date_alone
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import find_dates

LINK, SOURCE, DATE = "link", "source", "date"
KINDS = (LINK, SOURCE, DATE)
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
"""A word, or a Chinese character."""
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
    values: Mapping[str, int] = field(default_factory=dict)
    """The row of each value that was found, by its kind."""

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


@dataclass(frozen=True, slots=True)
class _Candidates:
    """An item's headline, and all rows near it that have its values."""

    parsed: ParsedItem
    number: int
    first: int
    last: int
    having: Mapping[str, Sequence[int]]

    def clear_sides(self) -> Iterator[bool]:
        """For each value in only one row, whether it is below the headline."""
        for rows in self.having.values():
            if len(rows) == 1 and not self.first <= rows[0] <= self.last:
                yield rows[0] > self.last

    def nearest(self, *, is_below: bool) -> Place:
        """The place with the nearest row for each value; `is_below` says whether values usually are below headlines."""
        shared = Counter(chain.from_iterable(self.having.values()))

        def order(row: int) -> tuple[int, int, bool]:
            distance = max(self.first - row, row - self.last, 0)
            # Of two rows with the date, that with the publisher and the link is meant.
            return -shared[row], distance, (row > self.last) is not is_below

        values = {
            kind: min(rows, key=order)
            for kind, rows in self.having.items()
            if rows
        }
        return Place(self.parsed, self.number, self.first, self.last, values)


def find_places(
    items: Sequence[ParsedItem], rows: Sequence[Row], before: dt.date | None
) -> list[Place]:
    """The places of all items whose headlines are found, in the order of the rows."""
    found = _headlines(items, rows)
    places: list[_Candidates] = []
    for number, (item, first, last) in enumerate(found):
        above = found[number - 1][2] if number else 0
        below = (
            found[number + 1][1] if number + 1 < len(found) else len(rows) - 1
        )
        around = range(
            max(above, first - _FARTHEST), min(below, last + _FARTHEST) + 1
        )
        near = _in_same_card(around, first, rows)
        having = _rows_with_values(items[item], rows, near, before)
        places.append(_Candidates(items[item], item, first, last, having))
    # Where two rows are equally near, that on the usual side is meant.
    sides = Counter(side for place in places for side in place.clear_sides())
    is_below = sides[True] >= sides[False]
    return [place.nearest(is_below=is_below) for place in places]


def _in_same_card(
    around: range, headline: int, rows: Sequence[Row]
) -> Sequence[int]:
    """The rows that aren't in another part of the page or row of a table, if the headline is in one that is an item."""
    card, block = rows[headline].card, rows[headline].block
    if rows[headline].is_cell:
        return [
            row
            for row in around
            if rows[row].block == block or not rows[row].is_cell
        ]
    if card < 0:
        return around
    return [row for row in around if rows[row].card in {-1, card}]


def words_of(text: str) -> list[str]:
    """The words of a text, for comparing."""
    return _WORD.findall(fold(text))


def _headlines(
    items: Sequence[ParsedItem], rows: Sequence[Row]
) -> list[tuple[int, int, int]]:
    """The number of each item with its headline's first and last row."""
    stream = _Stream(rows)
    found: list[tuple[int, int, int]] = []
    start = 0
    for number, parsed in enumerate(items):
        item = parsed.item
        wanted = words_of(item.heading or item.text.partition("\n")[0])
        own = max(start, stream.start_of(parsed.paragraphs))
        place = stream.find(wanted, own)
        if place is not None:
            start = place + len(wanted)
            lines = (stream.rows[place], stream.rows[start - 1])
            found.append((number, *lines))
    return found


class _Stream:
    """All words of a brief, one after the other."""

    def __init__(self, rows: Sequence[Row]) -> None:
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
    parsed: ParsedItem,
    rows: Sequence[Row],
    near: Sequence[int],
    before: dt.date | None,
) -> dict[str, list[int]]:
    """The rows near an item's headline in which each of its values stands, by kind."""
    item = parsed.item
    source = f" {' '.join(words_of(item.source))} "

    def names_source(row: Row) -> bool:
        return source in f" {' '.join(words_of(row.without_addresses))} "

    def has_date(row: Row) -> bool:
        dates = find_dates(row.words[:_LONGEST_WITH_DATE], before)
        return any(found.date == item.date for found in dates)

    tests: dict[str, tuple[bool, Callable[[Row], bool]]] = {
        LINK: (bool(item.link), lambda row: item.link in row.addresses),
        SOURCE: (bool(source.strip()), names_source),
        DATE: (item.date is not None, has_date),
    }
    return {
        kind: [row for row in near if has_value(rows[row])]
        for kind, (is_known, has_value) in tests.items()
        if is_known
    }


def own_date_above(
    rows: Sequence[Row], first: Place, before: dt.date | None
) -> set[int]:
    """The row directly above the first headline, if it is the brief's own date, which is `before`."""
    row = first.first - 1
    found = date_alone(rows[row].words, before) if row >= 0 else None
    is_own = found is not None and found.date == before
    return {row} if is_own else set()
