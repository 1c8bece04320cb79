"""Find between a headline and a value what may be the headline of another item, which was not recognised."""

import re
from collections import Counter
from collections.abc import Collection

from briefing.collecting.brief import vocabulary
from briefing.collecting.brief.lines.headlines import without_by
from briefing.collecting.brief.lines.names import (
    is_organisation,
    without_particle,
)
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.structure.outlets import (
    without_words_before_name,
)
from briefing.collecting.brief.structure.publisher_names import (
    PUBLISHED,
    likelihood,
)
from briefing.collecting.brief.structure.row import Row, Rows
from briefing.collecting.brief.structure.source_line import (
    BRACKETED,
    attributed_to,
    split_author,
)
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.hosts import host_of
from briefing.collecting.text.written_dates import find_dates
from briefing.issue.model import Item

from .headline_rows import (
    begins_like,
    is_label,
    is_wrapped,
    is_wrapped_sentence,
    reads_like_headline,
)
from .places import Place, Places, are_marked, count_strong

_LONGEST_BRACKETS = 110
_MOST_BESIDE = 2
"""Words that may stand beside a source and a date, without numbers and initials: "reading time 28 minutes"."""
_LONGEST_ARTICLE = 2
"""Letters of an initial, or of an article: "le 3 mai"."""
_WORD = re.compile(r"[^\W_]+")
_PIECES = re.compile(r"[,|·]| [–—-] ")
# "Harbour Post, NEWS; Pg. 4, 812 words, 3 May" is an entry of a press database.
_PARTS_OF_ENTRY = re.compile(r"[,;] ")
_LEAST_OF_ENTRY = 4
"""Parts behind the source."""
_VIA = Form("<via> {name}")
_LONGEST_NAME = 3
"""Words. Beside a longer name there is nothing else."""


class Gaps:
    """The rows of a brief between the headlines and the values of its items."""

    def __init__(self, rows: Rows, places: Places) -> None:
        self._rows = rows
        # If only half of the headlines are emphasised, a row that isn't may be one as well.
        self._are_strong = count_strong(places, rows) * 2 > len(places)
        self._are_marked = are_marked(places, rows)
        self._seen = Counter(row.words for row in rows)

    def hide_headline(self, place: Place, row: int) -> bool:
        """Whether between an item's headline and one of its values, or beside the value, may be another item's
        headline.
        """
        if self._is_headline_between(place, row):
            return True
        headline = self._rows[place.first]
        value = self._rows[row]
        if value.is_cell:
            return value.block != headline.block
        if value.card == headline.card >= 0:
            return False
        if row > place.last and begins_like(value, headline):
            return True
        if self._is_below_like(value, headline):
            return False
        return _is_headline_beside(place, value)

    def are_headlines_above(self, place: Place, known: Collection[int]) -> bool:
        """Whether above a headline, in its paragraph and below the headline above, may be an unknown headline."""
        block = self._rows[place.first].block
        beside = (
            number
            for number in range(place.above + 1, place.first)
            if self._rows[number].block == block
        )
        return any(
            self._is_unknown_item(number)
            or not self._is_explained(number, place)
            for number in beside
            if number not in known
        )

    def _is_unknown_item(self, number: int) -> bool:
        """Whether a row is a headline with a bullet or number, although the one below it has none."""
        row = self._rows[number]
        return bool(row.mark) and reads_like_headline(row.without_addresses)

    def _is_headline_between(self, place: Place, row: int) -> bool:
        own = {
            number
            for number in place.values.values()
            if not self._has_headline(number, place)
        }
        return any(
            number not in own and not self._is_explained(number, place)
            for number in place.between(row)
        )

    def _has_headline(self, number: int, place: Place) -> bool:
        """Whether the row of one of an item's values may also be another item's headline."""
        row = self._rows[number]
        return _is_headline_beside(place, row) or begins_like(
            row, self._rows[place.first]
        )

    def _is_explained(self, number: int, place: Place) -> bool:
        """Whether a row can't be a headline: an address, a sentence, a label, part of a paragraph or list."""
        row = self._rows[number]
        headline = self._rows[place.first]
        if row.is_cell:
            return row.block == headline.block
        if row.is_rule:
            return False
        if row.mark:
            return not headline.mark or _is_list_below(headline, row)
        if self._is_below_like(row, headline):
            return True
        return self._is_below_headlines(row) or self._is_part(number, place)

    def _is_below_like(self, row: Row, headline: Row) -> bool:
        """Whether a row looks like what is below headlines: it lacks the mark or the emphasis that these have."""
        is_in_bullet = self._are_marked and row.block == headline.block
        return is_in_bullet or self._is_plainer(row, headline)

    def _is_part(self, number: int, place: Place) -> bool:
        """Whether a row is part of a sentence; directly below the headline, only if it begins a whole one."""
        if place.is_in_headline(number - 1):
            return is_wrapped_sentence(self._rows, number)
        return is_wrapped(self._rows, number)

    def _is_plainer(self, row: Row, headline: Row) -> bool:
        """Whether a row isn't emphasised in a brief whose headlines are."""
        return self._are_strong and headline.is_strong and not row.is_strong

    def _is_below_headlines(self, row: Row) -> bool:
        """Whether a row is what may be below any headline. What is in a brief twice isn't a headline."""
        if row.field not in {"", "title"}:
            return True
        if self._seen[row.words] > 1:
            return True
        # Ornaments like the sign of copyright are only in the unchanged words.
        is_headline = reads_like_headline(row.without_addresses)
        return is_label(row.raw) or not is_headline


def _is_list_below(headline: Row, row: Row) -> bool:
    """Whether a row with a mark is part of a list in the text of a numbered headline, or of one with a bullet."""
    is_smaller = row.begins_small and headline.words[:1].isupper()
    return is_smaller or (headline.mark, row.mark) == ("1", "*")


def _is_headline_beside(place: Place, row: Row) -> bool:
    """Whether a row says more than an item's source, date and link, and no sentence."""
    item = place.item
    _, text = split_author(row.without_addresses)
    if row.is_address:
        return False
    if is_label(row.raw):
        return False
    if attributed_to(text):
        return False
    if not reads_like_headline(_without_brackets(text)):
        return False
    # What was read as the source may be a headline itself: "Pilots meet at the old harbour".
    if item.source and not _may_be_publisher(item):
        return True
    return not _is_entry(text, item) and _says_more(text, item)


def _says_more(text: str, item: Item) -> bool:
    """Whether a text has more words than an item's source and date."""
    name = _folded_words(item.source)
    pieces = list(map(_folded_words, _without_dates_and_labels(text, item)))
    if len(name.split()) > _LONGEST_NAME:
        named = [piece for piece in pieces if name in piece]
        if any(_beside(piece, name) for piece in named):
            return True
    return len(_beside(" ".join(pieces), name)) > _MOST_BESIDE


def _folded_words(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _is_entry(text: str, item: Item) -> bool:
    """Whether a row begins with an item's source and else has only short pieces: "…, NEWS; Pg. 4, 812 words"."""
    if not item.source:
        return False
    _, *parts = _PARTS_OF_ENTRY.split(text)
    are_short = all(len(part.split()) <= _LONGEST_NAME for part in parts)
    are_several = len(parts) >= _LEAST_OF_ENTRY
    return are_several and are_short and text.startswith(item.source)


def _beside(words: str, name: str) -> list[str]:
    """The words beside a publisher's name that may be part of a headline."""
    return [
        word
        for word in words.replace(name, "", 1).split()
        if not word.isdecimal()
        and len(word) > _LONGEST_ARTICLE
        and word not in vocabulary.words("genre")
    ]


def _without_dates_and_labels(text: str, item: Item) -> list[str]:
    """The pieces of a text without dates, labels like "Read more", and what leads to names: "by", "from the"."""
    for found in reversed(find_dates(text, item.date)):
        before = without_particle(text[: found.start])
        text = f"{before} | {text[found.end :]}"
    pieces = [piece.strip() for piece in _PIECES.split(text)]
    return [
        without_words_before_name(without_by(piece))
        for piece in pieces
        if not _is_label_or_via(piece)
    ]


def _is_label_or_via(piece: str) -> bool:
    return is_label(piece) or PUBLISHED.fits(piece) or _VIA.fits(piece)


def _may_be_publisher(item: Item) -> bool:
    """Whether an item's source reads like a publisher's name."""
    is_likely = likelihood(item.source, host_of(item.link)) > 0
    return is_likely or is_organisation(item.source)


def _without_brackets(text: str) -> str:
    """A text without the brackets at its end, if a sentence ends before them."""
    brackets = BRACKETED.search(text[-_LONGEST_BRACKETS:])
    if brackets is None:
        return text
    if not text.endswith(brackets[0]):
        return text
    # "Nobody came. (Harbour Post, 4 March)" is a sentence with its source, not a headline with one.
    before = text.removesuffix(brackets[0]).rstrip()
    return before if ends_sentence(before) else text
