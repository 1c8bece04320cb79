"""Recognise the publisher that the first words of a text name: "According to Harbour Post (3 May), two guards …"."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from briefing.collecting.brief.lines.names import has_publisher_word
from briefing.collecting.brief.lines.sentences import (
    contains_sentence_end,
    ends_sentence,
)
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

from .evidence import Evidence
from .publisher_names import SURE
from .source_line import LONGEST, SourceLine, read_source, strip_separators

_ACCORDING = Form("<according_to>")
_VERB = Form("<reported>")
_LONGEST_BEFORE_DATE = 12
"""Characters between a verb and the date: "reported on Friday, 3 May"."""


def reported_source(text: str, evidence: Evidence) -> SourceLine | None:
    """The publisher, and perhaps the date, that a text names as where its news is from.

    People report things as well, so the link or the words must say that it is a publisher.
    """
    opening = text[:LONGEST]
    for words, behind in _namings(opening, evidence.before):
        source = _named(words, behind, evidence)
        if source and _is_publisher(source, opening):
            return source
    return None


def _named(words: str, behind: str, evidence: Evidence) -> SourceLine | None:
    """The name in words, and the date in them or behind them."""
    found = read_source(words, evidence.before)
    if found is None:
        return None
    name = _without_article(found.name)
    date = found.date or _date_at_start(behind, evidence.before)
    likely = evidence.likelihood(name)
    return SourceLine(name, date, has_date=date is not None, likely=likely)


def _is_publisher(source: SourceLine, opening: str) -> bool:
    """Whether the name in the first words of a text is that of a publisher."""
    if source.likely >= SURE:
        return True
    if not (source.likely > 0 and source.has_date):
        return False
    # "As Lantern reported on 3 May" names a publisher, but in "Jane Doe reported on 3 May", a person may speak.
    is_formula = bool(_ACCORDING.begins(opening) and _VERB.find(opening))
    return is_formula or has_publisher_word(source.name)


@lru_cache(maxsize=4096)
def _namings(text: str, before: dt.date | None) -> Sequence[tuple[str, str]]:
    """The words that may name a publisher, each with what is behind them; a text is below several possible heads."""
    found: list[tuple[str, str]] = []
    start = _ACCORDING.begins(text)
    verb = _VERB.find(text)
    if verb and verb[0] and not _ends_before(text[: verb[0]]):
        found.append((text[start : verb[0]], text[verb[1] :]))
    # The name ends before a date or a comma: "According to Harbour Post (3 May), …".
    if start:
        dates = find_dates(text, before)
        ends = [date.end for date in dates[:1]]
        ends += [place for place in map(text.find, ",:،，") if place > start]
        if ends:
            found.append((text[start : min(ends)], text[min(ends) :]))
    return tuple(found)


def _ends_before(words: str) -> bool:
    """Whether a sentence ends in words, so that they don't name who reports."""
    return contains_sentence_end(words) or ends_sentence(words.rstrip(" [("))


def _date_at_start(text: str, before: dt.date | None) -> dt.date | None:
    dates = find_dates(text[:LONGEST], before)
    # Further on, it is rather the date of what happened: "… reported that two guards were held on 1 May".
    is_near = bool(dates) and dates[0].start <= _LONGEST_BEFORE_DATE
    return dates[0].date if is_near else None


def _without_article(name: str) -> str:
    """A name without the article that the sentence gives it: "der Küstenbote"."""
    first, _, rest = name.partition(" ")
    return strip_separators(rest if rest and first.islower() else name)
