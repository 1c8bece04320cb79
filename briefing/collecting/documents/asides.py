"""Recognise what a page has besides its text: its menus and margins, forms, what it doesn't show, and in an exported
one comments and the headers and footers of printed pages.
"""

import re
from dataclasses import dataclass, field

from .block_builder import is_blank
from .elements import Element

COMMENT = "a comment"
PAGE_HEADER = "the page header"
PAGE_FOOTER = "the page footer"
BUTTON = "a button"
BESIDE = "the sidebar"

_MARGINS = {"header": PAGE_HEADER, "footer": PAGE_FOOTER}
"""By the tag of an element outside an article, and by the titles that LibreOffice gives to elements."""
_HIDDEN = "hidden text"
_MENU = "a menu"
_MARGINAL = "a marginal note"
_FORM = "a form"
_KINDS = {
    "aside": _MARGINAL,
    "button": BUTTON,
    "datalist": _FORM,
    "dialog": _FORM,
    "nav": _MENU,
    "option": _FORM,
    "select": _FORM,
    "textarea": _FORM,
}
"""By tag. Such elements have text, but it isn't that of the page."""
_ROLES = {
    "alertdialog": _FORM,
    "banner": PAGE_HEADER,
    "complementary": _MARGINAL,
    "contentinfo": PAGE_FOOTER,
    "dialog": _FORM,
    "navigation": _MENU,
    "search": _FORM,
}
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
    shown = [word for word in words.split() if not is_blank(word)]
    words = " ".join(shown)
    return f"left out {what}: “{words}”" if words else f"left out: {what}"


def says_something(what: str, words: str) -> bool:
    """Whether an aside is worth a note: the number in a page footer isn't."""
    return any(map(str.isalpha, words)) or (what == COMMENT and bool(words))


def aside_of(
    element: Element,
    *,
    in_page: bool,
    is_hidden: bool,
) -> Aside | None:
    """Return what an element is if it is beside the text as a whole; None for an element with text.

    `in_page` says that it isn't inside an article, so that a header is that of the page; `is_hidden` that the page
    doesn't show it.
    """
    what = _HIDDEN if is_hidden else _what_is_beside(element, in_page=in_page)
    return Aside(what) if what else None


def _what_is_beside(element: Element, *, in_page: bool) -> str:
    """What is beside the text; "" for an element with text."""
    tag = element.tag
    title = element.get("title").lower()
    if element.style.get("mso-element") == "comment":
        return COMMENT
    if tag == "div" and title in _MARGINS:
        return _MARGINS[title]
    if in_page and tag in _MARGINS:
        return _MARGINS[tag]
    return _KINDS.get(tag) or _ROLES.get(element.role, "")


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
