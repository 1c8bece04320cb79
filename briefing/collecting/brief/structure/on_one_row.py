"""Read headline, source and date on one row: in any order, with any separators, perhaps with the text behind them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.names import is_place
from briefing.collecting.brief.structure.head import Evidence, Head
from briefing.collecting.brief.structure.names import CAPITALISED, SURE
from briefing.collecting.brief.structure.pieces import (
    CLOSING,
    COMMAS,
    MOST_NAMES,
    OPENING,
    WITHIN_SENTENCES,
    Piece,
    further,
    is_weak,
    leading_values,
    source_of,
)
from briefing.collecting.brief.structure.separators import divide
from briefing.collecting.brief.structure.title import LONGEST_TITLE, is_title

_MOST_IN_TITLE = 12
_LEAST_LEADS = 3
_INNER = 0.3
"""How much each separator in a headline speaks against it, and its being shorter than the name of the source."""
_JOINTS = " (（[【{–—-|/·:"
_PAGE = re.compile(r"(?:[^\W\d_]{1,6}\.? ?)?\d{1,3}")
_LEADING_TO = " :：→"
_DASHES = "–—-"
_SHORTEST_TEXT = 40
_BRACKETS = frozenset(OPENING + CLOSING)
_LEADING_ON = ":：–—-|｜·•/"
"""A text behind one of these may begin with a small letter."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The pieces of a row, by what they are taken for."""

    pieces: Sequence[Piece]
    first: int
    """The number of the headline's first piece."""
    end: int
    """The number of the first piece behind the headline."""
    text: int
    """The number of the first piece of the text behind it."""
    tail: int
    """The number of the first piece behind the text."""

    @property
    def title(self) -> Sequence[Piece]:
        return self.pieces[self.first : self.end]

    @property
    def length(self) -> int:
        """The number of characters of the headline."""
        return self.title[-1].end - self.title[0].start

    @property
    def values(self) -> Sequence[Piece]:
        """What is neither headline nor text."""
        return tuple(chain.from_iterable(self.groups))

    @property
    def dates(self) -> Sequence[Piece]:
        return [piece for piece in self.values if piece.is_date]

    @property
    def names(self) -> Sequence[Piece]:
        return [piece for piece in self.values if piece.is_name]

    @property
    def has_own_values(self) -> bool:
        """Whether the values can be those of one item: a name and a date, or one of them."""
        dates, names = self.dates, self.names
        is_one = len(dates) <= 1 and len(names) <= MOST_NAMES
        return is_one and bool(dates or names) and self.are_together(names)

    @property
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
    def is_lead(self) -> bool:
        """Whether the row begins with the headline, which the text directly follows."""
        return self.has_text and self.text == self.end and not self.first

    @property
    def edges(self) -> Sequence[str]:
        """The separators around the headline."""
        before = [self.pieces[self.first].before] if self.first else []
        behind = [
            piece.before for piece in self.pieces[self.end : self.end + 1]
        ]
        return (*before, *behind)

    @property
    def is_dated_or_label(self) -> bool:
        """Whether what may be a headline begins with a date, "18 April, 7 p.m.", or ends with a label."""
        first, behind = self.title[0], self.title[1:2]
        is_alone = all(piece.before != " " for piece in behind)
        is_known = all(
            piece.is_value and not piece.is_name for piece in self.title
        )
        return (
            is_known or (first.is_date and is_alone) or self.title[-1].is_label
        )

    def words_of_title(self, text: str) -> str:
        """The headline, without the full stop at its end if there is one before it as well."""
        title = text[self.title[0].start : self.title[-1].end]
        are_stops = self.first and self.title[0].before == "."
        return title.removesuffix(".") if are_stops else title

    def words_of_text(self, text: str) -> str:
        """The text behind the headline, with the mark that ends it."""
        if not self.has_text:
            return ""
        behind = self.pieces[self.tail : self.tail + 1]
        end = behind[0].start if behind else len(text)
        return text[self.pieces[self.text].start : end].rstrip(_JOINTS)

    @property
    def inner_separators(self) -> int:
        """How many separators are in the headline, besides commas and full stops."""
        return sum(not is_weak(piece.before) for piece in self.title[1:])

    def is_marked_off(self, source: Piece) -> bool:
        """Whether a name is beside the date, or more than a comma or a full stop is between it and the headline.

        A name behind the date is rather where something takes place.
        """
        group = next(
            group
            for group in self.groups
            if any(piece.start == source.start for piece in group)
        )
        if any(piece.is_date for piece in group):
            return not (group[0].is_date and all(map(is_weak, self.edges)))
        joints = self._joints(group)
        return not all(is_weak(joint) or joint == ":" for joint in joints)

    def _joints(self, group: Sequence[Piece]) -> Sequence[str]:
        """The separators that part a group of values from what is beside it."""
        last = self.pieces.index(group[-1])
        behind = [piece.before for piece in self.pieces[last + 1 : last + 2]]
        return [group[0].before, *behind] if group[0].before else behind

    def are_together(self, pieces: Sequence[Piece]) -> bool:
        """Whether neither headline nor text is between some pieces."""
        starts = {piece.start for piece in pieces}
        return not starts or any(
            starts <= {piece.start for piece in group} for group in self.groups
        )

    @property
    def arrangement(self) -> str:
        """What is where, with the separators: items alike have the same. A text at the end makes no difference."""
        signs: list[str] = []
        end = self.text if self.tail == len(self.pieces) else len(self.pieces)
        for number, piece in enumerate(self.pieces[:end]):
            if self.first < number < self.end or self.text < number < self.tail:
                continue
            kind = _kind(piece)
            if number == self.first:
                kind = "title"
            elif self.text == number < self.tail:
                kind = "text"
            if kind:
                signs += [_sign(piece.before), kind]
        return " ".join(filter(None, signs))


def _kind(piece: Piece) -> str:
    """What a value is; "" for one that doesn't tell items apart."""
    if piece.is_date:
        return "date"
    return "source" if piece.is_name else ""


def _sign(separator: str) -> str:
    """A separator without the end of brackets that others have only where "(PDF)" is added."""
    return separator.lstrip(CLOSING) or separator


def on_one_row(text: str, hosts: str, evidence: Evidence) -> Iterator[Head]:
    """All heads that a row may be read as."""
    text = text.rstrip(_LEADING_TO)
    pieces = divide(text, hosts, evidence)
    for reading in _readings(pieces):
        head = _head(reading, text, evidence)
        if head:
            yield head


def _readings(pieces: Sequence[Piece]) -> Iterator[_Reading]:
    """Each way to find a headline between values, and a text behind it."""
    count = len(pieces)
    for first in range(1 + leading_values(pieces)):
        for end in range(first + 1, min(count, first + _MOST_IN_TITLE) + 1):
            if pieces[end - 1].end - pieces[first].start > LONGEST_TITLE:
                break
            if not _are_balanced(pieces[first:end]):
                continue
            behind = leading_values(pieces[end:])
            # Without a value before the headline, there must be one behind it.
            for text in range(end + (not first), end + behind + 1):
                yield _Reading(pieces, first, end, text, count)
            yield from _leads(pieces, first, end)


def _leads(pieces: Sequence[Piece], first: int, end: int) -> Iterator[_Reading]:
    """The readings with values behind a text that directly follows the headline."""
    count = len(pieces)
    for tail in range(1, 1 + leading_values(pieces[:end:-1])):
        yield _Reading(pieces, first, end, end, count - tail)


def _are_balanced(pieces: Sequence[Piece]) -> bool:
    """Whether no bracket opens or closes within a headline without the other one."""
    inner = "".join(piece.before for piece in pieces[1:])
    opened = sum(inner.count(sign) for sign in OPENING)
    return opened == sum(inner.count(sign) for sign in CLOSING)


def _head(reading: _Reading, text: str, evidence: Evidence) -> Head | None:
    title, rest = reading.words_of_title(text), reading.words_of_text(text)
    if not (reading.has_own_values and is_title(title)):
        return None
    if not _is_parted(reading, title, rest):
        return None
    source = source_of(reading.names, text)
    dates = reading.dates
    score = _score(reading, source, evidence, has_date=bool(dates))
    if score is None:
        return None
    return Head(
        reading.arrangement,
        title,
        source.name if source else "",
        dates[0].date if dates else None,
        rest=rest,
        further=tuple(further(reading.values, source)),
        score=score
        - _against(reading, rest)
        + evidence.repetition(reading.arrangement),
    )


def _against(reading: _Reading, rest: str) -> float:
    """How much speaks against what isn't usual: a text without a full stop, and tags."""
    is_unfinished = bool(rest) and not ends_sentence(rest)
    tags = sum(piece.is_tag for piece in reading.values)
    return (1.0 if is_unfinished else 0.0) + 0.1 * tags


def _is_parted(reading: _Reading, title: str, rest: str) -> bool:
    """Whether the separators can be those around a headline and a text."""
    pieces = reading.pieces
    before = pieces[reading.first].before if reading.first else ""
    if reading.is_dated_or_label or reading.title[0].is_inside:
        return False
    if before and title[:1].islower() and before[-1] not in _LEADING_ON:
        return False
    if before[-1:] in COMMAS and all(map(is_weak, reading.edges)):
        return False
    if before == " " and not pieces[reading.first - 1].is_date:
        return False
    behind = pieces[reading.end].before if reading.end < len(pieces) else ""
    if behind == " ":
        return False
    return not rest or _may_be_text(reading, rest)


def _may_be_text(reading: _Reading, rest: str) -> bool:
    """Whether words behind a headline or its values can be a text: they don't go on with a sentence."""
    joint = reading.pieces[reading.text].before
    if joint in WITHIN_SENTENCES or reading.pieces[reading.text].is_inside:
        return False
    if rest[:1].islower() and joint[-1] not in _LEADING_ON:
        return False
    if reading.text == reading.end:
        is_led = bool(reading.first and reading.dates and reading.names)
        return ends_sentence(rest) and (is_led or len(rest) >= _SHORTEST_TEXT)
    return True


def _score(
    reading: _Reading,
    source: Piece | None,
    evidence: Evidence,
    *,
    has_date: bool,
) -> float | None:
    """How convincing a reading is; None if it isn't."""
    if source is None:
        return _score_of_date(reading, evidence)
    if reading.is_lead:
        return _score_of_lead(reading, evidence) if has_date else None
    if _is_dateline(reading, source):
        return None
    score = 1.0 + source.likely - _INNER * reading.inner_separators
    score -= _INNER if reading.length < len(source.name) else 0.0
    if has_date:
        in_brackets = any(map(_BRACKETS.intersection, reading.edges))
        is_clear = _is_usual(reading, source, evidence)
        is_clear = is_clear or reading.is_marked_off(source)
        return score + (2.0 if in_brackets else 1.0) if is_clear else None
    score -= 0.5 if ":" in reading.edges else 0.0
    return score if _may_lack_date(reading, source, evidence) else None


def _score_of_date(reading: _Reading, evidence: Evidence) -> float:
    """The same for a headline and a date. Headlines end with dates as well, so behind a comma it counts only if several
    do.
    """
    is_weakly = all(map(is_weak, reading.edges))
    is_doubtful = is_weakly and evidence.is_rare(reading.arrangement)
    return (0.6 if is_doubtful else 1.2) - _INNER * reading.inner_separators


def _score_of_lead(reading: _Reading, evidence: Evidence) -> float:
    """The same for a row that begins like any paragraph, which counts only if several do."""
    count = evidence.arrangements[reading.arrangement]
    return 2.5 if count >= _LEAST_LEADS else 1.2


def _is_usual(reading: _Reading, source: Piece, evidence: Evidence) -> bool:
    """Whether the link confirms a source, or other items are arranged in the same way."""
    return source.likely >= SURE or not evidence.is_rare(reading.arrangement)


def _is_dateline(reading: _Reading, source: Piece) -> bool:
    """Whether a name begins a report: "Port Ellis, 15 May – The union said … Nobody …"."""
    is_sentence = reading.text == reading.end and reading.has_text
    is_behind_dash = reading.edges[:1] and reading.edges[0][-1] in _DASHES
    is_sure = source.likely >= SURE or not is_place(source.name)
    return (
        bool(is_sentence and reading.first and is_behind_dash) and not is_sure
    )


def _may_lack_date(
    reading: _Reading, source: Piece, evidence: Evidence
) -> bool:
    """Whether a source counts without a date: it is clear, or other items differ only in that they have a date."""
    if evidence.lacks_only_date(reading.arrangement):
        return source.likely >= CAPITALISED
    return _is_usual(reading, source, evidence) and _is_clear(reading, source)


def _is_clear(reading: _Reading, source: Piece) -> bool:
    """Whether a source is clear without a date beside it: if the link confirms it, between a colon and the headline, in
    【】, with the number of a page, or as a name in capitals.
    """
    edges = reading.edges
    if _is_short(reading.title) or "." in edges:
        return False
    if source.likely >= SURE or "【" in source.before or ":" in edges:
        return True
    if any(_PAGE.fullmatch(piece.text) for piece in reading.values):
        return source.likely >= CAPITALISED
    is_behind = not reading.first and bool(_BRACKETS.intersection(*edges))
    is_weakly = all(map(is_weak, edges))
    return source.likely >= CAPITALISED and not (is_behind or is_weakly)


def _is_short(title: Sequence[Piece]) -> bool:
    """Whether a headline is a single word, which may as well be part of a name."""
    words = " ".join(piece.text for piece in title)
    return " " not in words and words.upper() != words.lower()
