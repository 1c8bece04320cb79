"""The content of a document in any format: its paragraphs, and its pictures with their positions.
No I/O.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from briefing.collecting.brief.paragraphs import (
    EmbeddedPicture,
    Paragraph,
    split_paragraphs,
)
from briefing.errors import BriefingError
from briefing.text.decoding import decode_text_file

MOST_CHARACTERS = 1_000_000
"""A brief of 100 pages has 300,000."""
MOST_PARAGRAPHS = 20_000
TOO_LONG = "is too long for a brief; paste only the text of the brief"
NOT_TEXT = "isn't text in UTF-8, UTF-16 or Windows-1252; save it as plain text (UTF-8) and try again"

FindPicture = Callable[[str], bytes | None]
"""Return the picture that a document refers to by this name ("cid:…", "images/1.jpg"), or None."""


@dataclass(frozen=True, slots=True)
class Document:
    """The paragraphs of a document in reading order, and its pictures."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    pictures: list[EmbeddedPicture] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """The names of pictures that a page refers to but that weren't passed in with it."""
    left_out: list[str] = field(default_factory=list)
    """Notes on what isn't part of the text: comments, deleted text."""


def decode_brief(data: bytes) -> str:
    r"""Decode a file of plain text: UTF-8, UTF-16 (by its byte-order mark) or Windows-1252. Its
    lines end with "\n".

    Raises BriefingError if it is none of them.
    """
    try:
        return decode_text_file(data)
    except UnicodeDecodeError:
        raise BriefingError(NOT_TEXT) from None


def from_text(text: str) -> Document:
    """Return plain text as a document. Raises BriefingError if it is too long for a brief."""
    if len(text) > MOST_CHARACTERS:
        raise BriefingError(TOO_LONG)
    paragraphs = split_paragraphs(text)
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise BriefingError(TOO_LONG)
    return Document(paragraphs)


def joined(documents: Iterable[Document]) -> Document:
    """Join documents into one, in their order."""
    combined = Document()
    for document in documents:
        offset = len(combined.paragraphs)
        combined.paragraphs.extend(document.paragraphs)
        for picture in document.pictures:
            moved = replace(picture, place=offset + picture.place)
            combined.pictures.append(moved)
        combined.left_out.extend(document.left_out)
    return combined
