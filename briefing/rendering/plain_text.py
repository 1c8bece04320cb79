"""Wrap plain text to columns, even in scripts with wide or zero-width characters."""

import re
from collections.abc import Iterable, Iterator

from briefing.text.isolation import ISOLATE, POP
from briefing.text.no_breaks import JOINER
from briefing.text.scripts import may_be_east_asian
from briefing.text.width import width

WIDTH = 72
UNDERLINES = "-= "
"""A line of these alone underlines or separates."""

WIDE = r"[\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
"""Around each of these, a line may break without a space, but not before closing punctuation or after
opening punctuation (the core of UAX #14 and of JIS X 4051).
"""
_CLOSING = r"[、。，．：；！？）］｝」』】》〉”’…—·)\],.!?;:]"
_OPENING = r"[（［｛「『【《〈“‘(\[]"
_PIECE = rf"(?:{_OPENING}*{WIDE}{_CLOSING}*|(?:(?!{_OPENING}{{0,4}}{WIDE})[^ \n{JOINER}])+{_CLOSING}*)"
_CHUNK = rf"{_PIECE}(?:{JOINER}{_PIECE})*|[ \n]+|{JOINER}"
_WORD = rf"[^ \n{JOINER}]+(?:{JOINER}[^ \n{JOINER}]+)*|[ \n]+|{JOINER}"
"""The same for texts without any of these characters."""


def chunks(text: str) -> list[str]:
    """Return the words, spaces and joined words between which a line may break."""
    if may_be_east_asian(text):
        return re.findall(_CHUNK, text)
    return re.findall(_WORD, text)


def wrap(
    text: str,
    *,
    first: str = "",
    rest: str = "",
    columns: int = WIDTH,
) -> str:
    """Wrap a paragraph to lines of at most `columns`, `first` before the first line and `rest`
    before the others.

    A word longer than a line, such as a web address, stays whole. Joiners are left out afterwards,
    since some programs show them as boxes.
    """
    lines: list[str] = []
    line = ""
    used = 0
    room = columns - width(first)
    gap = ""
    for chunk in chunks(text):
        if not chunk.strip(" \n"):
            gap = " " if line else ""
            continue
        needed = width(chunk)
        if line and used + len(gap) + needed > room:
            lines.append(line)
            line = chunk
            used = needed
            room = columns - width(rest)
        else:
            line += gap + chunk
            used += len(gap) + needed
        gap = ""
    lines.append(line)
    wrapped = first + f"\n{rest}".join(_close_isolates(lines))
    return wrapped.replace(JOINER, "")


def unwrap(text: str) -> list[str]:
    """Return the lines of a text without the line breaks that `wrap` made: a line continues in the
    next one if the first piece of that wouldn't have fitted.
    """
    lines: list[str] = []
    last = ""
    for line in text.splitlines():
        gap = _gap(last, line)
        if gap is None:
            lines.append(line.strip())
        else:
            lines[-1] += gap + line.strip()
        last = line
    return lines


def _gap(line: str, following: str) -> str | None:
    """Return what stood in place of a line break: a space, or nothing beside an ideograph; None if
    nothing was wrapped there.
    """
    following = following.strip()
    if not (line.strip(UNDERLINES) and following.strip(UNDERLINES)):
        return None
    piece = chunks(following)[0]
    gap = "" if width(line.strip()[-1]) + width(piece[0]) > 2 else " "
    fits = width(line) + len(gap) + width(piece) <= WIDTH
    return None if fits else gap


def _close_isolates(lines: Iterable[str]) -> Iterator[str]:
    """Close isolates at the end of a line and reopen them in the next: to UAX #9 each line is a
    paragraph.
    """
    inside = False
    for line in lines:
        if inside:
            line = ISOLATE + line  # noqa: PLW2901
        inside = line.count(ISOLATE) > line.count(POP)
        yield line + POP if inside else line


def underline(text: str, mark: str) -> str:
    """Wrap a headline and put a line of marks below it, as wide as its widest line."""
    lines = wrap(text).split("\n")
    widest = max(width(line) for line in lines)
    return "\n".join([*lines, mark * min(WIDTH, widest)])
