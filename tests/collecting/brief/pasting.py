"""Read a brief that a test writes out, and show what was found in it."""

import datetime as dt
from typing import Any

from briefing.collecting.brief.model import Brief, ParsedItem
from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.parse import read_brief

HEADLINE = "Court opens the archive"
TEXT = "The archive in Exampleton is open to all again."
SOURCE = "Example Post, 8 October 2020"


def read(text: str, before: dt.date | None = None) -> list[ParsedItem]:
    """The items in a brief; `before` is its own date."""
    return read_brief(split_paragraphs(text), before).items


def only_item(*blocks: str) -> ParsedItem:
    """The only item in some paragraphs of plain text."""
    (parsed,) = read("\n\n".join(blocks))
    return parsed


def shown(parsed: ParsedItem) -> dict[str, Any]:
    """The fields of an item that it has."""
    item = parsed.item
    values = {
        "section": parsed.section,
        "heading": item.heading,
        "kind": item.kind.value,
        "source": item.source,
        "date": item.date.isoformat() if item.date else "",
        "link": item.link,
        "text": item.text,
        "notes": list(parsed.notes),
    }
    return {name: value for name, value in values.items() if value}


def whole(brief: Brief) -> dict[str, Any]:
    """The introduction and the items of a brief."""
    return {
        "introduction": brief.introduction,
        "items": [shown(parsed) for parsed in brief.items],
    }
