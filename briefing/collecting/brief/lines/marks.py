"""Bullets and numbers before the lines of a list, and the hashes before a heading in Markdown."""

import re
import unicodedata
from typing import NamedTuple

from briefing.collecting.text.written_dates import is_month

# U+F0B7 is how Word writes a bullet; U+20E3 makes a key of the digit before it.
_MARK = re.compile(
    # With tildes on both sides, a line is rather a title.
    # "1. Ferry", "1) Ferry", "1.- Ferry", "1/ Ferry"; "1 – Ferry", but not "1 – 2".
    r"(?:(?:~(?=[^~]++$)|[☐☑☒•▪●◦‣⁃■□►➢✓·\uf0b7*+–—-]|(?P<number>\d{1,3})(?:\.?[)–-]|[./]| [–-](?= \D))) "
    r"|(?P<chinese>\d{1,3})[、．] ?"
    r"|（(?P<bracketed>\d{1,3})） ?"
    r"|(?P<key>\d)\ufe0f?\u20e3 ?"
    r"|(?P<circled>[①-⑳]) ?)"
    r"(?P<words>\S.*)"
)
# "# Ferry returns", also with the hashes behind it that Markdown allows: "# Ferry returns #".
_HEADING = re.compile(r"(#{1,6})\s++(\S(?:.*[^\s#])?)[\s#]*+")
_BETWEEN_ORNAMENTS = " /+·"


class ListItem(NamedTuple):
    """A line of a list without its mark."""

    number: str
    """Its digits; empty after a bullet."""
    words: str


def list_item(line: str) -> ListItem | None:
    """Split the mark off a line; None if it has none. The "1." in "1. Mai" isn't a mark."""
    match = _MARK.match(line)
    if match is None:
        return None
    number = _number(match)
    words = match["words"]
    if number and is_month(words.split()[0]):
        return None
    return ListItem(number, words)


def _number(match: re.Match[str]) -> str:
    if match["circled"]:
        return f"{unicodedata.numeric(match['circled']):.0f}"
    digits = ("number", "chinese", "bracketed", "key")
    return next(filter(None, map(match.group, digits)), "")


def is_listed(line: str) -> bool:
    """Whether a line begins with a bullet or number."""
    return list_item(line) is not None


def without_mark(line: str) -> str:
    """The line without a bullet or number before it."""
    item = list_item(line)
    return item.words if item else line


def without_ornaments(words: str) -> str:
    """Words without the symbols in front of them: "◎ News", "📰 Harbour Post"."""
    start = 0
    for place, character in enumerate(words):
        if _is_ornament(character):
            start = place + 1
        elif not start or character not in _BETWEEN_ORNAMENTS:
            break
    return words[start:].lstrip() if start < len(words) else words


def _is_ornament(character: str) -> bool:
    return (
        unicodedata.category(character) == "So" or character in "\ufe0f\u200d"
    )


def split_heading(line: str) -> tuple[int, str]:
    """The level of a heading in Markdown, and its words; 0 for other lines."""
    heading = _HEADING.fullmatch(line)
    return (len(heading[1]), heading[2]) if heading else (0, line)
