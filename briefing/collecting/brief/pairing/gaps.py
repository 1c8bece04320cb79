"""Find between a headline and a value what may be the headline of another item, which was not recognised."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from briefing.collecting.brief.contacts import classify_contact
from briefing.collecting.brief.credits import classify_credit
from briefing.collecting.brief.headlines import (
    ends_sentence,
    is_byline,
    is_greeting,
)
from briefing.collecting.brief.labels import (
    classify_label,
    classify_title,
    is_usual_section,
)
from briefing.collecting.brief.line import LONGEST
from briefing.collecting.brief.pairing.places import Place, words_of
from briefing.collecting.brief.read_more import classify_read_more
from briefing.collecting.brief.structure.on_one_row import is_title
from briefing.collecting.brief.structure.rows import Row
from briefing.collecting.brief.structure.source_line import BRACKETED
from briefing.collecting.text.written_dates import find_dates

_SHORTEST_WRAPPED = 40
"""Characters. Only a longer row was wrapped by a program and goes on in the next."""
_LONGEST_BRACKETS = 110
_MOST_BESIDE = 2
"""Words that may stand beside a source and a date: "28 minutes"."""
_PIECES = re.compile(r"[,|·]| [–—-] ")
_ANNOUNCING = (": .", ":.")
_LONGEST_NAME = 3
"""Words. Beside a longer name there is nothing else."""


class Gaps:
    """The rows of a brief between the headlines and the values of its items."""

    def __init__(self, rows: Sequence[Row], places: Sequence[Place]) -> None:
        self._rows = rows
        strong = sum(rows[place.first].is_strong for place in places)
        self._are_strong = strong * 2 > len(places)
        self._seen = Counter(row.words for row in rows)

    def hide_headline(self, place: Place, row: int) -> bool:
        """Whether between an item's headline and one of its values, or beside the value, may be another item's
        headline.
        """
        own = {
            number
            for number in place.values.values()
            if not _is_headline_beside(place, self._rows[number])
        }
        headline, value = self._rows[place.first], self._rows[row]
        if any(
            number not in own and not self._is_explained(number, place)
            for number in place.between(row)
        ):
            return True
        if value.is_cell:
            return value.block != headline.block
        if row > place.last and value.mark and headline.mark:
            return True
        if self._is_plainer(value, headline):
            return False
        return _is_headline_beside(place, value)

    def are_headlines_above(
        self, place: Place, known: Collection[int], above: int
    ) -> bool:
        """Whether above a headline, in its paragraph and below the row `above`, may be an unknown headline."""
        block = self._rows[place.first].block
        return any(
            self._rows[number].block == block
            and number not in known
            and not self._is_explained(number, place)
            for number in range(above + 1, place.first)
        )

    def _is_explained(self, number: int, place: Place) -> bool:
        """Whether a row can't be a headline: an address, a sentence, a label, part of a paragraph or list."""
        row, headline = self._rows[number], self._rows[place.first]
        if row.is_cell:
            return row.block == headline.block
        if row.is_rule:
            return False
        if row.mark:
            return not headline.mark
        if self._is_plainer(row, headline):
            return True
        if self._is_below_headlines(row):
            return True
        is_below = place.is_in_headline(number - 1)
        return not is_below and is_wrapped(self._rows, number)

    def _is_plainer(self, row: Row, headline: Row) -> bool:
        """Whether a row isn't emphasised in a brief whose headlines are."""
        return self._are_strong and headline.is_strong and not row.is_strong

    def _is_below_headlines(self, row: Row) -> bool:
        """Whether a row is what may be below any headline. What stands twice in a brief is no headline."""
        if row.is_address or row.is_footer or self._seen[row.words] > 1:
            return True
        # Ornaments like the sign of copyright are only in the unchanged words.
        return _is_label(row.raw) or not _may_be_headline(row.without_addresses)


def _is_label(words: str) -> bool:
    words = words[:LONGEST]
    if is_byline(words) or classify_label(words):
        return True
    if classify_read_more(words, linked=True):
        return True
    return bool(classify_contact(words) or classify_credit(words))


def _may_be_headline(text: str) -> bool:
    text = text.rstrip(" .") if text.endswith(_ANNOUNCING) else text
    if text[:1].islower() or text.endswith((":", "：")):
        return False
    is_number = sum(map(str.isdigit, text)) > sum(map(str.isalpha, text))
    return is_title(text) and not ends_sentence(text) and not is_number


def is_wrapped(rows: Sequence[Row], number: int) -> bool:
    """Whether a row is part of a sentence that a program wrapped."""
    block = rows[number].block
    below = rows[number + 1] if number + 1 < len(rows) else None
    if below and below.block == block and below.words[:1].islower():
        return True
    above = rows[number - 1] if number else None
    if above is None or above.block != block:
        return False
    if len(above.words) < _SHORTEST_WRAPPED or above.links:
        return False
    return not ends_sentence(above.words)


def _is_headline_beside(place: Place, row: Row) -> bool:
    """Whether a row says more than an item's source, date and link, and no sentence."""
    item = place.parsed.item
    text = row.without_addresses
    if _is_label(row.raw) or not _may_be_headline(_without_brackets(text)):
        return False
    for found in reversed(find_dates(text, item.date)):
        text = f"{text[: found.start]} | {text[found.end :]}"
    pieces = map(str.strip, _PIECES.split(text))
    text = " ".join(piece for piece in pieces if not _is_label(piece))
    name, words = (
        " ".join(words_of(item.source)),
        " ".join(words_of(text)),
    )
    rest = words.replace(name, "", 1).split()
    is_long = len(name.split()) > _LONGEST_NAME and name in words
    return len(rest) > _MOST_BESIDE or (bool(rest) and is_long)


def _without_brackets(text: str) -> str:
    """A text without the brackets at its end, if a sentence ends before them."""
    brackets = BRACKETED.search(text[-_LONGEST_BRACKETS:])
    if brackets is None or not text.endswith(brackets[0]):
        return text
    before = text.removesuffix(brackets[0]).rstrip()
    return before if ends_sentence(before) else text


def may_be_headline(row: Row) -> bool:
    """Whether a row reads like a headline, and not like the brief's title, a greeting or the title of a section."""
    words = row.words
    if (
        row.links
        or classify_title(words)
        or is_usual_section(words)
        or is_greeting(words)
    ):
        return False
    return _may_be_headline(words)
