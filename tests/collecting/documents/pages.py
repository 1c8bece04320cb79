"""Briefs and pages that the tests read."""

from pathlib import Path

from briefing.collecting.brief.model import ParsedItem
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.read import read_document

SAMPLE = (Path(__file__).parents[3] / "docs" / "sample-brief.txt").read_text(
    "utf-8"
)


def read_page(body: str) -> Document:
    """Read a page with this body."""
    return read_document(
        f"<html><body>{body}</body></html>".encode(), "brief.html"
    )


def lines_of(body: str) -> list[tuple[str, ...]]:
    """Return the lines of each paragraph of a page with this body."""
    return [paragraph.lines for paragraph in read_page(body).paragraphs]


def items_in(data: bytes, name: str = "") -> list[ParsedItem]:
    """Return the items of a brief in a document; without a name, it is recognised by its content."""
    return read_brief(read_document(data, name).paragraphs).items
