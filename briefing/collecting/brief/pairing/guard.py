"""Leave out links, sources and dates that may belong to another item, each with a note. No other place does.

A value surely belongs to an item if it stands in its headline's row, or in a unit that only this item is in. All others
must follow the headlines in the same order throughout the brief, and would have to fit worse if each belonged to the
item on its other side. Nothing that may be a headline stands between a headline and its values. Hosts tell, too: if
more links lead to the publisher of the item beside than to their own, they are shifted.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from briefing.collecting.brief.lines.contacts import classify_contact
from briefing.collecting.brief.lines.sentences import contains_sentence_end
from briefing.collecting.brief.model import Brief
from briefing.collecting.brief.structure.publisher_names import (
    CAPITALISED,
    likelihood,
)
from briefing.collecting.brief.structure.row import Row, Rows, addresses_in
from briefing.collecting.text.hosts import host_of
from briefing.collecting.text.written_dates import find_dates

from .gaps import Gaps
from .headline_rows import is_possible_heading, leads_on
from .hosts import lead_to_neighbours, leads_to_own
from .leaving_out import without_false_name, without_values
from .order import Order
from .places import (
    DATE,
    KINDS,
    LINK,
    SOURCE,
    Place,
    Places,
    count_strong,
    find_places,
    own_date_above,
)
from .row_kinds import (
    barriers,
    begins_item,
    ends,
    possible_headlines,
    rows_of_kinds,
)
from .units import Units

_LONGEST_HEADING = 300
_LEAST_ALIKE = 3
_LEAST_IN_SECTION = 2
_MOST_LISTED = 10
"""Words for each link in a list of links; a text has more."""
_LEAST_ITEMS = 2
"""With fewer items, links and dates in a brief, nothing can be another item's."""

_Pair = tuple[Place, int]


def without_doubtful(brief: Brief, rows: Rows, before: dt.date | None) -> Brief:
    """Leave out the links, sources and dates of a brief's items that may belong to other items."""
    if len(brief.items) < _LEAST_ITEMS and not _has_several(rows, before):
        return brief
    places = find_places(brief.items, rows, before)
    items = list(brief.items)
    if not places:
        return replace(brief, items=list(map(without_false_name, items)))
    guard = _Guard(rows, places, before)
    for place in places:
        doubtful = [kind for kind in KINDS if guard.is_doubtful(place, kind)]
        items[place.number] = without_values(place, doubtful, rows)
    return replace(brief, items=list(map(without_false_name, items)))


def _has_several(rows: Rows, before: dt.date | None) -> bool:
    """Whether a brief has links, dates or headings for several items.

    Two dates may be those of the brief's title and of a label.
    """
    if len(set(addresses_in(rows))) >= _LEAST_ITEMS:
        return True
    dates = rows_of_kinds(rows, (), before)[DATE]
    headings = [row for row in rows if row.level]
    return len(dates) >= _LEAST_ALIKE or len(headings) >= _LEAST_ALIKE


class _Guard:
    """Judges the values of a brief's items."""

    def __init__(
        self, rows: Rows, places: Places, before: dt.date | None
    ) -> None:
        self._rows = rows
        self._places = places
        self._before = before
        self._gaps = Gaps(rows, places)
        self._of_kind = rows_of_kinds(rows, places, before)
        values = set().union(*self._of_kind.values())
        self._addresses: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            self._addresses[row.block].update(row.addresses)
        between_items = barriers(rows, places)
        self._not_headlines = values | between_items
        ends_of_items = ends(rows)
        # The brief's own date above the first headline doesn't show that values stand above their headlines.
        own = values - own_date_above(rows, places[0], before)
        self._units = Units(rows, places, own, ends_of_items)
        self._headings = Counter(place.item.heading for place in places)
        self._are_strong = count_strong(places, rows) * 2 >= len(places)
        self._levels = Counter(rows[place.first].level for place in places)
        headlines = possible_headlines(rows, self._not_headlines, places)
        headlines |= {place.first for place in places}
        self._order = Order(
            rows, places, headlines, values, between_items, ends_of_items
        )
        self._doubtful: set[tuple[int, str]] = set()
        for kind in KINDS:  # links first: they say where items end
            doubts = self._doubts(kind)
            self._doubtful.update((place.number, kind) for place in doubts)

    def is_doubtful(self, place: Place, kind: str) -> bool:
        """Whether an item's value of this kind, or another one in the same row, may belong to another item."""
        row = place.values.get(kind)
        source = place.item.source
        if kind == SOURCE and source and source in place.parsed.section:
            return False  # it is in the title above all items of its section
        if row is None:
            return kind == SOURCE and bool(source)
        kinds = [kind]
        if not place.is_in_headline(row):
            # "https://… (4 March)" is one item's as a whole: if its link is in doubt, so is its date.
            kinds = [other for other in KINDS if place.values.get(other) == row]
        return any((place.number, other) in self._doubtful for other in kinds)

    def _doubts(self, kind: str) -> list[Place]:
        """The items whose values of this kind may belong to other items."""
        places = [place for place in self._places if kind in place.values]
        if kind == LINK and lead_to_neighbours(self._places):
            return places
        wrong: list[Place] = []
        own: list[_Pair] = []
        for place in places:
            row = place.values[kind]
            if self._is_wrong(place, row, kind):
                wrong.append(place)
            else:
                own.append((place, row))
        stray = self._stray(places) if kind == LINK else ()
        return [*wrong, *stray, *self._out_of_order(kind, own)]

    def _out_of_order(self, kind: str, pairs: Sequence[_Pair]) -> list[Place]:
        """The items of which only the order of all rows could say that their values are their own, and doesn't."""
        unsure = [pair for pair in pairs if self._is_unsure(*pair)]
        if not unsure or self._are_in_order(kind, unsure, pairs):
            return []
        return [
            place
            for place, row in unsure
            if not self._is_enclosed(place, row)
            and not self._is_confirmed(place, kind)
        ]

    def _are_in_order(
        self, kind: str, unsure: Sequence[_Pair], pairs: Sequence[_Pair]
    ) -> bool:
        """Whether the order of all rows says that values are their items' own; `pairs` are all values of this kind."""
        if not _are_usual(unsure, pairs):
            return False
        served = [place for place, row in pairs if self._is_sure(place, row)]
        left_over = self._left_over(kind, pairs)
        return self._order.confirms(unsure, left_over, served)

    def _is_unsure(self, place: Place, row: int) -> bool:
        is_contact = classify_contact(self._rows[row].words)
        return not self._is_sure(place, row) and not is_contact

    def _is_sure(self, place: Place, row: int) -> bool:
        return place.is_in_headline(row) or self._units.holds(place, row)

    def _is_enclosed(self, place: Place, row: int) -> bool:
        """Whether a value stands between an item's headline and the link that is surely its own."""
        link = place.values.get(LINK)
        if link is None or (place.number, LINK) in self._doubtful:
            return False
        return place.last < row < link or link < row < place.first

    def _is_confirmed(self, place: Place, kind: str) -> bool:
        """Whether a value is the link to the publisher that is surely the item's."""
        source = place.values.get(SOURCE)
        is_own = source is not None and self._is_sure(place, source)
        return kind == LINK and is_own and leads_to_own(place, self._places)

    def _is_wrong(self, place: Place, row: int, kind: str) -> bool:
        """Whether the row of a value, or what is between it and the headline, is rather another item's."""
        if place.is_in_headline(row):
            # "Link https://…" was read as a headline with its link, but leads on from the row above.
            return leads_on(place.item.heading)
        if not self._has_headline(place):
            return True
        if self._is_listed_for_all(place, row):
            return True
        is_headed = self._units.is_below_heading(place, row)
        if not is_headed and self._may_be_of_other(place, row, kind):
            return True
        return self._gaps.hide_headline(place, row)

    def _may_be_of_other(self, place: Place, row: int, kind: str) -> bool:
        """Whether the row of a value is rather another item's by where it stands."""
        if self._units.is_of_other(place, row):
            return True
        is_plain = not self._rows[place.first].is_link
        is_open = is_plain and self._is_open(place, row)
        if is_open and _reads_otherwise(place):
            return True
        if self._is_of_neighbour(place, row, kind):
            return True
        is_sure = self._is_sure(place, row)
        return not is_sure and self._is_apart(place, row, kind)

    def _is_open(self, place: Place, row: int) -> bool:
        """Whether a value is outside the paragraph or the unit of its headline."""
        is_sure = self._is_sure(place, row)
        return not (self._is_beside(place, row) and is_sure)

    def _is_beside(self, place: Place, row: int) -> bool:
        """Whether a row is in the paragraph of an item's headline."""
        return self._rows[row].block == self._rows[place.first].block

    def _is_of_neighbour(self, place: Place, row: int, kind: str) -> bool:
        """Whether a value is beside a link although the item has none, begins the item below, or is a link above
        although another one is below the headline.
        """
        if self._rows[row].links and not place.item.link:
            return True
        if row > place.last and begins_item(self._rows, row):
            return True
        return kind == LINK and self._has_own_link(place, row)

    def _is_apart(self, place: Place, row: int, kind: str) -> bool:
        """Whether a value that isn't in a unit with its headline has another link beside it, or another date."""
        if self._is_beside_other_link(place, row):
            return True
        if kind == DATE and self._is_above_other_date(place, row):
            return True
        return kind != LINK and self._has_other_date(place)

    def _is_beside_other_link(self, place: Place, row: int) -> bool:
        """Whether a value is in a paragraph without the headline, but with a link that isn't the item's."""
        # "Radio Karsa" below "https://…", in a paragraph of their own, says where that link leads.
        addresses = self._addresses[self._rows[row].block]
        is_beside = self._is_beside(place, row)
        return not is_beside and bool(addresses - {place.item.link})

    def _is_listed_for_all(self, place: Place, row: int) -> bool:
        """Whether a value is in a paragraph without the headline, a list with as many links as there are items."""
        links = len(self._addresses[self._rows[row].block])
        if links < max(_LEAST_ITEMS, len(self._places)):
            return False
        if self._is_beside(place, row):
            return False
        words = len(self._rows[row].without_addresses.split())
        is_text = words >= _MOST_LISTED * links
        return not (is_text and self._units.is_below_heading(place, row))

    def _has_own_link(self, place: Place, link: int) -> bool:
        """Whether another link is in the paragraph of a headline, on its other side, and the item's link isn't."""
        if self._is_beside(place, link):
            return False
        if link > place.last:
            above = self._rows[place.above + 1 : place.first]
            beyond: Iterator[Row] = reversed(above)
        else:
            beyond = islice(self._rows, place.last + 1, None)
        block = self._rows[place.first].block
        own = takewhile(
            lambda row: row.block == block and not row.is_rule, beyond
        )
        return any(row.links for row in own)

    def _has_headline(self, place: Place) -> bool:
        """Whether an item's headline can be one: not a greeting, a label or the title of a section."""
        heading = place.item.heading
        rows = self._rows[place.first : place.last + 1]
        if not is_possible_heading(heading, rows, self._before):
            return False
        # What two items have as their headline is rather a label: "Listen".
        if self._headings[heading] > 1:
            return False
        if self._is_below_unknown(place):
            return False
        is_usual = self._is_like_others(rows[0])
        item = place.item
        likely = likelihood(item.source, host_of(item.link))
        return is_usual or likely >= CAPITALISED

    def _is_like_others(self, row: Row) -> bool:
        """Whether the headlines of other items look as a row does: not emphasised, emphasised like most, or headings of
        the same level.
        """
        if self._are_strong or not row.is_strong:
            return True
        return bool(row.level) and self._levels[row.level] > 1

    def _is_below_unknown(self, place: Place) -> bool:
        """Whether what may be a headline is above an item's own, which has no source directly below it."""
        if place.values.get(SOURCE) == place.last + 1:
            return False
        return self._gaps.are_headlines_above(place, self._not_headlines)

    def _is_above_other_date(self, place: Place, row: int) -> bool:
        """Whether a date is above a headline, and another one directly below it."""
        below = self._rows[place.last + 1 : place.last + 2]
        own = place.item.date
        return row < place.first and any(
            found.date not in {None, own}
            for line in below
            for found in find_dates(line.words[:_LONGEST_HEADING], self._before)
        )

    def _has_other_date(self, place: Place) -> bool:
        """Whether the headline contains a date that isn't the item's."""
        item = place.item
        dates = find_dates(item.heading[:_LONGEST_HEADING], self._before)
        return item.date is not None and any(
            found.date != item.date for found in dates
        )

    def _stray(self, linked: Places) -> Iterator[Place]:
        """The last item, if only its link stands alone: such a link may as well be the brief's."""
        links = [place.values[LINK] for place in linked]
        alone = [row for row in links if self._rows[row].is_address]
        if len(links) < _LEAST_ALIKE or alone != links[-1:]:
            return
        last = self._places[-1]
        if linked[-1] is last and self._is_link_apart(last, links[-1]):
            yield last

    def _is_link_apart(self, place: Place, row: int) -> bool:
        """Whether a link is outside the paragraph of its headline, or another link is within it."""
        if not self._is_beside(place, row):
            return True
        block = self._rows[place.first].block
        beside = [other for other in self._rows if other.block == block]
        return any(other.is_linked for other in beside)

    def _left_over(self, kind: str, pairs: Sequence[_Pair]) -> list[int]:
        """The rows with such a value that no item has, and that aren't in the unit of an item that has one."""
        places = [place for place, _ in pairs]
        used = {row for _, row in pairs} | self._units.rows_of(places)
        headlines = {row for place in self._places for row in place.headline}
        return sorted(self._of_kind[kind] - used - headlines)


def _are_usual(unsure: Sequence[_Pair], pairs: Sequence[_Pair]) -> bool:
    """Whether values that aren't surely their items' are usual in the brief, or if they are several, in their
    sections.
    """
    if len(unsure) >= _LEAST_IN_SECTION:
        sections = {place.parsed.section for place, _ in unsure}
        pairs = [pair for pair in pairs if pair[0].parsed.section in sections]
    # Among values that surely are their items', a few others are exceptions, of which their order says nothing.
    return len(unsure) * 2 >= len(pairs)


def _reads_otherwise(place: Place) -> bool:
    """Whether a headline reads like a publisher's name, or like a text with a headline behind it."""
    item = place.item
    is_name = not item.source and likelihood(item.heading, "") >= CAPITALISED
    return is_name or contains_sentence_end(item.heading)
