"""Reading a brief that stands in the test."""

from briefing.collecting.brief.parse import Pasted, paragraphs, read_brief

HEADLINE = "Court opens the archive"
TEXT = "The archive in Exampleton is open to all again."
SOURCE = "Example Post, 8 October 2020"


def read(text: str) -> list[Pasted]:
    """The items in a brief."""
    return read_brief(paragraphs(text)).items


def one(*blocks: str) -> Pasted:
    """The only item in some paragraphs of plain text."""
    (pasted,) = read("\n\n".join(blocks))
    return pasted
