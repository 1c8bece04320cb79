"""Plain text laid out in columns: wrapping that knows wide characters and characters without a width."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from briefing.languages import ISOLATE, POP

WIDTH = 72

# Where a line may break without a space: around one ideograph or kana, but not before closing punctuation or after
# opening punctuation (the core of UAX #14 and of JIS X 4051).
_WIDE = r"[\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
_CLOSING = r"[、。，．：；！？）］｝」』】》〉”’…—·)\],.!?;:]"
_OPENING = r"[（［｛「『【《〈“‘(\[]"
_CHUNK = re.compile(rf"{_OPENING}*{_WIDE}{_CLOSING}*|(?:(?!{_OPENING}{{0,4}}{_WIDE})[^ \n])+{_CLOSING}*|[ \n]+")


def width(text: str) -> int:
    """How many columns a terminal or mail program gives a text."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, *, first: str = "", rest: str = "", columns: int = WIDTH) -> str:
    """One paragraph in lines of at most `columns`, the first one led by `first`, the others by `rest`.

    A word that is longer than a line (an address, say) stays whole.
    """
    lines: list[str] = []
    line, room, gap = "", columns - width(first), ""
    for chunk in _CHUNK.findall(text):
        if not chunk.strip(" \n"):
            gap = " " if line else ""
            continue
        if line and width(line) + len(gap) + width(chunk) > room:
            lines.append(line)
            line, room = chunk, columns - width(rest)
        else:
            line += gap + chunk
        gap = ""
    lines.append(line)
    return "\n".join((first if number == 0 else rest) + one for number, one in enumerate(_isolated_by_line(lines)))


def _isolated_by_line(lines: Iterable[str]) -> Iterator[str]:
    """Close an isolate at a line's end and open it again in the next: to UAX #9 each line is a paragraph."""
    inside = False
    for line in lines:
        reopened = ISOLATE + line if inside else line
        inside = reopened.count(ISOLATE) > reopened.count(POP)
        yield reopened + POP if inside else reopened


def underlined(text: str, mark: str) -> str:
    """A headline: wrapped, with a line of marks below that is as wide as it is."""
    lines = wrap(text)
    return f"{lines}\n{mark * min(WIDTH, max(width(line) for line in lines.split(chr(10))))}"
