"""A weekly brief as people paste it, into items. No I/O, and nothing is invented.

Its lines are told apart by their words (`phrases`, `contacts`, `endings`), those of prose joined (`lines`), all of them
grouped into items (`grouping`), and each group becomes an Item with notes on what could not be known of it (`drafts`).

The title of the whole brief and the headings of its parts belong to no item; they are told in a note on the item below
them. A sign-off and a mailing list's footer are told in a note on the item above. No word is lost: what isn't
understood is text of the item in which it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from briefing.collecting.brief.footers import shortened, with_endings
from briefing.collecting.brief.grouping import grouped, in_order, introduces, is_an_item
from briefing.collecting.brief.lines import joined, told_apart
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parsed_item import (
    HIDDEN_NOTE,
    NOT_AN_ITEM,
    ParsedItem,
    endings_of,
    headless,
    pasted,
    text_of,
)
from briefing.collecting.brief.roles import Line, Role
from briefing.decoding import decode_text_file
from briefing.errors import BriefingError

__all__ = ["HIDDEN_NOTE", "NOT_AN_ITEM", "Brief", "Paragraph", "ParsedItem", "decode", "read_brief"]

NOT_TEXT = "this is no text in UTF-8, UTF-16 or Windows-1252; save it as plain text (UTF-8) and try again"


@dataclass(frozen=True, slots=True)
class Brief:
    """What is found in a pasted brief."""

    items: list[ParsedItem] = field(default_factory=list)
    introduction: str = ""
    """What the brief says to its readers above the first item, as Markdown source; a note on that item tells of it."""
    photos: dict[str, bytes] = field(default_factory=dict)
    """What a document shows of its items, clean, by the name that an item's `image` gives."""


def decode(data: bytes) -> str:
    r"""The text of a pasted file: UTF-8, UTF-16 (by its byte-order mark) or Windows-1252, with lines ended by "\n".

    Raises BriefingError where it is none of them.
    """
    try:
        return decode_text_file(data)
    except UnicodeDecodeError:
        raise BriefingError(NOT_TEXT) from None


def read_brief(paragraphs: Sequence[Paragraph]) -> Brief:
    """The items of a brief in their order, each with notes on what could not be known of it, and its introduction."""
    told = [
        [replace(line, paragraph=number) for line in lines]
        for number, lines in enumerate(with_endings([told_apart(paragraph) for paragraph in paragraphs]))
    ]
    found: list[ParsedItem] = []
    introduction: list[Line] = []
    above: list[Line] = []
    for lines in grouped(in_order([list(joined(paragraph)) for paragraph in told])):
        if not found and introduces(lines) and is_an_item(lines):
            introduction += lines
        elif is_an_item(lines):
            found.append(_with_places(pasted(lines, above), lines))
            above = []
        else:
            above += lines
    if introduction and found:
        text = text_of(introduction)
        note = f"an introduction stands above it: “{shortened(' '.join(line.text for line in introduction), 60)}”"
        found[0] = replace(found[0], notes=(note, *found[0].notes, *endings_of(introduction)))
        return Brief(_with_rest(found, above), text)
    return Brief(_with_rest(found, [*introduction, *above]))


def _with_places(one: ParsedItem, lines: Sequence[Line]) -> ParsedItem:
    """An item that knows the paragraphs that it was made of; an ending among them is none of its own."""
    own = dict.fromkeys(line.paragraph for line in lines if line.role is not Role.ENDING)
    return replace(one, paragraphs=tuple(own))


def _with_rest(found: list[ParsedItem], rest: Sequence[Line]) -> list[ParsedItem]:
    """The items, and what is left below the last: an ending is told there, any other words are one without headline."""
    if any(line.text and line.role is not Role.ENDING for line in rest) or (rest and not found):
        return [*found, _with_places(headless(rest), rest)]
    if rest:
        return [*found[:-1], replace(found[-1], notes=(*found[-1].notes, *endings_of(rest)))]
    return found
