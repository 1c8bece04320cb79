"""Read the words that name a source: "BBC, 8 October 2020", "«Valley Radio» | 14.04.2021 | 28 minutes"."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from briefing.collecting.brief.lines.fields import field_of
from briefing.collecting.brief.lines.headlines import begins_byline, is_byline
from briefing.collecting.brief.lines.kinds import is_kind_alone
from briefing.collecting.brief.lines.marks import without_ornaments
from briefing.collecting.brief.lines.names import without_particle
from briefing.collecting.brief.vocabulary import Form, phrases, words
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import WrittenDate, find_dates

from .publisher_names import LONGEST_NAME, PUBLISHED

LONGEST = 120
"""Characters. A longer line is prose."""
_MOST_KNOWN = 4096
"""Texts that are remembered: they are asked about for each arrangement."""
_LONGEST_DATE = 60
SEPARATORS = " ,;:.|·•｜、，–—-/،؛"
_LONGEST_ERA = 6
"""Characters beside a date: "13–19 июня 2026 года"."""
BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]{1,100})[)）\]】]")

# "《海港报》"
_TITLE_MARKS = re.compile(r"^《([^《》]*)》$")
# "Harbour Post, PDF", "Harbour Post|PDF", "Harbour Post - PDF"; without spaces, "Harbour-Post" is one name.
_PIECES = re.compile(
    r"(?:(?<!\s)\s++)?(?:[,،，;|·｜]\s+|[|｜，、·]\s*)|(?<!\s)\s++[–—-]\s+"
)
_LEADS_ON = Form("<read_more>")
_LED = Form(
    "(<via> |<reported_by> |<published> <by> |<read_more> <at> |<published_in>[ ]:[ ]){name}"
)
_AT = Form("<at> {name}")
_ATTRIBUTED = re.compile(
    r"[.!?…。][\"”“»]?\s?[–—-]{1,2}\s?(?P<name>[^\s–—-][^–—]{1,59})"
)
# Characters, at least as many as `_ATTRIBUTED` can match (66): nothing before them needs to be searched.
_LONGEST_ATTRIBUTION = 70
ANOTHER_DATE = Form("<deadline>|<accessed>")
"""Before a date that isn't that of publication."""
_TIME = re.compile(
    r"\d{1,2}[:.h]\d\d(?::\d\d)?(?: ?[ap]\.?m\.?| uhr| [a-z]{2,4}t)?",
    re.IGNORECASE,
)
_TIME_ALONE = re.compile(
    rf"(?:[^\W\d_]{{1,6}} )?(?:{_TIME.pattern})", re.IGNORECASE
)
_AT_TIME = re.compile(
    rf"^,? (?:[^\W\d_]{{1,3}} )?(?:{_TIME.pattern})", re.IGNORECASE
)
"""Behind a date: "at 14:30"."""
_WRITTEN_FOR = Form(" <written_for> ")
_AFTER_AUTHOR = re.compile(r", | ?[|·｜] ?| [–—-] ")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What words say about a source."""

    name: str
    date: dt.date | None
    has_date: bool
    """Whether there is a date, even one that can't be known."""
    further: tuple[str, ...] = ()
    """Words that are neither the name nor the date: "PDF", "28 minutes"."""
    likely: float = 0.0
    """How likely the name is a publisher's; 0 until `Evidence.likelihood` says it."""

    def joined(self, other: "SourceLine") -> "SourceLine":
        """What both say: the first of two names or dates, and all further words."""
        return SourceLine(
            self.name or other.name,
            self.date or other.date,
            self.has_date or other.has_date,
            (*self.further, *other.further),
            self.likely or other.likely,
        )


NOTHING = SourceLine("", None, has_date=False)


@lru_cache(maxsize=_MOST_KNOWN)
def read_source(text: str, before: dt.date | None) -> SourceLine | None:
    """Read words as a source and a date, in any order; None for prose. `before` is the brief's date."""
    if len(text) > LONGEST:
        return None
    text = labelled_source(text) or _without_brackets(text)
    dates = dates_in(text, before)
    if any(found.is_period for found in dates):
        # Rather the brief's title: "Week of 19–23 June".
        return None
    pieces, further = _pieces(text, dates)
    name, *others = pieces or [""]
    name = without_preposition(name)
    further = [*others, *further]
    if dates:
        return _dated_source(name, further, text, dates)
    date, further = _date_among(further, before)
    return SourceLine(name, date, date is not None, tuple(further))


def dates_in(text: str, before: dt.date | None) -> list[WrittenDate]:
    """The dates in a text that may be those of publication."""
    return [
        found
        for found in find_dates(text, before)
        if not _is_another_date(text, found)
    ]


def _dated_source(
    name: str, further: list[str], text: str, dates: Sequence[WrittenDate]
) -> SourceLine:
    """A source with the first of its dates in a text that can be known."""
    if _cant_be_publisher(name):
        name, further = "", [name, *further]
    # A date that can't be known, "30 February 2024", stays beside the source, since no word may be lost.
    date = next((found.date for found in dates if found.date), None)
    if date is None:
        further = [*further, text[dates[0].start : dates[0].end]]
    return SourceLine(name, date, has_date=True, further=tuple(further))


def _date_among(
    pieces: Sequence[str], before: dt.date | None
) -> tuple[dt.date | None, list[str]]:
    """The date that one of some pieces is, and the others: "11.5." is a date only alone."""
    for place, piece in enumerate(pieces):
        found = date_alone(piece, before)
        if found and found.date:
            return found.date, [*pieces[:place], *pieces[place + 1 :]]
    return None, list(pieces)


def _is_another_date(text: str, date: WrittenDate) -> bool:
    """Whether words before a date say that it isn't that of publication: "closing date 8 May", "accessed 8 May"."""
    before = text[: date.start].rstrip(" :：")
    return ANOTHER_DATE.find_at_end(before) is not None


def _cant_be_publisher(name: str) -> bool:
    """Whether words beside a date name something else: "By Jane Doe", "14:30", "Press release of 8 October"."""
    if begins_byline(name) or is_kind_alone(name):
        return True
    return is_time(name)


def is_time(words: str) -> bool:
    """Whether words are a time: "14:30", "at 14:30"."""
    return _TIME_ALONE.fullmatch(words) is not None


def split_author(text: str) -> tuple[str, str]:
    """Split "By Jane Doe, and John Doe, BBC" or "By Jane Doe for BBC" into the authors and the rest."""
    if not begins_byline(text) or len(text) > LONGEST:
        return "", text
    found = _WRITTEN_FOR.find(text)
    if found and is_byline(text[: found[0]]):
        return text[: found[0]], text[found[1] :]
    for end in _AFTER_AUTHOR.finditer(text):
        rest = text[end.end() :]
        # ", and John Doe" continues the authors.
        if rest.partition(" ")[0] not in words("byline_small"):
            return text[: end.start()], rest
    return text, ""


def without_preposition(name: str) -> str:
    """A name without what leads to it: "via Harbour Post", "in: Harbour Post", "in Harbour Post"."""
    led = _LED.match(name)
    if led is None and name[:1].islower():
        # A name may begin with the same word, in capitals: "At Sea".
        led = _AT.match(name)
    return led["name"] if led else name


def _without_brackets(text: str) -> str:
    """A text without the brackets around all of it: "(Harbour Post, Jane Doe)"."""
    whole = BRACKETED.fullmatch(text)
    return whole[1] if whole else text


def labelled_source(text: str) -> str:
    """The name in "Source: Name" or "(Source: Name)"; empty without that label."""
    name, value = field_of(_without_brackets(text.strip()))
    if name != "source" or len(value) > LONGEST_NAME or _says_when(value):
        return ""
    return strip_separators(value)


def _says_when(words: str) -> bool:
    """Whether words are a date, or begin with a time: "From: 10:00 to 12:00"."""
    return is_when(words, None) or _TIME.match(words) is not None


def source_behind_label(text: str, before: dt.date | None) -> SourceLine:
    """What words say about a source if a label says that they are one: all of them are its name if they are long, or
    have a period.
    """
    unread = replace(NOTHING, name=labelled_source(text) or text)
    return read_source(text, before) or unread


def strip_separators(text: str) -> str:
    """Words without the separators around them; the full stop of "e.V." stays."""
    stripped = text.strip().strip(SEPARATORS)
    last = stripped.rpartition(" ")[2]
    is_abbreviated = text.rstrip().endswith(f"{last}.") and "." in last
    return f"{stripped}." if is_abbreviated else stripped


def attributed_to(text: str) -> str:
    """The words behind a sentence and a dash: "“We will not sign.” – Harbour Post"; "" without them."""
    start = max(0, len(text) - _LONGEST_ATTRIBUTION)
    for match in _ATTRIBUTED.finditer(text, start):
        if match.end() == len(text):
            return match["name"]
    return ""


@lru_cache(maxsize=_MOST_KNOWN)
def date_alone(text: str, before: dt.date | None) -> WrittenDate | None:
    """The date that is all of a text, perhaps with that of an update: "3 May, updated: 4 May"; `before` is the brief's
    own date.
    """
    dates = find_dates(text[: _LONGEST_DATE + 1], before)
    if not dates:
        return None
    found, *later = dates
    behind = _AT_TIME.sub("", text[found.end :])
    rest = strip_separators(text[: found.start] + behind)
    for date in later:
        rest = rest.replace(text[date.start : date.end], "")
    rest = strip_separators(rest)
    # Two dates are one only with a word such as "updated": "3 May 4 May" isn't.
    is_alone = PUBLISHED.fits(rest) or (
        not later and (not rest or is_time(rest))
    )
    return found if is_alone else None


def is_when(text: str, before: dt.date | None) -> bool:
    """Whether words are only a date, or the days from one to another."""
    return date_alone(text, before) is not None or is_period(text, before)


def is_period(text: str, before: dt.date | None) -> bool:
    """Whether words are only the days from one to another: "13–19 June 2026"."""
    dates = find_dates(text[: _LONGEST_DATE + 1], before)
    return any(
        found.is_period and len(text) - found.end + found.start <= _LONGEST_ERA
        for found in dates
    )


def _pieces(
    text: str, dates: Sequence[WrittenDate]
) -> tuple[list[str], list[str]]:
    """The words between the dates and separators, and those in brackets."""
    starts = [0, *(found.end for found in dates)]
    ends = [*(found.start for found in dates), len(text)]
    pieces: list[str] = []
    bracketed: list[str] = []
    for number, span in enumerate(map(slice, starts, ends)):
        part = text[span]
        bracketed += BRACKETED.findall(part)
        plain = BRACKETED.sub(" ", part).strip(" ()（）[]")
        if number < len(dates):
            # "Date: 3 May" names nobody, and in "Küstenbote vom 3. Mai", "vom" belongs to the date.
            is_label = fold(strip_separators(plain)) in words("date_field")
            plain = "" if is_label else without_particle(plain)
        pieces += map(_bare, _PIECES.split(plain))
    return [
        piece for piece in pieces if piece and not is_ignored(piece)
    ], bracketed


def _bare(piece: str) -> str:
    bare = _TITLE_MARKS.sub(r"\1", without_ornaments(strip_separators(piece)))
    return bare if any(map(str.isalnum, bare)) else ""


def is_ignored(piece: str) -> bool:
    """Whether a piece leads on, says that there is no date, or belongs to one: "read more", "n.d.", "发布"."""
    if _LEADS_ON.fits(piece):
        return True
    return piece.rstrip(".") in _ignored()


@cache
def _ignored() -> frozenset[str]:
    """What says that there is no date, or belongs to one, without its full stop."""
    ignored = (*phrases("undated"), *phrases("after_date"))
    return frozenset(phrase.rstrip(".") for phrase in ignored)
