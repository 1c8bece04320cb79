"""Read the headings of a page that may be its headline, without their kickers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from briefing.collecting.text.comparing import contains_any
from briefing.collecting.text.wordlists import load_data, words, words_in_order
from briefing.collecting.web.page import (
    Page,
    element_around,
    naming_words,
    text_of,
)
from briefing.markup import is_hidden, tidy_spaces

_PARTS = load_data(__file__, "page_parts")["headline"]
_KICKERS = words_in_order(_PARTS["kickers"])
_LOGOS = words_in_order(_PARTS["logos"])
_KICKER_TAGS = words_in_order("span small div a p em i")
_FRONT_PAGES = words("/ ./ index.html /index.html index.php /index.php") | {""}
_SCHEME_AND_HOST = re.compile(r"^(?:https?:)?//[^/]+")
_COLONS = (":", "\N{FULLWIDTH COLON}")

_MAX_HEADLINE = 300
_MAX_HEADINGS = 60
_ANCESTORS = 4
"""How far around a heading a breadcrumb is looked for."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its text, and the pieces into which its markup divides it."""

    text: str
    pieces: tuple[str, ...]


def read_headings(page: Page, *tags: str) -> list[Heading]:
    """Return the headings with these tags that may be the headline: visible, and not the site's logo."""
    headings = []
    elements = page.root.iter(*tags)
    for element in islice(elements, _MAX_HEADINGS):
        if is_hidden(element.attrib) or _is_logo(element):
            continue
        heading = _heading(element)
        if heading.text and len(heading.text) <= _MAX_HEADLINE:
            headings.append(heading)
    return headings


def _heading(element: Any) -> Heading:
    kickers = _kickers(element)
    pieces = list(_texts_outside(element, kickers))
    text = tidy_spaces("".join(pieces))
    if kickers:
        text = text.lstrip(" -–—|:·•/") or text_of(element)
    tidy = map(tidy_spaces, pieces)
    return Heading(text, tuple(filter(None, tidy)))


def _kickers(heading: Any) -> set[Any]:
    """Return the elements in a heading that aren't part of the headline, with their descendants."""
    kickers: set[Any] = set()
    for element in heading.iter(*_KICKER_TAGS):
        is_named = contains_any(naming_words(element), _KICKERS)
        if is_named and not _follows_colon(element, heading):
            kickers.update(element.iter())
    return kickers


def _follows_colon(element: Any, heading: Any) -> bool:
    """Whether an element continues what a colon in its heading announces, and can't be left out."""
    before = ""
    for text in heading.xpath(".//text()"):
        if text.getparent() is element and not text.is_tail:
            break
        before += text
    return before.rstrip().endswith(_COLONS)


def _texts_outside(element: Any, excluded: set[Any]) -> Iterator[str]:
    if not excluded:
        # XPath takes a hundred times as long where elements are nested thousands deep.
        yield from element.itertext()
        return
    for text in element.xpath(".//text()"):
        if element_around(text) not in excluded:
            yield str(text)


def _is_logo(heading: Any) -> bool:
    """Whether a heading is only the site's name: by its class, or a link to the front page."""
    link = heading.find(".//a[@href]")
    if link is not None and text_of(link) == text_of(heading):
        address = link.get("href").strip()
        if _SCHEME_AND_HOST.sub("", address) in _FRONT_PAGES:
            return True
    parent = heading.getparent()
    names = naming_words(heading)
    if parent is not None:
        names += f" {naming_words(parent)}"
    return contains_any(names, _LOGOS)


def is_in_breadcrumb(heading: Any) -> bool:
    """Whether a heading ends the path to the page, as in "Home > News > Title"."""
    around = [heading, *islice(heading.iterancestors(), _ANCESTORS)]
    return any(
        element.tag == "nav" or "breadcrumb" in naming_words(element)
        for element in around
    )
