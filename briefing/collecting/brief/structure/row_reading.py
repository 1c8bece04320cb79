"""One way to take the pieces of a row: as a headline between values, perhaps with a text behind it.

"Harbour Post: Ferry returns (3 May)" may have the headline "Ferry returns" with a source before it and a date behind,
or "Harbour Post: Ferry returns" with a date alone. `on_one_row` says which is the more convincing.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from .evidence import Evidence
from .pieces import (
    BRACKETS,
    CLOSING,
    MOST_NAMES,
    Piece,
    is_part,
    is_weak,
    source_of,
)

_OPENING_QUOTES = "\"“„«‹「『'"
_CLOSING_QUOTES = "\"”»“›」』'"
_JOINTS = " (（[【{–—-|/·:"
# "4", "p. 4", "Seite 12"; not the year "2024"
_PAGE = re.compile(r"(?:[^\W\d_]{1,6}\.? ?)?\d{1,3}")


# Without slots, which cached properties can't have.
@dataclass(frozen=True)
class RowReading:
    """The pieces of a row, by what they are taken for."""

    row: str
    pieces: Sequence[Piece]
    first: int
    """The number of the headline's first piece."""
    end: int
    """The number of the first piece behind the headline."""
    text: int
    """The number of the first piece of the text behind it."""
    tail: int
    """The number of the first piece behind the text."""
    evidence: Evidence
    """What is known of the brief."""

    @cached_property
    def headline(self) -> Sequence[Piece]:
        return self.pieces[self.first : self.end]

    @property
    def is_dated(self) -> bool:
        """Whether the headline has a date, so that what is before it is rather its topic: "Open day: 5 March"."""
        return any(piece.is_date for piece in self.headline)

    @property
    def length(self) -> int:
        """The number of characters of the headline."""
        return self.headline[-1].end - self.headline[0].start

    @cached_property
    def values(self) -> Sequence[Piece]:
        """What is neither headline nor text."""
        return tuple(chain.from_iterable(self.groups))

    @cached_property
    def dates(self) -> Sequence[Piece]:
        return [piece for piece in self.values if piece.is_date]

    @property
    def date(self) -> dt.date | None:
        """The first date among the values, if it can be known."""
        return next((piece.date for piece in self.dates), None)

    @cached_property
    def names(self) -> Sequence[Piece]:
        return [piece for piece in self.values if piece.is_name]

    @cached_property
    def source(self) -> Piece:
        """The publisher among the values; a piece without words if there is none."""
        return source_of(self.names, self.row, self.evidence)

    @property
    def has_own_values(self) -> bool:
        """Whether the values can be those of one item: a name and a date, or one of them."""
        dates = self.dates
        names = self.names
        is_one = len(dates) <= 1 and len(names) <= MOST_NAMES
        # Names on both sides of a headline would be two sources: "Lantern – Bridge closed – Tidal".
        are_together = len(self._named_groups) <= 1
        return is_one and bool(dates or names) and are_together

    @cached_property
    def groups(self) -> Sequence[Sequence[Piece]]:
        """The values before the headline, behind it, and behind the text."""
        pieces = self.pieces
        return (
            pieces[: self.first],
            pieces[self.end : self.text],
            pieces[self.tail :],
        )

    @property
    def has_text(self) -> bool:
        return self.text < self.tail

    @property
    def is_followed(self) -> bool:
        """Whether a text directly follows the headline."""
        return self.has_text and self.text == self.end

    @property
    def is_lead(self) -> bool:
        """Whether the row begins with the headline, which the text directly follows."""
        return self.is_followed and not self.first

    @property
    def follows_source(self) -> bool:
        """Whether a source with a date or the number of a page is before the headline."""
        before = self.pieces[: self.first]
        is_located = self._has_page or any(piece.is_date for piece in before)
        return is_located and any(piece.is_name for piece in before)

    @property
    def is_quoted(self) -> bool:
        """Whether the headline is in quotation marks."""
        first = self.headline[0].text
        last = self.headline[-1].text.removesuffix(".")
        return first[0] in _OPENING_QUOTES and last[-1:] in _CLOSING_QUOTES

    @property
    def _has_page(self) -> bool:
        """Whether the number of a page is among the values."""
        return any(_PAGE.fullmatch(piece.text) for piece in self.values)

    @property
    def before(self) -> str:
        """The separator before the headline; "" at the beginning of the row."""
        return self.headline[0].before if self.first else ""

    @property
    def behind(self) -> str:
        """The separator behind the headline; "" at the end of the row."""
        behind = self.pieces[self.end :]
        return behind[0].before if behind else ""

    @property
    def edges(self) -> Sequence[str]:
        """The separators around the headline."""
        return list(filter(None, (self.before, self.behind)))

    @property
    def is_weakly_parted(self) -> bool:
        """Whether the separators around the headline are as usual within a sentence."""
        return all(map(is_weak, self.edges))

    @property
    def is_beside_brackets(self) -> bool:
        """Whether brackets open or close before the headline or behind it."""
        return any(map(BRACKETS.intersection, self.edges))

    @property
    def is_beside_label(self) -> bool:
        """Whether a colon joins the headline to a name that isn't the source: "Judge: Beards may stay"."""
        before = self.pieces[: self.first][-1:]
        behind = self.pieces[self.end :][:1]
        beside = zip((*before, *behind), self.edges, strict=True)
        return any(
            piece.is_name and joint == ":" and not is_part(piece, self.source)
            for piece, joint in beside
        )

    @property
    def cant_be_headline(self) -> bool:
        """Whether what is taken for the headline can't be one: it has only values without a name, begins with a date,
        "18 April, 7 p.m.", or ends with a label.
        """
        first = self.headline[0]
        behind = self.headline[1:2]
        is_alone = all(piece.before != " " for piece in behind)
        is_known = all(
            piece.is_value and not piece.is_name for piece in self.headline
        )
        return (
            is_known
            or (first.is_date and is_alone)
            or self.headline[-1].is_label
        )

    @cached_property
    def words_of_headline(self) -> str:
        """The headline, without the full stop at its end if there is one before it as well, or behind its quotation
        marks.
        """
        headline = self.row[self.headline[0].start : self.headline[-1].end]
        # "Harbour Post, 3 May. Bridge closed."
        is_bare = self.before == "." or self.is_quoted
        return headline.removesuffix(".") if is_bare else headline

    @cached_property
    def words_of_text(self) -> str:
        """The text behind the headline, with the mark that ends it."""
        if not self.has_text:
            return ""
        behind = self.pieces[self.tail : self.tail + 1]
        end = behind[0].start if behind else len(self.row)
        return self.row[self.pieces[self.text].start : end].rstrip(_JOINTS)

    @property
    def inner_separators(self) -> int:
        """How many separators are in the headline, besides commas and full stops."""
        return sum(not is_weak(piece.before) for piece in self.headline[1:])

    @property
    def is_marked_off(self) -> bool:
        """Whether the source is beside the date, or more than a comma or a full stop is between it and the headline.

        A name behind the date is rather where something takes place.
        """
        group, *_ = self._named_groups
        if any(piece.is_date for piece in group):
            return not (group[0].is_date and self.is_weakly_parted)
        joints = self._joints(group)
        return not all(is_weak(joint) or joint == ":" for joint in joints)

    @property
    def _named_groups(self) -> Sequence[Sequence[Piece]]:
        """The groups of values among which names are."""
        return [
            group
            for group in self.groups
            if any(piece.is_name for piece in group)
        ]

    def _joints(self, group: Sequence[Piece]) -> Sequence[str]:
        """The separators that part a group of values from what is beside it."""
        last = self.pieces.index(group[-1])
        behind = [piece.before for piece in self.pieces[last + 1 : last + 2]]
        return [group[0].before, *behind] if group[0].before else behind

    @cached_property
    def arrangement(self) -> str:
        """What is where, with the separators: "title ( source , date". Similar items have the same, with or without a
        text at the end.
        """
        signs: list[str] = []
        count = len(self.pieces)
        end = self.text if self.tail == count else count
        for number in range(end):
            kind = self._kind(number)
            if kind:
                signs += [_sign(self.pieces[number].before), kind]
        return " ".join(filter(None, signs))

    def _kind(self, number: int) -> str:
        """What a piece is; "" for one that continues the headline or text, or doesn't tell items apart."""
        if self.first <= number < self.end:
            return "title" if number == self.first else ""
        if self.text <= number < self.tail:
            return "text" if number == self.text else ""
        return _kind_of_value(self.pieces[number])


def _kind_of_value(piece: Piece) -> str:
    """What a value is; "" for one that doesn't tell items apart."""
    if piece.is_date:
        return "date"
    return "source" if piece.is_name else ""


def _sign(separator: str) -> str:
    """A separator without the end of brackets that others have only where "(PDF)" is added."""
    return separator.lstrip(CLOSING) or separator
