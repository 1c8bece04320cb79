"""Read the headings of a page that may be its headline, without their kickers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from briefing.collecting.text.wordlists import load_data, words, words_by_name
from briefing.text.markup import is_hidden, tidy_spaces

from .page import Page, is_named, text_of

_PARTS = words_by_name(load_data(__file__, "page_parts")["headline"])
_KICKERS = _PARTS["kickers"]
_LOGOS = _PARTS["logos"]
_KICKER_TAGS = words("span small div a p em i")
_FRONT_PAGES = words("/ ./ index.html /index.html index.php /index.php") | {""}
_SCHEME_AND_HOST = re.compile(r"^(?:https?:)?//[^/]+")
COLONS = (":", "\N{FULLWIDTH COLON}")
"""A heading or piece of one that ends with a colon announces what follows."""

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
    """Return the headings with these tags that may be the headline: visible, above the page's footer, and
    not the site's logo.
    """
    headings = []
    elements = page.root.iter(*tags)
    for element in islice(elements, _MAX_HEADINGS):
        is_framing = _is_logo(element) or _is_in_footer(element)
        if is_framing or is_hidden(element.attrib):
            continue
        heading = _heading(element)
        if 0 < len(heading.text) <= _MAX_HEADLINE:
            headings.append(heading)
    return headings


def _heading(element: Any) -> Heading:
    texts = list(_texts(element))
    pieces = [text for text, is_in_kicker in texts if not is_in_kicker]
    kicker = "".join(text for text, is_in_kicker in texts if is_in_kicker)
    if _are_joined(kicker, pieces):
        pieces = [text for text, _ in texts]
    whole = tidy_spaces("".join(pieces))
    if len(pieces) < len(texts):
        # What separated the kicker from the headline: "Libraries | A last appeal".
        whole = whole.lstrip(" -–—|·•/") or text_of(element)
    tidy = map(tidy_spaces, pieces)
    return Heading(whole, tuple(filter(None, tidy)))


def _are_joined(kicker: str, pieces: Sequence[str]) -> bool:
    """Whether a colon joins a kicker and the rest of the heading: "Libraries: A last appeal"."""
    rest = "".join(pieces).lstrip()
    return rest.startswith(COLONS) or kicker.rstrip().endswith(COLONS)


def _texts(heading: Any) -> Iterator[tuple[str, bool]]:
    """Yield the texts in a heading, and whether each is in a kicker."""
    kicker = None
    before = ""
    for event, element in etree.iterwalk(heading, events=("start", "end")):
        if event == "start":
            # What a colon announces can't be left out.
            is_announced = before.endswith(COLONS)
            if kicker is None and not is_announced and _is_kicker(element):
                kicker = element
            text = element.text
        elif element is heading:
            break
        else:
            if element is kicker:
                kicker = None
            text = element.tail
        if text:
            yield text, kicker is not None
            before = text.rstrip() or before


def _is_kicker(element: Any) -> bool:
    return element.tag in _KICKER_TAGS and is_named(element, _KICKERS)


def _is_logo(heading: Any) -> bool:
    """Whether a heading is only the site's name: by its class, or a link to the front page."""
    link = heading.find(".//a[@href]")
    if link is not None and text_of(link) == text_of(heading):
        address = link.get("href").strip()
        if _SCHEME_AND_HOST.sub("", address) in _FRONT_PAGES:
            return True
    return is_named(heading, _LOGOS) or is_named(heading.getparent(), _LOGOS)


def _is_in_footer(heading: Any) -> bool:
    return next(heading.iterancestors("footer"), None) is not None


def is_in_breadcrumb(heading: Any) -> bool:
    """Whether a heading ends the path to the page, as in "Home > News > Title"."""
    around = [heading, *islice(heading.iterancestors(), _ANCESTORS)]
    return any(
        element.tag == "nav" or is_named(element, ["breadcrumb"])
        for element in around
    )
