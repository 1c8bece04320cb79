"""Assemble a brief from groups of lines: items, an introduction, and the lines around them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .addresses import beginning
from .groups import is_introduction, is_item
from .item_text import markdown_text
from .items import ParsedItem, parse_item, without_headline
from .line import Line, Lines

CARDS = "cards"
"""The layout that a page itself makes, so it is surer than the others."""
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Brief:
    """What a pasted brief contains."""

    items: list[ParsedItem] = field(default_factory=list)
    introduction: str = ""
    """What the brief says to its readers above the first item, as Markdown."""
    photos: dict[str, bytes] = field(default_factory=dict)
    """The document's photos, without metadata, by the file name in an item's `image`."""
    layout: str = ""
    """How its items are divided, one of LAYOUTS; empty if each line was read by its own words."""
    is_headed: bool = False
    """Whether each item begins with a headline of the level that headlines have in the document."""


def assemble(groups: Iterable[Lines]) -> Brief:
    """Make items and the introduction; other groups are quoted in a note on the item below them."""
    items: list[ParsedItem] = []
    introduction: list[Line] = []
    above: list[Line] = []
    for lines in groups:
        if not is_item(lines):
            above += lines
        elif not items and is_introduction(lines):
            introduction += lines
        else:
            items.append(parse_item(lines, above))
            above = []
    if not items:
        return Brief(_with_rest([], [*introduction, *above]))
    if introduction:
        items[0] = _with_introduction(items[0], introduction)
    return Brief(_with_rest(items, above), markdown_text(introduction))


def _with_introduction(first: ParsedItem, introduction: Lines) -> ParsedItem:
    note = note_on_introduction(" ".join(line.text for line in introduction))
    return replace(first, notes=(note, *first.notes))


def note_on_introduction(words: str) -> str:
    """The note, on the first item, on an introduction with these words."""
    quote = beginning(words, _LONGEST_QUOTE)
    return f"moved to the introduction: “{quote}”"


def _with_rest(items: list[ParsedItem], rest: Lines) -> list[ParsedItem]:
    """Add the words below the last item as another item."""
    has_words = any(line.text for line in rest)
    if has_words or (rest and not items):
        items.append(without_headline(rest))
    return items
