"""Divide a row at its separators, and decide what each piece may be: a publisher's name, a date, an author, text.

"Ferry returns (Harbour Post, 3 May)" has the pieces "Ferry returns", "Harbour Post" and "3 May": the second may be a
name, and the last is a date.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from briefing.collecting.brief.lines.fields import field_named
from briefing.collecting.brief.lines.headlines import is_byline, without_by
from briefing.collecting.brief.lines.kinds import is_kind_alone
from briefing.collecting.brief.lines.names import without_particle
from briefing.collecting.brief.lines.titles import is_issue_date
from briefing.collecting.brief.vocabulary import Form, phrases
from briefing.collecting.brief.vocabulary import words as vocabulary_words
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import WrittenDate

from .evidence import Evidence, read_once
from .pieces import (
    BRACKETS,
    CLOSING,
    COMMAS,
    OPENING,
    WITHIN_SENTENCES,
    Piece,
    is_weak,
)
from .publisher_names import IN_USUAL_PLACE, LIKELY
from .source_line import (
    date_alone,
    dates_in,
    is_ignored,
    without_preposition,
)

_SEPARATOR = re.compile(
    # What is in quotation marks is whole, and no separator.
    r"«[^«»]{1,200}»"
    # Behind brackets, between them, and before them.
    r"| ?[)）\]】}] ?(?:[:：.,，،;；|｜·•/]|[–—-]{1,3})? ?[(（\[【{]?"
    r"|[,:;|]? ?[(（\[【{]"
    # "Headline|Harbour Post", and a tab between cells.
    r"| ?[|｜] ?|\t"
    # Before the label of a source: "Whose shore? / Jane Doe. – In: Harbour Post".
    r"|(?<!\b\w)\. [–—-] (?=[^\W\d_]{2,4} ?: )"
    # Any other mark with spaces on both sides. Quotation marks belong to words.
    r"| (?!»[.,;:!?])[^\w\s\"'“”‘’„‚«(（\[【)）\]】&%$€£+]{1,3} "
    # A dash directly behind a word: "Headline– Harbour Post". A hyphen there is in "night- and day shifts" as well,
    # so a capital must follow it.
    r"|(?<=\w)[–—] |(?<=\w)- (?=[^\W\d_a-zß-ÿ])"
    # "Closed... Harbour Post", "学校关门——海港报"
    r"|\.{2,3} | ?—— ?"
    # Marks within sentences, but for the stops in "3. Mai" and "J. Doe", and the one before brackets, which stays in
    # its headline: "学校关门。（海港报）". And the space behind a mark that stays there: "Who counts? Harbour Post".
    r"|(?:[,:;،؛]|(?<!\d)(?<!\b\w)\.) (?![–—|/(（\[【-])|[，、；：] ?|。 ?(?![（(【])|(?<=[!?؟…]) |(?<=[！？])(?=\w)"
)
# "'Court, again' in Harbour Post", but not "The workers' vote, the crews' fear"
_QUOTED = re.compile(r"(?<![^\s(])'(?P<words>[^\s'][^']{1,200}[^\s'])'(?!\w)")
"""A title in quotation marks that aren't apostrophes."""
_IN_QUOTES = re.compile(r"[„“«「](?P<words>[^„“”«»「」]{1,200})[“”»」]")
_UNDATED = Form("<undated>")
_REPORTED = Form(" <reported>")
_LONGEST_DATE = 30
_MOST_TAG_WORDS = 3
"""In brackets; with a number in them, one less: it may be a day."""
_MOST_MEASURE_WORDS = 3
_MOST_NAME_WORDS = 5
_LONGEST = 700
"""Characters. The rest of a longer row is a single piece."""


@read_once
def divide(text: str, evidence: Evidence) -> Sequence[Piece]:
    """The pieces of a row, from left to right; none if it has a period."""
    pieces = _classified_pieces(text, evidence.before)
    return [_judged(piece, evidence) for piece in pieces]


@lru_cache(maxsize=4096)
def _classified_pieces(text: str, before: dt.date | None) -> Sequence[Piece]:
    """The pieces, as far as their words say what they are: how likely a name is, the whole brief says."""
    # "3 May, updated: 4 May" has two dates, but is one value.
    updated = date_alone(text, before)
    if updated:
        return (Piece(text, end=len(text), date=updated.date, is_date=True),)
    opening = text[:_LONGEST]
    dates = dates_in(opening, before)
    if any(found.is_period for found in dates):
        # Rather an event, or the brief's title: "Week of 19–23 June".
        return ()
    # Dates and "n.d." are pieces of their own, whatever is beside them.
    whole = [(found.start, found.end) for found in dates]
    undated = None if dates else _UNDATED.find(opening)
    if undated:
        whole.append(undated)
    known = {found.start: found for found in dates}
    return tuple(
        _classified(piece, text, known.get(piece.start), before)
        for piece in _pieces_between_cuts(text, whole)
    )


def _own_words(piece: Piece, text: str) -> str:
    """The words of a piece without what only belongs to the row around it."""
    behind = text[piece.end : piece.end + 2].lstrip()
    if behind.startswith((":", "：")):
        return _without_verb(piece.text)
    if piece.end == len(text) and piece.before == ".":
        # As the headline before it ends: "The ferries stop. Harbour Post."
        return piece.text.removesuffix(".")
    return piece.text


def _leads_to_date(words: str, separator: str) -> bool:
    """Whether words only lead to a date behind a separator: "Harbour Post, on 3 May". Sentences begin so as well."""
    is_within = separator not in {"", ".", "。"}
    return is_within and fold(words) in vocabulary_words("before_date")


def _without_verb(words: str) -> str:
    """Words before a colon without the verb that leads to what a publisher says: "Harbour Post reports: …"."""
    end = _REPORTED.find_at_end(f" {words}")
    return words if end is None else words[: max(0, end - 1)]


def _judged(piece: Piece, evidence: Evidence) -> Piece:
    """A piece that may be a name, with how likely that is; a likely one is neither author nor tag."""
    if not piece.name:
        return piece
    likely = evidence.likelihood(piece.name)
    if not likely and _is_in_usual_place(piece, evidence):
        likely = IN_USUAL_PLACE
    # "by Jane Doe" is an author, but "by Harbour Post" the publisher.
    if piece.is_author and likely < LIKELY:
        return replace(piece, name="")
    is_tag = piece.is_tag and not likely
    return replace(piece, likely=likely, is_author=False, is_tag=is_tag)


def _is_in_usual_place(piece: Piece, evidence: Evidence) -> bool:
    """Whether words are behind the mark that is before the source of several items: "Headline | Harbour post"."""
    is_short = len(piece.text.split()) <= _MOST_NAME_WORDS
    is_known = piece.is_tag or is_weak(piece.before)
    if is_known or not is_short or piece.is_inside:
        return False
    return bool(evidence.usual_arrangement(f"title {piece.before} source"))


def _pieces_between_cuts(
    text: str, whole: Sequence[tuple[int, int]]
) -> Iterator[Piece]:
    """The pieces, by where they are and what separates them; `whole` are the parts that are pieces of their own."""
    start = 0
    before = ""
    depth = 0
    end_of_text = len(text), len(text), ""
    for end, next_start, separator in (*_cuts(text, whole), end_of_text):
        # Signs alone are part of the separator around them: "Bridge closed | – | Harbour Post".
        if any(map(str.isalnum, text[start:end])):
            # Brackets may contain others: in "Closed (Harbour Post (weekly), 3 May)", the date is still in brackets.
            depth += sum(map(before.count, OPENING))
            depth -= sum(map(before.count, CLOSING))
            yield Piece(text[start:end], start, end, before, depth > 0)
            before = separator
        else:
            before += separator
        start = next_start


def _cuts(
    text: str, whole: Sequence[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """The separators: where each starts and ends, and its signs."""
    cuts = list(_separators(text, whole))
    cut = {place for start, end, _ in cuts for place in (start, end)}
    edges = [edge for span in whole for edge in span if edge not in cut]
    cuts += [_edge(text, edge) for edge in edges if 0 < edge < len(text)]
    return sorted(cuts)


def _separators(
    text: str, whole: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """The separators that aren't within the parts of a text that are whole, nor within quotation marks; “ ” and their
    like hold brackets together.
    """
    quoted = [match.span("words") for match in _QUOTED.finditer(text)]
    in_quotes = [match.span("words") for match in _IN_QUOTES.finditer(text)]
    for match in _SEPARATOR.finditer(text[:_LONGEST]):
        if match[0].startswith("«"):
            continue
        around = [*whole, *quoted]
        if BRACKETS.intersection(match[0]):
            around += in_quotes
        if not _is_within(match.span(), around):
            # A space divides only behind a mark that ends a sentence and stays there.
            signs = match[0].replace(" ", "") or "!"
            yield match.start(), match.end(), signs


def _is_within(
    span: tuple[int, int], others: Sequence[tuple[int, int]]
) -> bool:
    """Whether a part of a text is within one of others, or goes into it."""
    return any(span[0] < end and span[1] > start for start, end in others)


def _edge(text: str, edge: int) -> tuple[int, int, str]:
    """The place beside a date: between two words, behind its own full stop, or behind a comma without a space."""
    # "Port Ellis, 3 May 2024. Some …": `_SEPARATOR` finds no stops behind digits.
    if text.startswith(". ", edge):
        return edge, edge + 2, "."
    # "Karsa ,3 May", "Harbour Post,3 May"
    if text[edge - 1] in COMMAS:
        before = text[:edge].rstrip("".join(WITHIN_SENTENCES))
        return len(before), edge, text[edge - 1]
    start = edge - (text[edge - 1] == " ")
    end = edge + (text[edge] == " ")
    # A stop may be part of the date: "Port Ellis, 3 May. Some …".
    return start, end, "." if text[start - 1] == "." else " "


def _classified(
    piece: Piece,
    text: str,
    date: WrittenDate | None,
    before: dt.date | None,
) -> Piece:
    """A piece of a text with what it may be: a known date, or what its words say."""
    words = _own_words(piece, text)
    date = date or _short_date(words, before)
    if date:
        return replace(piece, date=date.date, is_date=True)
    if _is_label(words) or _leads_to_date(words, piece.before):
        return replace(piece, is_label=True)
    name = without_preposition(without_particle(without_by(words)))
    if name.startswith("《") and name.endswith("》"):
        name = name[1:-1]
    return replace(
        piece,
        name=name,
        is_author=is_byline(words),
        is_tag=_is_tag(words, in_brackets=piece.is_inside),
    )


def _is_tag(words: str, *, in_brackets: bool) -> bool:
    """Whether words only say what kind of item it is, or how long: "PDF", "9 minutes"."""
    count = len(words.split())
    has_number = any(map(str.isdigit, words))
    most = _MOST_TAG_WORDS - has_number
    is_short = count <= most and in_brackets
    is_measure = count <= _MOST_MEASURE_WORDS and has_number
    is_named = is_kind_alone(words) or is_issue_date(words)
    return is_short or is_measure or is_named


def _short_date(words: str, before: dt.date | None) -> WrittenDate | None:
    """A date that is one only alone: "11.03"."""
    is_short = len(words) <= _LONGEST_DATE and any(map(str.isdigit, words))
    return date_alone(words, before) if is_short else None


def _is_label(words: str) -> bool:
    folded = words.lower()
    is_preposition = folded in phrases("published_in") + phrases("via")
    is_field = field_named(words.rstrip(".")) in {"source", "date", "link"}
    is_missing = not words or _UNDATED.fits(words)
    return is_missing or is_ignored(words) or is_preposition or is_field
