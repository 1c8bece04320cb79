"""Read a brief that a test writes out."""

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.parse import read_brief

HEADLINE = "Court opens the archive"
TEXT = "The archive in Exampleton is open to all again."
SOURCE = "Example Post, 8 October 2020"


def read(text: str) -> list[ParsedItem]:
    """The items in a brief."""
    return read_brief(split_paragraphs(text)).items


def only_item(*blocks: str) -> ParsedItem:
    """The only item in some paragraphs of plain text."""
    (parsed,) = read("\n\n".join(blocks))
    return parsed
