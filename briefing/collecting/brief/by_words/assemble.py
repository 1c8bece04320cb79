"""Assemble a brief from groups of lines: items, an introduction, and the lines around them."""

from collections.abc import Iterable
from dataclasses import replace

from briefing.collecting.brief.lines.item_text import markdown_text
from briefing.collecting.brief.lines.line import Line, Lines
from briefing.collecting.brief.model import (
    Brief,
    ParsedItem,
    note_on_introduction,
)

from .groups import is_introduction, is_item
from .items import parse_item, without_headline


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


def _with_rest(items: list[ParsedItem], rest: Lines) -> list[ParsedItem]:
    """Add the words below the last item as another item."""
    has_words = any(line.text for line in rest)
    if has_words or (rest and not items):
        items.append(without_headline(rest))
    return items
