"""Recognise which rows surely belong to one item: those of its paragraph, its bullet, or between two rules."""

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import accumulate

from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.structure.row import Rows
from briefing.collecting.brief.structure.row_paragraphs import rest_of_paragraph

from .places import Place, Places


class _Division:
    """Rows that are divided into units in one way."""

    def __init__(self, starts: Iterable[int], places: Places) -> None:
        self.units = list(accumulate(starts))
        """The number of the unit that each row is in; 0 above the first sign of an item."""
        self._headlines = Counter(self.units[place.first] for place in places)

    @property
    def is_perfect(self) -> bool:
        """Whether no unit has several headlines, and there are none in what is above the first sign of an item."""
        return max(self._headlines.values()) == 1 and not self._headlines[0]

    def is_alone(self, place: Place) -> bool:
        """Whether no other item is in the unit of an item's headline."""
        return self._headlines[self.units[place.first]] == 1

    def are_together(self, place: Place, row: int) -> bool:
        """Whether a row is in the unit of an item's headline."""
        return self.units[row] == self.units[place.first]

    def is_of_other(self, place: Place, row: int) -> bool:
        """Whether a row is in a unit that has other items' headlines only."""
        has_headline = self._headlines[self.units[row]] > 0
        return has_headline and not self.are_together(place, row)


class Units:
    """The rows of a brief, divided at each sign of a new item."""

    def __init__(
        self,
        rows: Rows,
        places: Places,
        values: Collection[int],
        ends: Collection[int],
    ) -> None:
        self._heads_lists = {
            number for number in range(len(rows)) if _heads_list(rows, number)
        }
        self._cards = [row.card for row in rows]
        self._headed: list[int] = []
        starts = _starts(rows, ends)
        if not _is_value(rows, places[0].first - 1, values):
            # Where values stand above the headlines, headlines don't divide the items, but marks above them do.
            starts += _starts_by_looks(rows)
            self._headed = list(accumulate(row.level > 0 for row in rows))
        self._divisions = [_Division(begins, places) for begins in starts]
        self._by_paragraphs = self._divisions[0]
        # Without any sign of an item, all rows would be in one unit.
        self._divided = [own for own in self._divisions if own.units[-1] > 0]

    def is_of_other(self, place: Place, row: int) -> bool:
        """Whether a row is in the unit of another item's headline, and not in that of an item's own; or in a part of a
        page that is another item.
        """
        if self._cards[row] not in {-1, self._cards[place.first]}:
            return True
        return any(
            division.is_of_other(place, row)
            # Rules, bullets and emphasis may be within an item, so they only count if no unit has two headlines.
            and (division is self._by_paragraphs or division.is_perfect)
            for division in self._divisions
        )

    def is_below_heading(self, place: Place, row: int) -> bool:
        """Whether an item's headline is a heading of the document, and a row is below it, with no other heading between
        them.
        """
        if not self._headed:
            return False
        if row <= place.last:
            return False
        above = self._headed[place.first - 1] if place.first else 0
        return self._headed[row] == self._headed[place.first] > above

    def holds(self, place: Place, row: int) -> bool:
        """Whether a row is in one unit with an item's headline, and with no other item's; or is the title
        of the list that the headline is in.
        """
        is_in_paragraph = self._by_paragraphs.are_together(place, row)
        if row in self._heads_lists and is_in_paragraph:
            return True
        return any(
            division.are_together(place, row) and division.is_alone(place)
            for division in self._divided
        )

    def rows_of(self, places: Collection[Place]) -> set[int]:
        """All rows that are in a unit with one of these items, and with no other's headline."""
        found: set[int] = set()
        for division in self._divided:
            alone = filter(division.is_alone, places)
            own = {division.units[place.first] for place in alone}
            found.update(
                row for row, unit in enumerate(division.units) if unit in own
            )
        return found


def _is_value(rows: Rows, number: int, values: Collection[int]) -> bool:
    """Whether a row is a value, without a mark, and no text that has one."""
    if number not in values or rows[number].mark:
        return False
    return not ends_sentence(rows[number].words)


def _starts(rows: Rows, ends: Collection[int]) -> list[list[bool]]:
    """Whether each row begins a unit, for each way to divide the rows: by paragraphs, rules, "Read more" and the parts
    of a page.
    """
    numbers = range(len(rows))
    return [
        [_begins_paragraph(rows, number) for number in numbers],
        [row.is_rule for row in rows],
        [number - 1 in ends for number in numbers],
        [_begins_card(rows, number) for number in numbers],
    ]


def _starts_by_looks(rows: Rows) -> list[list[bool]]:
    """The same for the ways to divide rows by how headlines look: by bullets, and by emphasis."""
    return [
        [bool(row.mark) for row in rows],
        [row.is_strong and not row.is_address for row in rows],
    ]


def _begins_paragraph(rows: Rows, number: int) -> bool:
    """Whether a row begins another paragraph than the first; a rule divides paragraphs as well."""
    row = rows[number]
    above = rows[number - 1] if number else None
    return above is not None and (row.block != above.block or row.is_rule)


def _begins_card(rows: Rows, number: int) -> bool:
    """Whether a row begins a part of a page that has one item, or is the first one below such a part."""
    above = rows[number - 1].card if number else -1
    return rows[number].card != above


def _heads_list(rows: Rows, number: int) -> bool:
    """Whether a row is the first of its paragraph, and all others in it are bullets: a day or a publisher
    with its items.
    """
    if rows[number].mark:
        return False
    if number and rows[number - 1].block == rows[number].block:
        return False
    below = rest_of_paragraph(rows, number)
    return bool(below) and all(row.mark for row in below)
