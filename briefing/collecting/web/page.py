"""A web page as it was saved: its bytes read into a tree, what it says of itself, and its text.

Pages are strangers' work. Nothing is fetched, no entity but HTML's own is known, and what is read of a page has an end:
`MAX_CHARACTERS` of markup, 2,048 elements within one another (libxml2's own limit), so many objects of its JSON-LD.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from briefing.collecting.web.linked_data import nodes_of
from briefing.decoding import declared_in_markup, decode
from briefing.issue.links import unsafe
from briefing.markup import BLOCK_TAGS, MAX_CHARACTERS, parse_html, tidy_spaces, without_unsafe

_LONGEST_META = 5_000
_SHORT = 400  # a notice to those without JavaScript; what is longer is the text itself

_UNREAD = ("script", "style", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "map")
# Saved pages carry their pictures and fonts inside.
_INSIDE = re.compile(r"(?<=[\"'(=,\s])data:[\w/+.;=-]{0,80},[^\"')\s>]{200,}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page. `root` is lxml's tree of it, without comments, scripts and styles."""

    url: str
    source: str
    """The markup as text, pictures that it carries inside cut out."""
    root: Any
    metas: Mapping[str, tuple[str, ...]]
    """What its `<meta>` say, by name, property or itemprop in lower case."""
    linked_data: tuple[Mapping[str, Any], ...]
    """The objects of its JSON-LD with a type, outer ones first."""
    base: str
    """What its relative addresses are relative to."""

    @classmethod
    def read(cls, data: bytes, url: str, *, charset: str = "") -> "Page":
        """The page in `data`; `charset` is what the HTTP header says of it. No data is refused: see `walls`."""
        text = decode(data, charset, declared_in_markup(data), guess=True)
        text = without_unsafe(_INSIDE.sub("data:,", text))[:MAX_CHARACTERS]
        text = _XML_DECLARATION.sub("", text)
        root = parse_html(text)
        linked_data = nodes_of(
            script.text or "" for script in root.iter("script") if "ld+json" in script.get("type", "").lower()
        )
        metas = _metas(root)
        base = _base(root, url)
        _tidy(root)
        return cls(url, text, root, metas, linked_data, base)

    def meta(self, *names: str) -> str:
        """The first of these metas that says something; empty where none does."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), "")

    def absolute(self, address: str) -> str:
        """A whole web address for one that the page holds; empty where it is none that may be linked."""
        if not address.strip(" \t\r\n/#"):
            return ""
        try:
            whole = urljoin(self.base, address.strip().replace(" ", "%20"))
        except ValueError:
            return ""
        return "" if unsafe(whole) else whole

    @property
    def text(self) -> str:
        """All that can be read on it."""
        body = self.root.find("body")
        return text_of(self.root if body is None else body)

    def links(self, *relations: str) -> Iterator[str]:
        """The addresses of its `<link>` of a relation, as they are written."""
        for link in self.root.iter("link"):
            if set(link.get("rel", "").lower().split()) & set(relations) and link.get("href"):
                yield link.get("href")


def text_of(element: Any) -> str:
    """What is read in an element, on one line."""
    return tidy_spaces("".join(element.itertext()))


def naming_words(element: Any) -> str:
    """An element's class, id and role, by which pages name their parts, in lower case."""
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}".lower()


def _metas(root: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        content = tidy_spaces((meta.get("content") or "")[:_LONGEST_META])
        names = {meta.get(one, "").strip().lower() for one in ("name", "property", "itemprop", "http-equiv")} - {""}
        for name in names if content else ():
            found.setdefault(name, []).append(content)
    return {name: tuple(values) for name, values in found.items()}


def _base(root: Any, url: str) -> str:
    element = next(root.iter("base"), None)
    try:
        base = urljoin(url, (element.get("href") or "").strip()) if element is not None else url
    except ValueError:
        return url
    return url if unsafe(base) else base


def _tidy(root: Any) -> None:
    """Take out what isn't read, decode hidden mail addresses, and part blocks and lines from each other by a space."""
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    for element in list(root.iter(etree.Element)):
        tag = element.tag
        if tag == "noscript" and element.find(".//img") is None and len(element.text_content()) < _SHORT:
            _drop(element)
        elif tag == "br":
            element.tail = f"\n{_valid(element.tail)}"
        elif tag in BLOCK_TAGS:
            element.text = f"\n{_valid(element.text)}"
            element.tail = f"\n{_valid(element.tail)}"
        if element.get("data-cfemail"):
            _reveal(element)


def _valid(text: str | None) -> str:
    """A text that can be put into a tree: references like `&#1;` bring in what XML can't hold."""
    return without_unsafe(text or "")


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


def _reveal(element: Any) -> None:
    """Cloudflare writes a mail address as hexadecimal bytes, each mixed (XOR) with the first."""
    try:
        key, *rest = bytes.fromhex(element.get("data-cfemail"))
        address = bytes(one ^ key for one in rest).decode("utf-8")
    except ValueError:
        return
    for child in list(element):
        element.remove(child)
    element.text = without_unsafe(address)
