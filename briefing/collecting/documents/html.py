"""HTML as paragraphs and pictures: what someone who looks at the page reads, in that order.

It comes from web pages, mails, online editors and Word: all of them lay out text with tables, some write a line break
where others end a paragraph. It is parsed as a stream of events, not into a tree as in `briefing.markup`: so nesting
and size cost nothing before a limit stops the reading. Nothing is fetched.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes, urljoin

from lxml import etree

from briefing.collecting.documents.block_builder import BlockBuilder
from briefing.collecting.documents.blocks import ListItem, PagePart, PagePicture, TextBlock, document_of
from briefing.collecting.documents.document import TOO_LONG, Document, FindPicture
from briefing.collecting.documents.elements import (
    Style,
    hiding_classes,
    is_too_small,
    is_unread,
    keeps_line_ends,
    style_of,
)
from briefing.errors import BriefingError
from briefing.issue.links import unsafe
from briefing.markup import BLOCK_TAGS

MOST_MARKUP = 10_000_000
"""Characters, without the pictures in them."""
MOST_EVENTS = 600_000
"""Starts, ends and texts of elements; a long page has 50,000."""
MOST_DEPTH = 2_000

_SPACES = re.compile(r"[ \t\n\r\f]+")
# They hide text or change its reading order: bidirectional overrides and isolates, tag characters, controls.
_HIDING = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_DATA_URL = re.compile(r"data:image/[\w.+-]{1,40}(?:;[\w=-]{1,40}){0,3};base64,([A-Za-z0-9+/=%\s]*)", re.IGNORECASE)
_HELD = "held:"
_MAILTO = re.compile(r"mailto:[^\s<>\"\\@]+@[^\s<>\"\\@]+", re.IGNORECASE)
_IGNORED_IN_URLS = str.maketrans("", "", "\t\n\r")  # WHATWG URL Standard
# Word writes such descriptions itself.
_AUTOMATIC = re.compile(r"(?:description automatically generated|automatisch generierte beschreibung).*", re.IGNORECASE)
_IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".svg")
_CAMERA_NAMES = {"img", "dsc", "image", "picture", "bild", "grafik", "resim"}
_LONGEST_ALT = 300
_LONGEST_CODE = 500


def read_html(markup: str, find: FindPicture) -> Document:
    """Return the paragraphs and pictures of a page; `find` returns the pictures that aren't in the markup itself.

    Raises BriefingError if the page is too long for a brief, nested too deeply or can't be parsed.
    """
    pictures = _DataUrls(find)
    markup = _DATA_URL.sub(pictures.take_out, markup)
    if len(markup) > MOST_MARKUP:
        raise BriefingError(TOO_LONG)
    parser = etree.HTMLParser(target=_Reader(pictures.find), encoding="utf-8", huge_tree=True)
    try:
        parser.feed(markup.encode("utf-8", "replace") or b" ")
        blocks: list[TextBlock] = parser.close()
    except etree.LxmlError as error:
        raise BriefingError("is a page that can't be read; paste its text instead") from error
    return document_of(blocks)


def without_hiding_characters(text: str) -> str:
    """Return `text` without the characters that hide a part of it or change its reading order."""
    return _HIDING.sub("", text)


class _DataUrls:
    """The pictures inside the markup, which are taken out of it before it is parsed."""

    def __init__(self, find: FindPicture) -> None:
        self._find = find
        self._codes: list[str] = []

    def take_out(self, match: re.Match[str]) -> str:
        """Return the name that takes the place of a data: URL."""
        self._codes.append(match[1])
        return f"{_HELD}{len(self._codes) - 1}"

    def find(self, name: str) -> bytes | None:
        """Find a picture that was in the markup, or anywhere else."""
        if not name.startswith(_HELD):
            return self._find(name)
        number = name.removeprefix(_HELD)
        if not number.isdecimal() or int(number) >= len(self._codes):
            return None
        try:
            return base64.b64decode(unquote_to_bytes(self._codes[int(number)]))
        except (binascii.Error, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class _Context:
    """What applies within an element."""

    tag: str = ""
    unread: bool = False
    keeps_line_ends: bool = False
    part: PagePart = PagePart.PAGE
    item: ListItem | None = None
    list: int = 0
    list_tag: str = ""
    """`ol` or `ul`."""


class _Reader:
    """The target of lxml's parser: receives its events, and builds blocks from them."""

    def __init__(self, find: FindPicture) -> None:
        self._find = find
        self._contexts = [_Context()]
        self._builder = BlockBuilder()
        self._events = 0
        self._base = ""
        self._style_sheet: list[str] = []
        self._hiding: set[str] = set()
        self._last_items = [0]
        """The number of the last item of each list; there is no list 0."""

    # --- What lxml calls

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._count_event()
        if len(self._contexts) > MOST_DEPTH:
            raise BriefingError("is nested too deeply for a brief; paste only the text of the brief")
        tag = str(tag).lower()
        if tag in BLOCK_TAGS:
            self._end_block()
        style = style_of(attributes)
        context = self._context_in(tag, attributes, style)
        self._contexts.append(context)
        if tag == "base" and not self._base:
            self._base = attributes.get("href", "")
        if not context.unread:
            self._show_start(tag, attributes, style)
        if "data-cfemail" in attributes:
            self._show_address(attributes["data-cfemail"], context)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._count_event()
        if len(self._contexts) == 1:
            return
        tag = str(tag).lower()
        context = self._contexts.pop()
        if tag == "style":
            self._hiding |= hiding_classes("".join(self._style_sheet))
            self._style_sheet.clear()
        elif tag == "a":
            self._builder.target = ""
        elif tag == "q" and not context.unread:
            self._builder.add_text("”")
        if tag in BLOCK_TAGS:
            self._builder.end_block(context.part, context.item)
        if tag == "p" and not context.unread:
            self._builder.end_paragraph()

    def data(self, text: str) -> None:
        """Receive text, in pieces of any length."""
        self._count_event()
        context = self._contexts[-1]
        if context.tag == "style":
            self._style_sheet.append(text)
        if context.unread:
            return
        text = without_hiding_characters(text)
        if not context.keeps_line_ends:
            self._builder.add_text(_SPACES.sub(" ", text))
            return
        first, *others = text.split("\n")
        self._builder.add_text(first)
        for line in others:
            self._end_line()
            self._builder.add_text(line)

    def comment(self, text: str) -> None:
        """Ignore comments, including the conditional ones that only Outlook would show."""

    def close(self) -> list[TextBlock]:
        """Return all blocks, after the last event."""
        self._end_block()
        return self._builder.blocks

    # --- What the events mean

    def _count_event(self) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            raise BriefingError(TOO_LONG)

    def _context_in(self, tag: str, attributes: Mapping[str, str], style: Style) -> _Context:
        outer = self._contexts[-1]
        part = _part_in(outer.part, tag, attributes)
        context = replace(
            outer,
            tag=tag,
            part=part,
            unread=outer.unread or is_unread(tag, attributes, style, self._hiding, in_page=part is PagePart.PAGE),
            keeps_line_ends=keeps_line_ends(tag, style, inherited=outer.keeps_line_ends),
        )
        if tag in {"ol", "ul"}:
            self._last_items.append(_start_of_list(tag, attributes) - 1)
            return replace(context, list=len(self._last_items) - 1, list_tag=tag, item=None)
        if tag == "li" and context.list:
            return replace(context, item=self._next_item(context))
        return context

    def _next_item(self, context: _Context) -> ListItem:
        self._last_items[context.list] += 1
        number = self._last_items[context.list]
        return ListItem(context.list, number, f"{number}. " if context.list_tag == "ol" else "- ")

    def _show_start(self, tag: str, attributes: Mapping[str, str], style: Style) -> None:
        match tag:
            case "br":
                self._end_line()
            case "hr":
                self._builder.add_text("* * *")
                self._end_block()
            case "img" if not is_too_small(attributes, style):
                self._show_picture(attributes)
            case "a":
                self._builder.target = _absolute(attributes.get("href", ""), self._base)
            case "p":
                self._builder.start_paragraph()
            case "q":
                self._builder.add_text("“")

    def _show_picture(self, attributes: Mapping[str, str]) -> None:
        source = attributes.get("src", "").strip()
        if not source:
            return
        data = self._find(source)
        address = "" if data else _absolute(source, self._base)
        if data or address.startswith("http"):
            self._builder.add_picture(PagePicture(data or b"", _description(attributes.get("alt", "")), address))

    def _show_address(self, code: str, context: _Context) -> None:
        """Show the mail address that Cloudflare hid in an element, instead of the element's text."""
        if not context.unread:
            self._builder.add_text(_decrypted(code))
        self._contexts[-1] = replace(context, unread=True)

    def _end_line(self) -> None:
        context = self._contexts[-1]
        self._builder.end_line(context.part, context.item)

    def _end_block(self) -> None:
        context = self._contexts[-1]
        self._builder.end_block(context.part, context.item)


def _part_in(outer: PagePart, tag: str, attributes: Mapping[str, str]) -> PagePart:
    names = {tag, attributes.get("role", "").strip().lower()}
    if "main" in names:
        return PagePart.MAIN
    return max(outer, PagePart.ARTICLE) if "article" in names else outer


def _start_of_list(tag: str, attributes: Mapping[str, str]) -> int:
    start = attributes.get("start", "1")
    return int(start) if tag == "ol" and start.isdecimal() and len(start) <= 3 else 1


def _absolute(address: str, base: str) -> str:
    """Return a link's address in full; "" unless it is a web or mail address: a script, a file, a place on the page."""
    address = address.translate(_IGNORED_IN_URLS).strip().replace(" ", "%20")
    if _MAILTO.fullmatch(address):
        return address
    if base or address.startswith("//"):
        try:
            address = urljoin(base or "https:", address)
        except ValueError:
            return ""
    return "" if unsafe(address) else address


def _decrypted(code: str) -> str:
    """Return the address in Cloudflare's `data-cfemail`: its first byte is the key of the others."""
    try:
        key, *letters = bytes.fromhex(code[:_LONGEST_CODE])
        return bytes(letter ^ key for letter in letters).decode()
    except ValueError:
        return ""


def _description(alt: str) -> str:
    """Return a picture's alternative text if a person wrote it: not a file name, not what a program recognised."""
    words = " ".join(_AUTOMATIC.sub("", without_hiding_characters(alt)).split())
    return "" if len(words) > _LONGEST_ALT or _is_file_name(words.lower()) else words


def _is_file_name(words: str) -> bool:
    if words.endswith(_IMAGE_ENDINGS) and " " not in words:
        return True
    return words.rstrip("0123456789").rstrip(" _-") in _CAMERA_NAMES
