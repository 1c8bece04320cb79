"""Recognise messages whose sender and time are on lines of their own, as Slack, Teams and Signal copy them, and leave
both out.

A name above or before a time may as well be an event or a publisher. So it is a sender if the brief begins with it, or
if there are several; and names that an address of the brief confirms, or that are written like a publisher's, aren't.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.collecting.brief.lines.names import is_publisher_word
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.vocabulary import Form, words
from briefing.collecting.text.comparing import fold

from .chat_times import is_day, moment_at_end, names_weekday
from .pasted_lines import PastedLine, PastedLines, without_lines

_LONGEST_NAME = 40
_MOST_WORDS = 4
_LEAST = 2
"""Senders, or times, that make a chat of a brief that doesn't begin with one."""
_NUMBER = re.compile(r"~? ?\+?\d[\d ()-]{6,20}")
_NOT_IN_NAMES = re.compile(r"[\d:：;；!！?？/|«»“”\"„(\[]|https?")
# "[06/10/2026 10:42] Jane Doe"
_BRACKETED = re.compile(
    r"\[(?P<moment>[^\[\]]{4,40})\] ?(?P<name>[^\[\]:]{1,40})"
)
_DASHES = ("—", "–", "-")
_BEFORE_DATE = Form("<published>|<accessed>|<deadline>")
_SAID_BY_PROGRAM = Form("<chat_line>")
# ":thumbsup: 3", "👍 2 ❤ 1", "3"
_REACTION = re.compile(
    r"(?:(?::[\w+-]{2,30}:|[^\w\s.,:;-]{1,8}) ?\d{0,3} ?)++|\d{1,3}"
)
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Lines with a sender and a time, or a time alone."""

    first: int
    end: int
    name: str = ""
    is_clear: bool = False
    """Whether only chats write a name and a time like this."""


def without_senders(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """Remove senders and times on lines of their own, and what the program says; each message becomes a paragraph."""
    stamps = list(_stamps(lines))
    if not _are_of_chat(stamps):
        stamps = list(_stamps_below(lines, stamps))
    if not stamps:
        return lines
    of_stamps = {n for stamp in stamps for n in range(stamp.first, stamp.end)}
    places = of_stamps | {
        n for n in range(len(lines)) if _is_programs(lines, n, of_stamps)
    }
    divided = [
        replace(line, begins=line.begins or n - 1 in places)
        for n, line in enumerate(lines)
    ]
    return without_lines(places, divided, left_out)


# --- Stamps


def _stamps(lines: Sequence[PastedLine]) -> Iterator[_Stamp]:
    hosts = hosts_in(lines)
    taken = -1
    for n in range(len(lines)):
        stamp = _bracketed_stamp(lines, n, hosts) or _stamp(lines, n, hosts)
        if stamp and stamp.first > taken:
            yield stamp
            taken = stamp.end - 1


def _bracketed_stamp(
    lines: Sequence[PastedLine], n: int, hosts: str
) -> _Stamp | None:
    """A time in brackets and a name: "[06/10/2026 10:42] Jane Doe"."""
    found = _BRACKETED.fullmatch(lines[n].text)
    if found is None:
        return None
    moment = moment_at_end(found["moment"])
    if moment is None or moment.start:
        return None
    if not may_be_sender(found["name"], hosts):
        return None
    return _Stamp(n, n + 1, found["name"], is_clear=True)


def _stamp(lines: Sequence[PastedLine], n: int, hosts: str) -> _Stamp | None:
    """A time behind a name, below one, or alone."""
    line = lines[n]
    moment = None if line.links else moment_at_end(line.text)
    if moment is None:
        return None
    name = line.text[: moment.start].strip()
    if not name:
        return _stamp_without_name(lines, n, hosts, has_day=moment.has_day)
    # "Delta, 3 May, 10:00" is where and when an event begins.
    is_place = line.text[moment.start :].startswith((",", "،"))
    if is_place:
        return None
    if not may_be_sender(name, hosts):
        return None
    return _Stamp(n, n + 1, name, is_clear=not moment.has_day)


def _stamp_without_name(
    lines: Sequence[PastedLine], n: int, hosts: str, *, has_day: bool
) -> _Stamp | None:
    """A time below a name, or alone and without a day."""
    above = _name_above(lines, n, hosts)
    if above is not None:
        name = lines[above].text
        return _Stamp(above, n + 1, name, is_clear=not has_day)
    return None if has_day else _Stamp(n, n + 1)


def _name_above(lines: Sequence[PastedLine], n: int, hosts: str) -> int | None:
    """The place of a name above a time, in the same paragraph; None if there is none."""
    above = n - 1
    if above > 0 and lines[above].text.strip() in _DASHES:
        # Discord copies "Jane Doe — Today at 12:03" also on three lines.
        above -= 1
    if above < 0:
        return None
    if lines[above].paragraph is not lines[n].paragraph:
        return None
    line = lines[above]
    is_name = not line.links and may_be_sender(line.text, hosts)
    return above if is_name else None


def _are_of_chat(stamps: Sequence[_Stamp]) -> bool:
    """Whether stamps are those of a chat: at the start of the brief, or clear ones, or with a name that comes again."""
    named = [stamp for stamp in stamps if stamp.name]
    if named and not named[0].first:
        return True
    if sum(stamp.is_clear for stamp in named) >= _LEAST:
        return True
    names = {fold(stamp.name) for stamp in named}
    return len(names) < len(named)


def _stamps_below(
    lines: Sequence[PastedLine], stamps: Sequence[_Stamp]
) -> Iterator[_Stamp]:
    """Senders above their messages, where the times are below; none if a message begins with anything else."""
    times = [stamp for stamp in stamps if not stamp.name]
    if len(times) < _LEAST:
        return
    hosts = hosts_in(lines)
    # "Jane Doe", "Ferry returns", "10:42" are a line each: a sender stands at the start, and below each time.
    starts = [0, *(stamp.end for stamp in times[:-1])]
    senders = [_Stamp(start, start + 1, lines[start].text) for start in starts]
    pairs = zip(senders, times, strict=True)
    have_room = all(sender.end < time.first for sender, time in pairs)
    if have_room and all(may_be_sender(each.name, hosts) for each in senders):
        yield from senders
        yield from times


def may_be_sender(text: str, hosts: str) -> bool:
    """Whether words can be a person's name, and not a publisher's."""
    if _NUMBER.fullmatch(text):
        return True
    if _BEFORE_DATE.fits(text):
        return False
    if fold(text) in words("date_field"):
        return False
    parts = text.lstrip("~@ ").split()
    return _is_short_name(text, parts) and not is_publisher(parts, hosts)


def _is_short_name(text: str, parts: Sequence[str]) -> bool:
    if not parts:
        return False
    if len(text) > _LONGEST_NAME:
        return False
    if len(parts) > _MOST_WORDS:
        return False
    # "Jane D." ends with an initial.
    is_sentence = ends_sentence(text) and len(parts[-1]) > 2
    if is_sentence:
        return False
    if _NOT_IN_NAMES.search(text):
        return False
    return len(parts) == 1 or not _begins_small(parts)


def _begins_small(parts: Sequence[str]) -> bool:
    """Whether the first or last of several words begins with a small letter; a single one may be a nickname: "teo"."""
    return parts[0][0].islower() or parts[-1][0].islower()


def is_publisher(parts: Sequence[str], hosts: str) -> bool:
    """Whether the words of a name are a publisher's: in an address of the brief, or one of them is like "Post"."""
    whole = "".join(filter(str.isalpha, fold("".join(parts))))
    is_host = len(whole) >= 4 and whole in hosts
    return is_host or any(map(is_publisher_word, parts))


def hosts_in(lines: Sequence[PastedLine]) -> str:
    """The letters of all addresses."""
    addresses = " ".join(address for line in lines for _, address in line.links)
    return "".join(_LETTERS.findall(fold(addresses)))


# --- What the program says


def _is_programs(lines: Sequence[PastedLine], n: int, places: set[int]) -> bool:
    """Whether a line is a reaction, "2 replies", or the day above a message."""
    line = lines[n]
    if _SAID_BY_PROGRAM.fits(line.text):
        return True
    if _REACTION.fullmatch(line.text):
        return True
    if not is_day(line.text):
        return False
    is_above_message = n + 1 in places and _is_alone(lines, n)
    return is_above_message or names_weekday(line.text)


def _is_alone(lines: Sequence[PastedLine], n: int) -> bool:
    """Whether a line is all of its paragraph."""
    above = lines[max(0, n - 1) : n]
    beside = (*above, *lines[n + 1 : n + 2])
    paragraph = lines[n].paragraph
    return all(line.paragraph is not paragraph for line in beside)
