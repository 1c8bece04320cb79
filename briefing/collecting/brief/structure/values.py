"""Find the source and the date in a row without a headline.

They may be all of it, "Harbour Post, 3 May", or stand before a text or behind it: "3 May – Nobody came."; "Nobody came.
Harbour Post, 3 May".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.collecting.brief.lines.contacts import classify_contact
from briefing.collecting.brief.lines.credits import classify_credit
from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.brief.lines.sentences import ends_sentence

from .evidence import Evidence, read_once
from .pieces import WITHIN_SENTENCES, Piece, further, leading_values, source_of
from .publisher_names import LIKELY
from .separators import divide
from .source_line import SourceLine

_LEAST_OF_ENTRY = 6
_MOST_WORDS_OF_ENTRY = 4
_LAST_DATE_OF_ENTRY = 2
_STOPS = {".", "。"}
_OTHERS = (classify_contact, classify_credit, classify_kind)
"""They recognise rows in which names and dates aren't a source."""


@dataclass(frozen=True, slots=True)
class Values(SourceLine):
    """What a row says about a source and a date, perhaps beside a text."""

    rest: str = ""
    """The text; "" if there is none."""
    is_behind: bool = False
    """Whether the text is before them."""
    in_brackets: bool = False


@read_once
def values_alone(text: str, evidence: Evidence) -> Values | None:
    """The source and date of a row that says nothing else."""
    pieces = divide(text, evidence)
    # Without capitals and spaces, a short sentence looks like a name but for its stop: "学校关门。".
    if not pieces or text.endswith("。"):
        return None
    if any(classify(text) for classify in _OTHERS):
        return None
    if leading_values(pieces) == len(pieces):
        return _values(pieces, text, evidence)
    return _entry(pieces, text) if _is_entry(pieces, text) else None


def _is_entry(pieces: Sequence[Piece], text: str) -> bool:
    """Whether a row is many short pieces, as databases of the press have them: a source, a date, and what else is known
    of an article: "Harbour Post, 3 May 2024, NEWS; Pg. 4, 812 words, Jane Doe".
    """
    are_short = all(
        len(piece.text.split()) <= _MOST_WORDS_OF_ENTRY for piece in pieces
    )
    is_long = len(pieces) >= _LEAST_OF_ENTRY and not ends_sentence(text)
    dates = [place for place, piece in enumerate(pieces) if piece.is_date]
    is_dated = len(dates) == 1 and 0 < dates[0] <= _LAST_DATE_OF_ENTRY
    return is_long and are_short and is_dated and pieces[0].is_name


def _entry(pieces: Sequence[Piece], text: str) -> Values:
    """The source and the date of such a row; what is between them and behind them is further."""
    source = pieces[0]
    (date,) = (piece for piece in pieces if piece.is_date)
    between = text[source.end : date.start]
    behind = text[date.end :]
    others = (part.strip(" ,;()") for part in (between, behind))
    return Values(
        source.name,
        date.date,
        has_date=True,
        further=tuple(filter(None, others)),
        likely=source.likely,
    )


def values_beside(text: str, evidence: Evidence) -> Iterator[Values]:
    """The source and date that begin or end a row with a text."""
    pieces = divide(text, evidence)
    if leading_values(pieces) < len(pieces) or ends_sentence(text):
        yield from _values_before(pieces, text, evidence)
        yield from _values_behind(pieces, text, evidence)


def _values_before(
    pieces: Sequence[Piece], text: str, evidence: Evidence
) -> Iterator[Values]:
    """What may be before a text, with as many values as possible first."""
    for count in range(leading_values(pieces), 0, -1):
        rest = pieces[count:]
        if not rest or not _may_begin(rest[0]):
            continue
        # Names and dates alone aren't a text: "3 May – Lantern – Tidal – Karsa".
        are_values = all(piece.is_value for piece in rest)
        if are_values and not ends_sentence(text):
            continue
        found = _values(pieces[:count], text, evidence, text[rest[0].start :])
        if found:
            yield found


def _values_behind(
    pieces: Sequence[Piece], text: str, evidence: Evidence
) -> Iterator[Values]:
    """What may be behind a text; behind a full stop, only what is likely a publisher."""
    most = min(leading_values(pieces[::-1]), len(pieces) - 1)
    for count in range(most, 0, -1):
        separator = pieces[-count].before[-1:]
        # "The union said it, Harbour Post" may go on with more of the sentence.
        if separator in WITHIN_SENTENCES:
            continue
        end = pieces[-count - 1].end
        found = _values(
            pieces[-count:], text, evidence, text[:end], is_behind=True
        )
        # "The bridge is closed. Harbour Post" has a word of publishers' names; "Lantern" alone may begin a sentence.
        if found and (separator not in _STOPS or found.likely >= LIKELY):
            yield found


def _may_begin(piece: Piece) -> bool:
    """Whether a text may begin here: behind more than a comma or a space."""
    return not piece.is_inside and piece.before[-1:] not in WITHIN_SENTENCES


def _values(
    pieces: Sequence[Piece],
    text: str,
    evidence: Evidence,
    rest: str = "",
    *,
    is_behind: bool = False,
) -> Values | None:
    dates = [piece for piece in pieces if piece.is_date]
    names = [piece for piece in pieces if piece.is_name]
    source = source_of(names, text, evidence)
    if not (source.name or dates):
        return None
    return Values(
        source.name,
        dates[0].date if dates else None,
        bool(dates),
        tuple(further(pieces, source)),
        source.likely,
        rest,
        is_behind,
        pieces[0].is_inside,
    )
