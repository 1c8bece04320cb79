"""A web page as it was saved: its bytes read into a tree, what it says of itself, and its text.

Pages are strangers' work. Nothing is fetched, no entity but HTML's own is known, and what is read of a page has an end:
`MOST_CHARACTERS` of markup, 2,048 elements within one another (libxml2's own limit), so many objects of its JSON-LD.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from briefing.collecting.text.wordlists import words
from briefing.collecting.web.linked_data import nodes_of
from briefing.decoding import declared_in_markup, decode
from briefing.issue.links import unsafe

MOST_CHARACTERS = 4_000_000
_LONGEST_META = 5_000
_SHORT = 400  # a notice to those without JavaScript; what is longer is the text itself

BLOCKS = words(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td th thead tr ul
    """
)
_UNREAD = ("script", "style", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "map")
# Saved pages carry their pictures and fonts inside.
_INSIDE = re.compile(r"(?<=[\"'(=,\s])data:[\w/+.;=-]{0,80},[^\"')\s>]{200,}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
# What no page needs and XML can't hold; the bidi overrides and isolates with it (UTS #36, "Trojan Source").
_NEVER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[\s\u200b\ufeff\u2060]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


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
        text = _NEVER.sub("", _INSIDE.sub("data:,", text))[:MOST_CHARACTERS]
        text = _XML_DECLARATION.sub("", text)
        root = _parsed(text)
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
    return tidied("".join(element.itertext()))


def tidied(text: str) -> str:
    """Text on one line, composed, without what no reader sees."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _NEVER.sub("", text).replace("\xad", ""))).strip()


def words_like(element: Any) -> str:
    """An element's class, id and role, by which pages name their parts, in lower case."""
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}".lower()


def hidden(element: Any) -> bool:
    """Whether an element is never shown."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _parsed(text: str) -> Any:
    data = text.encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):  # nothing in it
        return html.document_fromstring(b"<html><body></body></html>")
    return root if root.tag == "html" else html.document_fromstring(b"<html><body></body></html>")


def _metas(root: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        content = tidied((meta.get("content") or "")[:_LONGEST_META])
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
        elif tag in BLOCKS:
            element.text = f"\n{_valid(element.text)}"
            element.tail = f"\n{_valid(element.tail)}"
        if element.get("data-cfemail"):
            _reveal(element)


def _valid(text: str | None) -> str:
    """A text that can be put into a tree: references like `&#1;` bring in what XML can't hold."""
    return _NEVER.sub("", text or "")


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
    element.text = _NEVER.sub("", address)
