"""A web page: its markup as a tree, the metadata in its head, and its text.

Strangers write pages. So nothing is fetched, only HTML's own entities are expanded, and there are
limits on the number of characters, tags and attributes, the depth of elements (see `markup`) and the
objects in JSON-LD.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from briefing.collecting.text.comparing import contains_any
from briefing.collecting.text.wordlists import words
from briefing.issue.links import absolute_address
from briefing.text.decoding import declared_in_markup, decode
from briefing.text.markup import (
    BLOCK_TAGS,
    MAX_CHARACTERS,
    parse_html,
    reveal_address,
    tidy_spaces,
    without_unsafe,
)

from .linked_data import Object, Objects, by_id, is_article, read_linked_data

_MAX_TAGS = 100_000
"""The rest of a page is cut off: an article doesn't begin that far down."""
_MAX_META = 5_000
_SHORT_NOTICE = 400
"""Characters. A longer `<noscript>` isn't a notice but contains the text itself."""

_NOT_READ = words(
    "script style template svg math iframe object embed canvas audio map rt rp"
)
"""`<rt>` and `<rp>` are the pronunciation beside Japanese characters, which would end up within the words."""
_TRANSLATOR = "goog-gt-tt"
"""The id of what Google Translate in the editor's browser adds to a page that is then saved."""
_META_NAMES = ("name", "property", "itemprop", "http-equiv")
# Saved pages contain their pictures and fonts.
_EMBEDDED_FILE = re.compile(
    r"(?<=[\"'(=,\s])data:[\w/+.;=-]{0,80},[^\"')\s>]{200,}"
)
_CONTROL = re.compile(r"[\x80-\x9f]")
"""The control characters of ISO 8859-1, which no text has."""
_EMPTY_LINES = re.compile(r"(?:<br\b[^<>]{0,50}+>\s*+){3,}+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page. `root` is lxml's tree of it, without comments, scripts and styles."""

    url: str
    source: str
    """The markup, without the pictures in it."""
    root: Any
    metas: Mapping[str, tuple[str, ...]]
    """The contents of its `<meta>`s, by name, property or itemprop in lower case."""
    linked_data: tuple[Object, ...]
    """The objects of its JSON-LD that have a type, outer ones first."""
    objects: Objects
    """Those of them to which others can refer."""
    base: str
    """The address that relative addresses start from."""

    @classmethod
    def read(cls, data: bytes, url: str, *, charset: str = "") -> "Page":
        """Read a page; `charset` is from the HTTP header. Any data is accepted, so check it with
        `refusals.not_a_page` first.
        """
        text = decode(data, charset, declared_in_markup(data), guess=True)
        text = _encoded_once(text)
        source = _without_excess(text)
        root = parse_html(source)
        linked_data = read_linked_data(_json_scripts(root))
        metas = _read_metas(root)
        base = _base(root, url)
        _prepare(root)
        objects = by_id(linked_data)
        return cls(url, source, root, metas, linked_data, objects, base)

    def meta(self, name: str) -> str:
        """Return the content of the first `<meta>` with this name; "" if there is none."""
        return next(self.contents(name), "")

    def contents(self, *names: str) -> Iterator[str]:
        """Yield the contents of all `<meta>`s with these names, in the order of the names."""
        for name in names:
            yield from self.metas.get(name, ())

    def absolute(self, address: str) -> str:
        """Return an address on the page in full; "" if it must not be linked."""
        if not address.strip(" \t\r\n/#"):
            return ""
        escaped = address.strip().replace(" ", "%20")
        return absolute_address(escaped, self.base)

    @property
    def articles(self) -> list[Object]:
        """The objects of its JSON-LD that describe an article or another written work."""
        return list(filter(is_article, self.linked_data))

    @property
    def document_title(self) -> str:
        """The text of its `<title>`; "" where it has none."""
        element = next(self.root.iter("title"), None)
        return "" if element is None else text_of(element)

    @property
    def text(self) -> str:
        """All its text."""
        body = self.root.find("body")
        return text_of(self.root if body is None else body)

    def links(self, relation: str) -> Iterator[str]:
        """Yield the addresses in its `<link>`s with this relation, unchanged."""
        for link in self.root.iter("link"):
            relations = link.get("rel", "").lower().split()
            address = link.get("href")
            if address and relation in relations:
                yield address


def text_of(element: Any) -> str:
    """Return the text in an element, on one line."""
    return tidy_spaces("".join(element.itertext()))


def lines_of(element: Any) -> list[str]:
    """Return the lines of text in an element, as its breaks and blocks divide it; none is empty."""
    lines = [""]
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if part.tag == "br" or part.tag in BLOCK_TAGS:
            lines.append("")
        if event == "start":
            lines[-1] += part.text or ""
        elif part is not element:
            lines[-1] += part.tail or ""
    return list(filter(None, map(tidy_spaces, lines)))


def element_around(text: Any) -> Any:
    """Return the element that contains a text node of lxml's."""
    neighbour = text.getparent()
    return neighbour.getparent() if text.is_tail else neighbour


def naming_parts(element: Any) -> list[str]:
    """Return the parts of an element's class, id and role, as in "photo-caption"."""
    return naming_words(element).replace("_", " ").replace("-", " ").split()


def naming_words(element: Any) -> str:
    """Return an element's class, id and role in lower case, which say what part of a page it is."""
    names = [
        element.get(attribute, "") for attribute in ("class", "id", "role")
    ]
    return " ".join(names).lower()


def is_named(element: Any, parts: Iterable[str]) -> bool:
    """Whether an element's class, id or role contains any of these parts."""
    return contains_any(naming_words(element), parts)


def _encoded_once(text: str) -> str:
    """Return a text as it was before it was taken for ISO 8859-1 and encoded in UTF-8 a second time."""
    if not _CONTROL.search(text):
        return text
    try:
        return text.encode("iso-8859-1").decode()
    except UnicodeError:
        return text


def _without_excess(text: str) -> str:
    """Return safe markup without what only takes time and memory: embedded files, and on a page of so
    many tags, empty lines and what is so far down that no article can begin there.
    """
    text = _EMBEDDED_FILE.sub("data:,", text)
    if text.count("<") > _MAX_TAGS:
        text = _EMPTY_LINES.sub("<br><br>", text)
    if text.count("<") > _MAX_TAGS:
        *kept, _ = text.split("<", _MAX_TAGS)
        text = "<".join(kept)
    return without_unsafe(text)[:MAX_CHARACTERS]


def _json_scripts(root: Any) -> Iterator[str]:
    for script in root.iter("script"):
        if "ld+json" in script.get("type", "").lower():
            yield script.text or ""


def _read_metas(root: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for meta in root.iter("meta"):
        content = meta.get("content") or ""
        content = tidy_spaces(content[:_MAX_META])
        if content:
            for name in _meta_names(meta):
                found[name] += (content,)
    return dict(found)


def _meta_names(meta: Any) -> set[str]:
    names = (meta.get(attribute, "") for attribute in _META_NAMES)
    return {name.strip().lower() for name in names} - {""}


def _base(root: Any, url: str) -> str:
    for element in root.iter("base"):
        return absolute_address(element.get("href") or "", url) or url
    return url


# --- The tree


def _prepare(root: Any) -> None:
    """Remove unread elements, reveal hidden email addresses, and put blocks and lines on separate
    lines.
    """
    etree.strip_elements(root, *_NOT_READ, with_tail=False)
    for leftover in root.xpath(f"//*[@id='{_TRANSLATOR}']"):
        leftover.drop_tree()
    for element in list(root.iter(etree.Element)):
        tag = element.tag
        if tag == "noscript":
            _drop_notice(element)
        elif tag == "br":
            _begin_line_after(element)
        elif tag in BLOCK_TAGS:
            element.text = f"\n{_valid(element.text)}"
            _begin_line_after(element)
        if element.get("data-cfemail"):
            _reveal_address(element)


def _begin_line_after(element: Any) -> None:
    element.tail = f"\n{_valid(element.tail)}"


def _valid(text: str | None) -> str:
    """Return a text that a tree can contain; references such as `&#1;` bring in what XML can't."""
    return without_unsafe(text or "")


def _drop_notice(noscript: Any) -> None:
    has_picture = noscript.find(".//img") is not None
    is_short = len(noscript.text_content()) < _SHORT_NOTICE
    if is_short and not has_picture and noscript.getparent() is not None:
        noscript.drop_tree()


def _reveal_address(element: Any) -> None:
    """Replace an element with the email address that Cloudflare hid in it."""
    address = reveal_address(element.get("data-cfemail"))
    if not address:
        return
    for child in list(element):
        element.remove(child)
    element.text = address
