"""Phrases for messages: a quoted text, an item's name, a position in a line."""

import re
import unicodedata

from briefing.issue.model import Item
from briefing.text.shortening import shorten

from .patterns import pattern

LONGEST_QUOTE = 40


def quoted(text: str) -> str:
    """Quote a text on one line, shortened and without invisible characters."""
    bare = pattern("direction_overrides").sub("", text)
    visible = pattern("invisible").sub(" ", bare)
    line = " ".join(visible.split())
    return f"'{shorten(line, LONGEST_QUOTE)}'"


def position(match: re.Match[str]) -> str:
    """Describe where in its line a match is: after which word."""
    words = match.string[: match.start()].split()
    if not words:
        return "at the beginning of the line"
    return f"after {quoted(words[-1][-20:])}"


def first_invisible(name: str, text: str) -> str:
    """Describe the first invisible character of a kind: `U+200B (zero width space) after 'court'
    (and 2 more)`.

    Empty if the text has none.
    """
    matches = list(pattern(name).finditer(text))
    if not matches:
        return ""
    first = matches[0]
    others = len(matches) - 1
    character = first[0][0]
    words = unicodedata.name(character, "control character").lower()
    more = f" (and {others} more)" if others else ""
    return f"U+{ord(character):04X} ({words}) {position(first)}{more}"


def item_name(item: Item, article: str = "this") -> str:
    """Quote an item's headline; without one, name its kind: `this press release`."""
    if item.heading:
        return quoted(item.heading)
    return f"{article} {item.kind.words}"
