"""Divide a row at its separators, and say of each piece what it may be: a publisher's name, a date, an author, text."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.collecting.brief.fields import field_named
from briefing.collecting.brief.headlines import is_byline, without_by
from briefing.collecting.brief.labels import is_kind_alone
from briefing.collecting.brief.names import without_particle
from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.names import LIKELY, PUBLISHED
from briefing.collecting.brief.structure.source_line import (
    date_alone,
    is_deadline,
    is_ignored,
    is_time,
    without_preposition,
)
from briefing.collecting.brief.vocabulary import Form, phrases
from briefing.collecting.text.written_dates import WrittenDate, find_dates

_SEPARATOR = re.compile(
    # Behind brackets, between them, and before them.
    r" ?[)）\]】}] ?(?:[:：.,，،;；|｜·•/]|[–—-]{1,3})? ?[(（\[【{]?"
    r"|[,:;|]? ?[(（\[【{]"
    r"| ?[|｜] ?|\t"
    # Any other mark with spaces on both sides. Quotation marks belong to words.
    r"| [^\w\s\"'“”‘’„‚«(（\[【)）\]】&%$€£+]{1,3} "
    r"|(?<=\w)[–—] |(?<=\w)- (?=[^\W\d_a-zß-ÿ])"
    r"|\.{2,3} "
    r"|(?:[,:;،؛]|(?<!\d)(?<!\b\w)\.) (?![–—|/(（\[【-])|[，、；：] ?|。 ?(?![（(【])|(?<=[!?؟…]) |(?<=[！？])(?=\w)"
)
OPENING, CLOSING = "(（[【{", ")）]】}"
_WEAK = {",", "،", "，", "、", ".", "。", " ", "!"}
_UNDATED = Form("<undated>")
_LED = Form("(<read_more> <at>|<published> <by>) {name}")
_LONGEST_DATE = 30
_MOST_TAG_WORDS = 2
_MOST_MEASURE_WORDS = 3
_MOST_VALUES = 4
"""Pieces: source, date, author and a label."""
MOST_NAMES = 2
_LONGEST = 700
"""Characters. The rest of a longer row is a single piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The words between two separators."""

    text: str
    start: int = 0
    end: int = 0
    before: str = ""
    """The separator before it, without spaces; "" for none, " " beside a date."""
    is_inside: bool = False
    """Whether it is in brackets."""
    date: dt.date | None = None
    is_date: bool = False
    name: str = ""
    """The words as a publisher's name."""
    likely: float = 0.0
    """How likely this is the publisher."""
    is_author: bool = False
    is_label: bool = False
    """Whether it only leads to others, or on: "Source", "read more"."""
    is_tag: bool = False
    """Whether it only says of what kind the item is, or how long: "PDF", "9 minutes"."""

    @property
    def is_name(self) -> bool:
        """Whether it may be a publisher's name."""
        return self.likely > 0

    @property
    def is_value(self) -> bool:
        """Whether it may be beside a headline without belonging to it."""
        is_known = self.is_date or self.is_author or self.is_label
        return is_known or self.is_tag or self.is_name


def is_weak(separator: str) -> bool:
    """Whether a separator is as usual within a sentence as between its parts: a comma, a stop, a space."""
    return separator[-1:] in _WEAK


def divide(text: str, hosts: str, evidence: Evidence) -> list[Piece]:
    """The pieces of a row, from left to right; none if it has a period."""
    if any(
        found.is_period
        for found in find_dates(text[:_LONGEST], evidence.before)
    ):
        # Rather an event, or the brief's title: "Week of 19–23 June".
        return []
    known = _known_spans(text, evidence)
    pieces: list[Piece] = []
    depth = 0
    for start, end, before in _places(text, list(known.values())):
        depth += sum(map(before.count, OPENING))
        depth -= sum(map(before.count, CLOSING))
        piece = known.get(start) or _classified(
            text[start:end], hosts, evidence, in_brackets=depth > 0
        )
        is_inside = depth > 0
        pieces.append(
            replace(
                piece,
                start=start,
                end=end,
                before=before,
                is_inside=is_inside,
            )
        )
    return pieces


def _known_spans(text: str, evidence: Evidence) -> dict[int, Piece]:
    """What is a piece of its own whatever is beside it: dates, and "n.d."; by their start."""
    opening = text[:_LONGEST]
    spans = {
        found.start: Piece(
            opening[found.start : found.end],
            found.start,
            found.end,
            date=found.date,
            is_date=True,
        )
        for found in find_dates(opening, evidence.before)
        if not is_deadline(text, found)
    }
    undated = _UNDATED.find(opening)
    if undated and not spans:
        start, end = undated
        spans[start] = Piece(opening[start:end], start, end, is_label=True)
    return spans


def _places(
    text: str, known: Sequence[Piece]
) -> Iterator[tuple[int, int, str]]:
    """Where each piece starts and ends, and the separator before it."""
    start, before = 0, ""
    for end, next_start, separator in _cuts(text, known):
        if any(map(str.isalnum, text[start:end])):
            yield start, end, before
            before = separator
        else:
            before += separator
        start = next_start
    if any(map(str.isalnum, text[start:])):
        yield start, len(text), before


def _cuts(text: str, known: Sequence[Piece]) -> list[tuple[int, int, str]]:
    """The separators: where each starts and ends, and its signs."""
    cuts = [
        (match.start(), match.end(), match[0].replace(" ", "") or "!")
        for match in _SEPARATOR.finditer(text[:_LONGEST])
        if not any(
            match.start() < piece.end and match.end() > piece.start
            for piece in known
        )
    ]
    edges = {place for start, end, _ in cuts for place in (start, end)}
    for piece in known:
        for edge in (piece.start, piece.end):
            if edge not in edges and 0 < edge < len(text):
                cuts.append(_edge(text, edge))
    return sorted(cuts)


def _edge(text: str, edge: int) -> tuple[int, int, str]:
    """The place beside a date that is between two words, or behind its own full stop."""
    if text.startswith(". ", edge):
        return edge, edge + 2, "."
    start = edge - (text[edge - 1] == " ")
    end = edge + (text[edge] == " ")
    return start, end, "." if text[start - 1] == "." else " "


def _classified(
    words: str, hosts: str, evidence: Evidence, *, in_brackets: bool
) -> Piece:
    """What the words between two separators are, wherever they are in a row."""
    date = _short_date(words, evidence)
    if date:
        return Piece(words, date=date.date, is_date=True)
    if _is_label(words):
        return Piece(words, is_label=True)
    name = without_preposition(without_particle(without_by(words)))
    led = _LED.match(name)
    name = led["name"] if led else name
    if name.startswith("《") and name.endswith("》"):
        name = name[1:-1]
    likely = evidence.likelihood(name, hosts)
    if is_byline(words) and likely < LIKELY:
        return Piece(words, is_author=True)
    is_tag = not likely and _is_tag(words, in_brackets=in_brackets)
    return Piece(words, name=name, likely=likely, is_tag=is_tag)


def _is_tag(words: str, *, in_brackets: bool) -> bool:
    """Whether words only say of what kind an item is, or how long: "PDF", "9 minutes"."""
    count = len(words.split())
    has_number = any(map(str.isdigit, words))
    is_short = count <= _MOST_TAG_WORDS and in_brackets
    is_measure = count <= _MOST_MEASURE_WORDS and has_number
    is_named = is_kind_alone(words) or PUBLISHED.fits(words)
    return is_short or is_measure or is_named or is_time(words)


def _short_date(words: str, evidence: Evidence) -> WrittenDate | None:
    """A date that is one only alone: "11.03"."""
    is_short = len(words) <= _LONGEST_DATE and any(map(str.isdigit, words))
    found = date_alone(words, evidence.before) if is_short else None
    return None if found is None or found.is_period else found


def _is_label(words: str) -> bool:
    is_preposition = words in {*phrases("published_in"), *phrases("via")}
    is_field = field_named(words) in {"source", "date", "link"}
    return is_ignored(words) or is_preposition or is_field


def leading_values(pieces: Sequence[Piece]) -> int:
    """How many pieces at the beginning may be the values of one item: not two dates."""
    count = names = dates = 0
    for piece in pieces[:_MOST_VALUES]:
        names += piece.is_name
        dates += piece.is_date
        if not piece.is_value or names > MOST_NAMES or dates > 1:
            break
        count += 1
    return count


def source_of(names: Sequence[Piece], text: str) -> Piece | None:
    """The likeliest publisher; "Harbour Post / Tidal" is one. Of equally likely names, the last is the publisher."""
    if not names:
        return None
    if len(names) == 2 and names[1].before == "/":
        first, last = names
        return replace(first, end=last.end, name=text[first.start : last.end])
    return max(reversed(names), key=lambda piece: piece.likely)


def further(values: Sequence[Piece], source: Piece | None) -> Iterator[str]:
    """What is beside a headline and is neither source nor date; labels only lead to these, unless tags are there."""
    are_tagged = any(piece.is_tag for piece in values)
    for piece in values:
        is_source = source and source.start <= piece.start < source.end
        is_lost = are_tagged or not piece.is_label
        if is_lost and not (is_source or piece.date):
            yield piece.text
