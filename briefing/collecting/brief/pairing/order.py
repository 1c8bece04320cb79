"""Judge the order of headlines and values: would all values fit the neighbouring item as well?"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from briefing.collecting.brief.lines.headlines import is_greeting
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.structure.row import Rows

from .places import Place, Places

_FARTHEST = 40
"""Rows in which the headline on the other side of a value is looked for."""
_NEAR = 4
"""Rows beside the first and last headline in which a value that no item has may still be that of an item."""


class Beyond(Enum):
    """Where a headline is on the other side of a value than its item's."""

    BESIDE = "with nothing between them but other values"
    APART = "with text between them"
    MISSING = "nowhere"


@dataclass(frozen=True, slots=True)
class Order:
    """The rows of a brief, and what is known of them."""

    rows: Rows
    places: Places
    headlines: Collection[int]
    """Rows that are or may be headlines."""
    values: Collection[int]
    """Rows that are values: they don't part another value from its headline."""
    barriers: Collection[int]
    """Rows that no item contains: titles of sections, rules, headings."""
    ends: Collection[int]
    """Rows that end an item: "Read more"."""

    def confirms(
        self,
        pairs: Sequence[tuple[Place, int]],
        left_over: Iterable[int],
        served: Iterable[Place],
    ) -> bool:
        """Whether values fit their items better than the items on their other side.

        `pairs` are the values with their items; `left_over` the rows of such values that no item has; `served` the
        items that surely have a value of their own, and so can't have one of these.
        """
        others = list(filter(self._is_near, left_over))
        apart = sum(self._is_apart(place, row) for place, row in pairs)
        values = {row for _, row in pairs}.union(others)
        stops = values.union(*(place.headline for place in served))
        sides = {row < place.first for place, row in pairs}
        # With values on both sides of headlines, there is no usual side with which the other can be compared.
        if len(sides) > 1:
            is_certain = not others and not apart
            return is_certain and self._fit_only_here(pairs, stops)
        is_above = sides.pop()
        beyond = [self._beyond(row, stops, is_above=is_above) for row in values]
        shifted = beyond.count(Beyond.MISSING), beyond.count(Beyond.APART)
        return (len(others), apart) < shifted

    def _fit_only_here(
        self, pairs: Sequence[tuple[Place, int]], stops: Collection[int]
    ) -> bool:
        """Whether no value is directly beside the headline on its other side."""
        return not any(
            self._beyond(row, stops, is_above=row < place.first)
            is Beyond.BESIDE
            for place, row in pairs
        )

    def _is_near(self, row: int) -> bool:
        """Whether a row is between the headlines, or close to the first or last."""
        first = self.places[0]
        last = self.places[-1]
        if first.first <= row <= last.last:
            return True
        if row > last.last:
            return row <= last.last + _NEAR
        between = [self.rows[number].words for number in first.between(row)]
        return len(between) < _NEAR and not any(map(_begins_brief, between))

    def _is_apart(self, place: Place, row: int) -> bool:
        """Whether text is between a headline and a value."""
        return any(
            number not in self.values and not self.rows[number].is_address
            for number in place.between(row)
        )

    def _beyond(
        self, row: int, stops: Collection[int], *, is_above: bool
    ) -> Beyond:
        """Where the next headline above or below a value is; none is beyond one of the rows `stops`."""
        # "Read more" ends its item, so its link isn't that of the headline below it.
        if row in self.ends and not is_above:
            return Beyond.MISSING
        step = -1 if is_above else 1
        found = Beyond.BESIDE
        for number in range(row + step, self._end(row, step), step):
            if number in self.barriers or number in stops:
                return Beyond.MISSING
            if number in self.headlines:
                return found
            if number not in self.values:
                found = Beyond.APART
        return Beyond.MISSING

    def _end(self, row: int, step: int) -> int:
        if step < 0:
            return max(-1, row - _FARTHEST)
        end = max(self.places[-1].last + 1, self._end_of_neighbour(row))
        return min(end, row + _FARTHEST)

    def _end_of_neighbour(self, row: int) -> int:
        """The end of the row directly below one, in the same paragraph."""
        rows = self.rows[row : row + 2]
        is_beside = len(rows) == 2 and rows[0].block == rows[1].block
        return row + 2 if is_beside else row


def _begins_brief(words: str) -> bool:
    """Whether words are a greeting or a sentence, which may begin a brief."""
    return ends_sentence(words) or is_greeting(words)
