"""Recognise what an exported page has besides its text: comments, and the headers and footers of printed pages."""

import re
from dataclasses import dataclass, field

from briefing.collecting.documents.elements import Element

COMMENT = "a comment"
PAGE_HEADER = "the page header"
PAGE_FOOTER = "the page footer"

_MARGINS = {"header": PAGE_HEADER, "footer": PAGE_FOOTER}  # LibreOffice
# The anchors of Google Docs and Word: at the text, and at the comment.
_TO_COMMENT = re.compile(r"cmnt\d+|_msocom_\d+")
_TO_TEXT = re.compile(r"cmnt_ref\d+")


@dataclass(eq=False)
class Aside:
    """Something that isn't part of the text, compared by identity, and its words so far."""

    what: str
    words: list[str] = field(default_factory=list)


def note_of(what: str, words: str = "") -> str:
    """The note on something that was left out: "deleted text", or with its words "a comment"."""
    words = " ".join(words.split())
    return f"left out {what}: “{words}”" if words else f"left out: {what}"


def says_something(what: str, words: str) -> bool:
    """Whether an aside is worth a note: the number in a page footer isn't."""
    return any(map(str.isalpha, words)) or (what == COMMENT and bool(words))


def aside_of(element: Element) -> Aside | None:
    """Whether an element is beside the text as a whole."""
    if element.style.get("mso-element") == "comment":
        return Aside(COMMENT)
    title = element.get("title").lower()
    if element.tag == "div" and title in _MARGINS:
        return Aside(_MARGINS[title])
    return None


def refers_to_comment(element: Element) -> bool:
    """Whether an element is the mark of a comment in the text: "[a]"."""
    return _TO_COMMENT.fullmatch(_fragment(element)) is not None


def begins_comment(element: Element) -> bool:
    """Whether an element leads from a comment back to the text, as the first thing in it."""
    return _TO_TEXT.fullmatch(_fragment(element)) is not None


def _fragment(element: Element) -> str:
    if element.tag != "a":
        return ""
    return element.get("href").partition("#")[2]
