"""Times and days as chats write them beside their messages."""

import re
from dataclasses import dataclass

from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import find_dates, is_weekday

# AM and PM, in Turkish, Arabic and Chinese as well: "9:41 ÖS", "9:41 م", "上午9:41".
_HALF_DAY = r"[AaPp]\.? ?[Mm]\.?|ÖÖ|ÖS|ص|م|上午|下午"
TIME = (
    rf"(?:(?:{_HALF_DAY}) ?)?"
    rf"\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?(?: ?(?:{_HALF_DAY}))?"
)
# In Arabic, WhatsApp puts a mark of direction beside each slash.
_SLASH = r"\u200f?[./-]\u200f?"
_DAY = rf"\d{{1,4}}{_SLASH}\d{{1,2}}{_SLASH}\d{{1,4}}"
MOMENT = rf"(?:{_DAY}[,،]? {TIME}|{TIME}[,،]? {_DAY})"

_LONGEST = 60
_NUMERIC_DAY = re.compile(
    rf"(?<!\d)(?:{_DAY}|\d{{1,2}}[./-]\d{{1,2}}\.?)(?![\d/-])"
)
_ONLY_DAY = re.compile(_DAY)
_CLOCK = re.compile(rf"(?<![\w:.]){TIME}(?![\w:]|\.\d)")
_WORD = re.compile(r"[^\W\d_]+")
_AROUND = " ,،·•|–—-[]()"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day at the end of a line, perhaps with its day."""

    start: int
    has_day: bool
    """Whether a date is written beside it, not only "today" or "Monday"."""


def moment_at_end(text: str) -> Moment | None:
    """The time of day that a line ends with: "Jane Doe 9:41 AM", "[06/10/2026 10:42]"; None for others."""
    clocks = _clocks(text) if len(text) <= _LONGEST else []
    if len(clocks) != 1:
        return None
    behind = text[clocks[0].end() :].strip(_AROUND)
    if behind and not is_day(behind):
        return None
    before, has_day = _without_day(text[: clocks[0].start()].rstrip(_AROUND))
    return Moment(len(before), has_day or bool(behind))


def _clocks(text: str) -> list[re.Match[str]]:
    """The times of day in a text; "09.10.20" is one only if there is no other."""
    clocks = list(_CLOCK.finditer(text))
    if len(clocks) == 1:
        return clocks
    return [clock for clock in clocks if not _ONLY_DAY.fullmatch(clock[0])]


def _without_day(text: str) -> tuple[str, bool]:
    """Words without the day that they end with, and whether there is a date in it."""
    has_day = False
    piece = _day_at_end(text)
    while piece:
        has_day |= any(map(str.isdigit, piece))
        text = text.removesuffix(piece).rstrip(_AROUND)
        piece = _day_at_end(text)
    return text, has_day


def _day_at_end(text: str) -> str:
    """The date or the word for a day that a text ends with; "" if it ends with something else."""
    places = [(found.start, found.end) for found in find_dates(text, None)]
    places += [found.span() for found in _NUMERIC_DAY.finditer(text)]
    starts = [start for start, end in places if end == len(text)]
    if starts:
        return text[min(starts) :]
    last = text.rpartition(" ")[2]
    return last if _says_day(last) else ""


def is_day(text: str) -> bool:
    """Whether a text is only a day: "Monday, October 5th", "Today", "06/10/2026"."""
    rest = _NUMERIC_DAY.sub(" ", text)
    for found in reversed(find_dates(rest, None)):
        rest = rest[: found.start] + rest[found.end :]
    return not any(map(str.isdigit, rest)) and all(
        map(_says_day, _WORD.findall(rest))
    )


def names_weekday(text: str) -> bool:
    """Whether a day is named: "Today", "Monday, October 5th"."""
    return any(map(_says_day, _WORD.findall(text)))


def _says_day(word: str) -> bool:
    word = word.strip(",.")
    return fold(word) in words("chat_day") or is_weekday(word)
