"""Recognise which rows surely belong to one item: those of its paragraph, its bullet, or between two rules."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, islice, takewhile

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.structure.rows import Row

from .places import Place


class Units:
    """The rows of a brief, divided at each sign of a new item."""

    def __init__(
        self,
        rows: Sequence[Row],
        places: Sequence[Place],
        values: Collection[int],
        ends: Collection[int],
    ) -> None:
        self._heads_lists = {
            number for number in range(len(rows)) if _heads_list(rows, number)
        }
        self._cards = [row.card for row in rows]
        self._divisions = _divisions(rows, ends)
        self._headed: list[int] = []
        above = places[0].first - 1
        is_value = above in values and not ends_sentence(rows[above].words)
        if not is_value or rows[above].mark:
            # Where values stand above the headlines, headlines don't divide the items, but marks above them do.
            self._divisions += _divisions_by_headlines(rows)
            self._headed = list(accumulate(row.level > 0 for row in rows))
        self._headlines = [
            Counter(division[place.first] for place in places)
            for division in self._divisions
        ]

    def is_of_other(self, place: Place, row: int) -> bool:
        """Whether a row is in the unit of another item's headline, and not in that of an item's own; or in a part of a
        page that is another item.
        """
        if self._cards[row] not in {-1, self._cards[place.first]}:
            return True
        others = [
            headlines
            for division, headlines in self._each()
            if division[row] != division[place.first]
            and headlines[division[row]]
        ]
        by_paragraphs = self._headlines[0]
        return any(
            headlines is by_paragraphs or _is_perfect(headlines)
            for headlines in others
        )

    def _each(self) -> Iterator[tuple[list[int], Counter[int]]]:
        """The divisions, each with the number of headlines in its units."""
        return zip(self._divisions, self._headlines, strict=True)

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
        blocks = self._divisions[0]
        if row in self._heads_lists and blocks[row] == blocks[place.first]:
            return True
        return any(
            division[row] == division[place.first]
            and division[-1] > 0
            and headlines[division[row]] == 1
            for division, headlines in self._each()
        )

    def rows_of(self, places: Collection[Place]) -> set[int]:
        """All rows that are in a unit with one of these items, and with no other's headline."""
        found: set[int] = set()
        for division, headlines in self._each():
            if division[-1] > 0:
                units = {division[place.first] for place in places}
                own = {unit for unit in units if headlines[unit] == 1}
                found.update(
                    row for row, unit in enumerate(division) if unit in own
                )
        return found


def _is_perfect(headlines: Counter[int]) -> bool:
    """Whether no unit has several headlines, and there are none in what is above the first sign of an item."""
    return max(headlines.values()) == 1 and not headlines[0]


def _divisions(rows: Sequence[Row], ends: Collection[int]) -> list[list[int]]:
    """The number of the unit that each row is in, for each way to divide the rows: by paragraphs,
    rules, "Read more" and the parts of a page.
    """
    return [
        list(accumulate(_begins_paragraph(rows, n) for n in range(len(rows)))),
        list(accumulate(row.is_rule for row in rows)),
        list(accumulate(number - 1 in ends for number in range(len(rows)))),
        list(accumulate(_begins_card(rows, n) for n in range(len(rows)))),
    ]


def _begins_paragraph(rows: Sequence[Row], number: int) -> bool:
    """Whether a row begins another paragraph than the first; a rule divides paragraphs as well."""
    row, above = rows[number], rows[number - 1] if number else None
    return above is not None and (row.block != above.block or row.is_rule)


def _begins_card(rows: Sequence[Row], number: int) -> bool:
    """Whether a row begins a part of a page that has one item, or is the first one below such a part."""
    above = rows[number - 1].card if number else -1
    return rows[number].card != above


def _divisions_by_headlines(rows: Sequence[Row]) -> list[list[int]]:
    """The same for rows that are divided by bullets, and by emphasis."""
    return [
        list(accumulate(bool(row.mark) for row in rows)),
        list(accumulate(_is_emphasised(row) for row in rows)),
    ]


def _is_emphasised(row: Row) -> bool:
    """Whether a row is a heading, or other words than an address that are emphasised."""
    return row.is_strong and not row.is_address


def _heads_list(rows: Sequence[Row], number: int) -> bool:
    """Whether a row is the first of its paragraph, and all others in it are bullets: a day or a publisher
    with its items.
    """
    block = rows[number].block
    if rows[number].mark:
        return False
    if number and rows[number - 1].block == block:
        return False
    below = list(
        takewhile(
            lambda row: row.block == block,
            islice(rows, number + 1, None),
        )
    )
    return bool(below) and all(row.mark for row in below)
