"""Find out what kind of item a page is: by a label near its headline, the headline's first words,
or the address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.hosts import host_of, site_name
from briefing.collecting.text.wordlists import any_of, lines, load_data, words
from briefing.issue.model import Kind
from briefing.text.markup import tidy_spaces

from .blocks import TextBlocks
from .page import Page, text_of

_MAX_LABEL = 60
"""The most characters in a label."""
_NEAR = 8
"""The number of texts before and after the headline that are searched for a label."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """The signs that a page is of a certain kind."""

    kind: Kind
    folders: frozenset[str]
    beginning: re.Pattern[str]
    """Finds the first words of its headline, which must be folded."""


_TABLE = load_data(__file__, "kinds")
_WIRES = words(_TABLE["wires"]["names"])


def _signs() -> Iterator[_Signs]:
    for kind, signs in _TABLE["kinds"].items():
        before = any_of(words(signs.get("before", "")))
        beginnings = any_of(lines(fold(signs["beginnings"])))
        yield _Signs(
            kind=Kind(kind),
            folders=words(signs["folders"]),
            beginning=re.compile(rf"(?:{before} )*{beginnings}(?![^\W_])"),
        )


_SIGNS = tuple(_signs())


def find_kind(page: Page, title: str, blocks: TextBlocks) -> Kind:
    """Return the kind: an article, unless something says otherwise."""
    for line in _lines_near_headline(page, blocks):
        named = classify_kind(line)
        if named and named.kind:
            return named.kind
    for signs in _SIGNS:
        if signs.beginning.match(fold(title)):
            return signs.kind
    return _kind_by_address(page.url)


def _kind_by_address(url: str) -> Kind:
    path = urlsplit(url).path.lower()
    folders = path.replace("_", "-").split("/")
    for signs in _SIGNS:
        if not signs.folders.isdisjoint(folders):
            return signs.kind
    is_wire = site_name(host_of(url)) in _WIRES
    return Kind.PRESS_RELEASE if is_wire else Kind.ARTICLE


def _lines_near_headline(page: Page, blocks: TextBlocks) -> Iterator[str]:
    """Yield the short lines around the headline, where labels are, and the first line of the text."""
    for text in _texts_near_headline(page):
        line = tidy_spaces(text)
        if 0 < len(line) <= _MAX_LABEL:
            yield line
    if blocks and len(blocks[0].text) <= _MAX_LABEL:
        yield blocks[0].text


def _texts_near_headline(page: Page) -> Iterator[str]:
    heading = next(page.root.iter("h1"), None)
    if heading is None:
        return
    near = f"text()[normalize-space()][position() <= {_NEAR}]"
    yield from map(str, heading.xpath(f"preceding::{near}"))
    yield from map(str, heading.xpath(f"following::{near}"))
    yield from map(text_of, heading.iter("span", "small"))
