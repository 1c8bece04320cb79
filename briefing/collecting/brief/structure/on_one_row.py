"""Read headline, source and date on one row: in any order, with any separators, perhaps with the text behind them."""

import re
from collections.abc import Iterator, Sequence

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.names import is_place
from briefing.collecting.brief.structure.head import Evidence, Head
from briefing.collecting.brief.structure.names import (
    CAPITALISED,
    IN_USUAL_PLACE,
    SURE,
)
from briefing.collecting.brief.structure.pieces import (
    CLOSING,
    COMMAS,
    OPENING,
    WITHIN_SENTENCES,
    Piece,
    further,
    is_weak,
    leading_values,
    source_of,
)
from briefing.collecting.brief.structure.row_reading import RowReading
from briefing.collecting.brief.structure.separators import divide
from briefing.collecting.brief.structure.title import LONGEST_TITLE, is_title

_MOST_IN_TITLE = 12
_LEAST_LEADS = 3
_INNER = 0.3
"""How much each separator in a headline speaks against it, and a further name without a date."""
_SHORTER = 1.0
"""How much its being shorter than the name of the source does."""
_BESIDE_LABEL = 1.5
"""How much a colon between it and a name that isn't the source does."""
_IN_QUOTES = 0.8
"""How much quotation marks around a headline speak for it."""
_LEADING_TO = " :：→"
_DASHES = "–—-"
_TRAIL = re.compile(r"(\S.*) [›>»] (?=\S)")
"""What leads to a headline on a site: "Courts › Ferry company must pay"."""
_SHORTEST_TEXT = 40
_BRACKETS = frozenset(OPENING + CLOSING)
_LEADING_ON = ":：–—-|｜·•/"
"""A text behind one of these may begin with a small letter."""


def on_one_row(text: str, hosts: str, evidence: Evidence) -> Iterator[Head]:
    """All heads that a row may be read as."""
    text = text.rstrip(_LEADING_TO)
    pieces = divide(text, hosts, evidence)
    for reading in _readings(pieces):
        head = _head(reading, text, evidence)
        if head:
            yield head


def _readings(pieces: Sequence[Piece]) -> Iterator[RowReading]:
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
                yield RowReading(pieces, first, end, text, count)
            yield from _leads(pieces, first, end)


def _leads(
    pieces: Sequence[Piece], first: int, end: int
) -> Iterator[RowReading]:
    """The readings with values behind a text that directly follows the headline."""
    count = len(pieces)
    for tail in range(1, 1 + leading_values(pieces[:end:-1])):
        yield RowReading(pieces, first, end, end, count - tail)


def _are_balanced(pieces: Sequence[Piece]) -> bool:
    """Whether no bracket opens or closes within a headline without the other one."""
    inner = "".join(piece.before for piece in pieces[1:])
    opened = sum(inner.count(sign) for sign in OPENING)
    return opened == sum(inner.count(sign) for sign in CLOSING)


def _head(reading: RowReading, text: str, evidence: Evidence) -> Head | None:
    title, rest = reading.words_of_title(text), reading.words_of_text(text)
    if not (reading.has_own_values and is_title(title)):
        return None
    if not _is_parted(reading, title, rest):
        return None
    source = source_of(reading.names, text, is_last=evidence.order > 0)
    dates = reading.dates
    score = _score(reading, source, evidence, has_date=bool(dates))
    if score is None:
        return None
    score += _IN_QUOTES if reading.is_quoted else 0.0
    score -= _BESIDE_LABEL if reading.is_beside_label(source) else 0.0
    trail = _TRAIL.match(title)
    return Head(
        reading.arrangement,
        title[trail.end() :] if trail else title,
        source.name if source else "",
        dates[0].date if dates else None,
        rest=rest,
        further=(
            *([trail[1]] if trail else ()),
            *further(reading.values, source),
        ),
        score=score
        - _against(reading, rest)
        + evidence.repetition(reading.arrangement),
    )


def _against(reading: RowReading, rest: str) -> float:
    """How much speaks against what isn't usual: a text without a full stop, and tags."""
    is_unfinished = bool(rest) and not ends_sentence(rest)
    tags = sum(piece.is_tag for piece in reading.values)
    return (1.0 if is_unfinished else 0.0) + 0.1 * tags


def _is_parted(reading: RowReading, title: str, rest: str) -> bool:
    """Whether the separators can be those around a headline and a text."""
    pieces = reading.pieces
    before = pieces[reading.first].before if reading.first else ""
    if reading.is_dated_or_label or reading.title[0].is_inside:
        return False
    if before and title[:1].islower() and before[-1] not in _LEADING_ON:
        return False
    is_weakly = before[-1:] in COMMAS and all(map(is_weak, reading.edges))
    if is_weakly and not reading.is_quoted:
        return False
    if before == " " and not pieces[reading.first - 1].is_date:
        return False
    behind = pieces[reading.end].before if reading.end < len(pieces) else ""
    if behind == " ":
        return False
    return not rest or _may_be_text(reading, rest)


def _may_be_text(reading: RowReading, rest: str) -> bool:
    """Whether words behind a headline or its values can be a text: they don't go on with a sentence."""
    joint = reading.pieces[reading.text].before
    if joint in WITHIN_SENTENCES or reading.pieces[reading.text].is_inside:
        return False
    if rest[:1].islower() and joint[-1] not in _LEADING_ON:
        return False
    if reading.text == reading.end:
        is_quoted = reading.first > 0 and reading.is_quoted
        is_long = len(rest) >= _SHORTEST_TEXT
        is_clear = is_long or is_quoted or reading.follows_source
        return is_clear and ends_sentence(rest)
    return True


def _score(
    reading: RowReading,
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
    score -= _SHORTER if reading.length < len(source.name) else 0.0
    if has_date:
        in_brackets = any(map(_BRACKETS.intersection, reading.edges))
        is_clear = _is_usual(reading, source, evidence)
        is_clear |= reading.is_marked_off(source) and not (
            reading.is_dated or reading.title[0].before == " "
        )
        return score + (2.0 if in_brackets else 1.0) if is_clear else None
    score -= 0.5 if ":" in reading.edges else 0.0
    score -= _INNER * (len(reading.names) - 1)
    return score if _may_lack_date(reading, source, evidence) else None


def _score_of_date(reading: RowReading, evidence: Evidence) -> float:
    """The same for a headline and a date. Headlines end with dates as well, so behind a comma it counts only if several
    do.
    """
    is_weakly = all(map(is_weak, reading.edges))
    is_doubtful = is_weakly and evidence.is_rare(reading.arrangement)
    return (0.6 if is_doubtful else 1.2) - _INNER * reading.inner_separators


def _score_of_lead(reading: RowReading, evidence: Evidence) -> float:
    """The same for a row that begins like any paragraph, which counts only if several do."""
    count = evidence.arrangements[reading.arrangement]
    return 2.5 if count >= _LEAST_LEADS else 1.2


def _is_usual(reading: RowReading, source: Piece, evidence: Evidence) -> bool:
    """Whether the link confirms a source, or other items are arranged in the same way."""
    return source.likely >= SURE or not evidence.is_rare(reading.arrangement)


def _is_dateline(reading: RowReading, source: Piece) -> bool:
    """Whether a name begins a report: "Port Ellis, 15 May – The union said … Nobody …"."""
    is_sentence = reading.text == reading.end and reading.has_text
    is_behind_dash = reading.edges[:1] and reading.edges[0][-1] in _DASHES
    is_sure = source.likely >= SURE or not is_place(source.name)
    return (
        bool(is_sentence and reading.first and is_behind_dash) and not is_sure
    )


def _may_lack_date(
    reading: RowReading, source: Piece, evidence: Evidence
) -> bool:
    """Whether a source counts without a date: it is clear, or other items differ only in that they have a date."""
    if evidence.lacks_only_date(reading.arrangement):
        return source.likely >= IN_USUAL_PLACE
    return _is_usual(reading, source, evidence) and _is_clear(reading, source)


def _is_clear(reading: RowReading, source: Piece) -> bool:
    """Whether a source is clear without a date beside it: if the link confirms it, between a colon and the headline, in
    【】, with the number of a page, or as a name in capitals.
    """
    edges = reading.edges
    if _is_short(reading.title):
        return False
    is_last = not reading.first and not reading.has_text
    if source.likely >= SURE and is_last:
        return True
    if "." in edges and not reading.is_quoted:
        return False
    if source.likely >= SURE or "【" in source.before or ":" in edges:
        return True
    if reading.has_page:
        return source.likely >= CAPITALISED
    is_behind = not reading.first and bool(_BRACKETS.intersection(*edges))
    is_weakly = all(map(is_weak, edges))
    return source.likely >= CAPITALISED and not (is_behind or is_weakly)


def _is_short(title: Sequence[Piece]) -> bool:
    """Whether a headline is a single word, which may as well be part of a name."""
    words = " ".join(piece.text for piece in title)
    return " " not in words and words.upper() != words.lower()
