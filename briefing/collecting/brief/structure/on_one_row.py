"""Read headline, source and date on one row: in any order, with any separators, perhaps with the text behind them."""

import re
from collections.abc import Iterator, Sequence

from briefing.collecting.brief.lines.names import is_place
from briefing.collecting.brief.lines.sentences import ends_sentence

from .evidence import Evidence
from .head import Head
from .headline_words import LONGEST_HEADLINE, can_be_headline
from .pieces import (
    BRACKETS,
    CLOSING,
    COMMAS,
    OPENING,
    WITHIN_SENTENCES,
    Piece,
    further,
    leading_values,
)
from .publisher_names import CAPITALISED, CASELESS, IN_USUAL_PLACE, SURE
from .row_reading import RowReading
from .separators import divide

# Pieces. Each way to divide a row is tried, and their number grows with this.
_MOST_IN_HEADLINE = 12
_INNER = 0.3
"""How much each separator in a headline speaks against it, and a further name without a date."""
# Otherwise, in scripts without capitals, the name of a newspaper may be taken for the headline.
_SHORTER = 1.0
"""How much its being shorter than the name of the source does."""
_BESIDE_LABEL = 1.5
"""How much a colon between it and a name that isn't the source does."""
_IN_QUOTES = 0.8
"""How much quotation marks around a headline speak for it."""
_UNFINISHED = 1.0
"""How much a text without a full stop at its end speaks against it."""
_TAG = 0.1
"""How much each tag does."""
# They lead to the address behind the row, or below it: "Harbour Post: Bridge closed →".
_LEADING_TO = " :：→"
_DASHES = ("–", "—", "-")
# With ^ for the test that looks for slow patterns: it doesn't see that these are matched as a whole.
_BEFORE_HEADLINE = (
    # What leads to a headline on a site: "Courts › Ferry company must pay".
    re.compile(r"^(?P<before>\S.*) [›>»] (?P<headline>\S.*)"),
    # An author, as in lists of references: "Doe, Jane, “Title”".
    re.compile(
        r"^(?P<before>[^\W\d_][\w'’-]{1,30}, [^\W\d_][^,\"“”„«»:]{1,40})[,:] "
        r"(?P<headline>[\"“„«][^\"“”„«»]{5,200}[\"“”»])"
    ),
)
_STOPS_BEHIND_BRACKETS = (").", "].", "）。")
_SHORTEST_TEXT = 40
_LEADING_ON = ":：–—-|｜·•/"
"""A text behind one of these may begin with a small letter."""


def on_one_row(text: str, evidence: Evidence) -> Iterator[Head]:
    """All heads that a row may be read as."""
    text = text.rstrip(_LEADING_TO)
    pieces = divide(text, evidence)
    for reading in _readings(text, pieces, evidence):
        head = _head(reading)
        if head:
            yield head


def _readings(
    row: str, pieces: Sequence[Piece], evidence: Evidence
) -> Iterator[RowReading]:
    """Each way to find a headline between values, and a text behind it."""
    count = len(pieces)
    for first in range(1 + leading_values(pieces)):
        for end in range(first + 1, min(count, first + _MOST_IN_HEADLINE) + 1):
            if pieces[end - 1].end - pieces[first].start > LONGEST_HEADLINE:
                break
            if not _are_balanced(pieces[first:end]):
                continue
            behind = leading_values(pieces[end:])
            # Without a value before the headline, there must be one behind it.
            for text in range(end + (not first), end + behind + 1):
                yield RowReading(row, pieces, first, end, text, count, evidence)
            # There may be some behind a text that directly follows the headline; the piece at `end` is at least text.
            most = leading_values(pieces[:end:-1])
            for tail in range(count - 1, count - 1 - most, -1):
                yield RowReading(row, pieces, first, end, end, tail, evidence)


def _are_balanced(pieces: Sequence[Piece]) -> bool:
    """Whether no bracket opens or closes within a headline without the other one."""
    inner = "".join(piece.before for piece in pieces[1:])
    opened = sum(inner.count(sign) for sign in OPENING)
    return opened == sum(inner.count(sign) for sign in CLOSING)


def _head(reading: RowReading) -> Head | None:
    headline = reading.words_of_headline
    rest = _with_stop(reading)
    is_possible = reading.has_own_values and can_be_headline(headline)
    if not (is_possible and _is_parted(reading, rest)):
        return None
    score = _score(reading)
    if score is None:
        return None
    score += reading.evidence.repetition(reading.arrangement)
    score += _bonus(reading, rest)
    before, headline = _split_headline(headline)
    return Head(
        reading.arrangement,
        headline,
        reading.source.name,
        reading.date,
        rest=rest,
        further=(*before, *further(reading.values, reading.source)),
        score=score,
    )


def _with_stop(reading: RowReading) -> str:
    """The text of a row with its full stop, if that is behind the brackets at the end: "… by the bucket (Tidal)."."""
    rest = reading.words_of_text
    if not rest or ends_sentence(rest):
        return rest
    is_behind = reading.row.endswith(_STOPS_BEHIND_BRACKETS)
    # Where there are more brackets, the last ones are rather part of the text.
    is_only_one = not BRACKETS.intersection(rest)
    return f"{rest}{reading.row[-1]}" if is_behind and is_only_one else rest


def _split_headline(headline: str) -> tuple[list[str], str]:
    """What is before a headline and not part of it, and the headline."""
    before: list[str] = []
    for pattern in _BEFORE_HEADLINE:
        match = pattern.fullmatch(headline)
        if match:
            before.append(match["before"])
            headline = match["headline"]
    return before, headline


def _bonus(reading: RowReading, rest: str) -> float:
    """How much more convincing a reading is, by quotation marks, labels, tags, and the end of the text."""
    score = -_TAG * sum(piece.is_tag for piece in reading.values)
    if reading.is_quoted:
        score += _IN_QUOTES
    if reading.is_beside_label:
        score -= _BESIDE_LABEL
    if rest and not ends_sentence(rest):
        score -= _UNFINISHED
    return score


def _is_parted(reading: RowReading, rest: str) -> bool:
    """Whether the separators can be those around a headline and a text."""
    if reading.cant_be_headline or reading.headline[0].is_inside:
        return False
    # "Bridge closed 3 May" is a sentence rather than a headline and its date.
    if reading.behind == " ":
        return False
    if reading.first and not _is_parted_before(reading):
        return False
    return not rest or _may_be_text(reading, rest)


def _is_parted_before(reading: RowReading) -> bool:
    """Whether the separator before a headline is one, rather than part of a sentence."""
    before = reading.before
    if _continues_sentence(reading.words_of_headline, before):
        return False
    if before == " ":
        # "3 May Bridge closed (Harbour Post)"
        return reading.pieces[reading.first - 1].is_date
    # "Harbour Post, Bridge closed, 3 May" may as well be one headline.
    is_doubtful = before[-1:] in COMMAS and reading.is_weakly_parted
    return reading.is_quoted or not is_doubtful


def _continues_sentence(words: str, separator: str) -> bool:
    """Whether words behind a separator continue a sentence."""
    return words[:1].islower() and separator[-1:] not in _LEADING_ON


def _may_be_text(reading: RowReading, rest: str) -> bool:
    """Whether words behind a headline or its values can be a text: they don't go on with a sentence."""
    first = reading.pieces[reading.text]
    if first.is_inside or first.before in WITHIN_SENTENCES:
        return False
    if _continues_sentence(rest, first.before):
        return False
    return not reading.is_followed or _is_clear_text(reading, rest)


def _is_clear_text(reading: RowReading, rest: str) -> bool:
    """Whether words directly behind a headline are clearly a text; short ones are where other items have theirs."""
    is_long = len(rest) >= _SHORTEST_TEXT
    is_quoted = reading.first > 0 and reading.is_quoted
    is_clear = is_long or is_quoted or reading.follows_source
    is_clear = is_clear or _is_like_others(reading)
    return is_clear and ends_sentence(rest)


def _is_like_others(reading: RowReading) -> bool:
    """Whether other items are arranged alike, perhaps but for a date."""
    arrangement = reading.arrangement
    is_repeated = reading.evidence.is_repeated(arrangement)
    return is_repeated or reading.evidence.lacks_only_date(arrangement)


def _score(reading: RowReading) -> float | None:
    """How convincing a reading is; None if it isn't."""
    if not reading.source.name:
        return _score_of_date(reading)
    if reading.is_lead:
        return _score_of_lead(reading)
    if _is_dateline(reading):
        return None
    if reading.dates:
        return _score_with_date(reading)
    return _score_of_source(reading)


def _score_with_date(reading: RowReading) -> float | None:
    """How convincing a headline with a source and a date is; None if it isn't."""
    is_usual = _is_usual(reading)
    if not is_usual and not _is_marked_off(reading):
        return None
    bonus = 2.0 if reading.is_beside_brackets else 1.0
    others = [
        name for name in reading.names if name.start != reading.source.start
    ]
    small = sum(name.likely < IN_USUAL_PLACE for name in others)
    return _score_of_name(reading) + bonus - _INNER * small


def _is_marked_off(reading: RowReading) -> bool:
    """Whether a source is marked off from a headline that doesn't begin beside the date."""
    if reading.is_dated or reading.headline[0].before == " ":
        return False
    # Words without capitals behind a comma go on with the headline.
    if (
        reading.source.likely < IN_USUAL_PLACE
        and reading.source.before in COMMAS
    ):
        return False
    return reading.is_marked_off


def _score_of_source(reading: RowReading) -> float | None:
    """How convincing a headline with a source alone is; None if it isn't."""
    if not _may_lack_date(reading):
        return None
    score = _score_of_name(reading)
    score -= _INNER * (len(reading.names) - 1)
    return score - (0.5 if ":" in reading.edges else 0.0)


def _score_of_name(reading: RowReading) -> float:
    """How convincing the name of a source is beside the headline."""
    score = 1.0 + reading.source.likely - _INNER * reading.inner_separators
    is_shorter = reading.length < len(reading.source.name)
    return score - (_SHORTER if is_shorter else 0.0)


def _score_of_date(reading: RowReading) -> float:
    """How convincing a headline with a date alone is. Headlines end with dates as well, so behind a comma it counts
    only if several do.
    """
    is_rare = reading.evidence.is_rare(reading.arrangement)
    is_doubtful = reading.is_weakly_parted and is_rare
    return (0.6 if is_doubtful else 1.2) - _INNER * reading.inner_separators


def _score_of_lead(reading: RowReading) -> float | None:
    """How convincing a row is that begins like any paragraph. It counts only with a date, if others have one, or if the
    link confirms its source, and clearly only if several do.
    """
    is_sure = reading.source.likely >= SURE and reading.source.is_inside
    is_clear = is_sure or _lacks_only_date(reading)
    if not (reading.dates or is_clear):
        return None
    return 2.5 if reading.evidence.is_usual(reading.arrangement) else 1.2


def _is_usual(reading: RowReading) -> bool:
    """Whether the link confirms a source, or other items are arranged in the same way."""
    return reading.source.likely >= SURE or not reading.evidence.is_rare(
        reading.arrangement
    )


def _is_dateline(reading: RowReading) -> bool:
    """Whether a name begins a report: "Port Ellis, 15 May – The union said … Nobody …"."""
    if reading.source.likely >= SURE or not is_place(reading.source.name):
        return False
    return reading.is_followed and reading.before.endswith(_DASHES)


def _may_lack_date(reading: RowReading) -> bool:
    """Whether a source counts without a date."""
    if _lacks_only_date(reading):
        return True
    return _is_usual(reading) and _is_clear(reading)


def _lacks_only_date(reading: RowReading) -> bool:
    """Whether other items are arranged alike, but with a date, and a name is where they have their sources."""
    is_like_others = reading.evidence.lacks_only_date(reading.arrangement)
    return is_like_others and reading.source.likely >= IN_USUAL_PLACE


def _is_clear(reading: RowReading) -> bool:
    """Whether a source is clear without a date beside it: if the link confirms it, or it has capitals and several items
    are arranged so; between a colon and the headline; in 【】; or as a name that is clear by itself.
    """
    if _is_short(reading.headline):
        return False
    is_usual = reading.evidence.is_usual(reading.arrangement)
    is_known = reading.source.likely >= (CAPITALISED if is_usual else SURE)
    if "." in reading.edges and not reading.is_quoted:
        # At the end of a row, a name that the link confirms is clear: "Bridge closed. Harbour Post". Between sentences,
        # it may be what they are about.
        is_last = not (reading.first or reading.has_text)
        return is_known and is_last
    is_led = "【" in reading.source.before or ":" in reading.edges
    return is_known or is_led or _is_clear_name(reading, is_usual=is_usual)


def _is_clear_name(reading: RowReading, *, is_usual: bool) -> bool:
    """Whether a name is clear by its capitals, if more than a comma parts it from the headline. Where several items are
    arranged so, which `is_usual` says, a name in a script without capitals is clear as well.
    """
    least = CASELESS if is_usual else CAPITALISED
    # "Ferry Stops Again, Nobody Knows Why" is written like a headline and a name.
    return reading.source.likely >= least and not reading.is_weakly_parted


def _is_short(headline: Sequence[Piece]) -> bool:
    """Whether a headline is a single word, which may as well be part of a name."""
    words = " ".join(piece.text for piece in headline)
    # Chinese headlines have no spaces either: "学校关门".
    return " " not in words and words.upper() != words.lower()
