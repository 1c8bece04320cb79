"""Read HTML as paragraphs and pictures, in the order a reader sees them.

It comes from web pages, emails, online editors and Word: all of them lay out text with tables, and
some write line breaks where others end a paragraph. It is parsed as a stream of events, not into a
tree as in `briefing.text.markup`, so that limits on nesting and size take effect early. Nothing is
fetched.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from lxml import etree

from briefing.collecting.brief.paragraphs import EmbeddedPicture
from briefing.errors import BriefingError
from briefing.issue.links import absolute_address
from briefing.photos.alt_texts import describes
from briefing.text.markup import BLOCK_TAGS, reveal_address

from .asides import (
    BUTTON,
    COMMENT,
    Aside,
    begins_comment,
    note_of,
    refers_to_comment,
    says_something,
)
from .block_builder import BlockBuilder
from .blocks import document_of
from .cards import PARTS, CardCandidate, CardCandidates
from .contexts import Context
from .document import TOO_LONG, Document, FindPicture
from .elements import SCREEN_READER_CLASSES, Element, class_styles
from .page_blocks import BlockPlace, PagePart
from .page_lists import PageLists
from .seams import Seams

MOST_MARKUP = 10_000_000
"""Characters, without embedded pictures."""
MOST_EVENTS = 600_000
"""Starts, ends and texts of elements; a long page has 50,000."""
MOST_DEPTH = 2_000

_SPACES = re.compile(r"[ \t\n\r\f]+")
_SPACES_OF_DOCUMENTS = re.compile(r"[ \n\r\f]+")
# Characters that hide text or change its reading order: bidirectional overrides and isolates, tag
# characters, controls.
_HIDING = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
_DATA_URL = re.compile(
    r"data:image/[\w.+-]{1,40}(?:;[\w=-]{1,40}){0,3};base64,([A-Za-z0-9+/=%\s]*)",
    re.IGNORECASE,
)
_DIVIDING = BLOCK_TAGS | {"br", "button", "option"}
"""Elements between which words of a note are divided."""
_HELD = "held:"
_MAILTO = re.compile(r"mailto:[^\s<>\"\\@]+@[^\s<>\"\\@]+", re.IGNORECASE)
_IGNORED_IN_URLS = str.maketrans("", "", "\t\n\r")  # WHATWG URL Standard
# Word adds such descriptions automatically.
_AUTOMATIC = re.compile(
    r"(?:description automatically generated|automatisch generierte beschreibung).*",
    re.IGNORECASE,
)
_LONGEST_ALT = 300


def read_html(
    markup: str,
    find: FindPicture,
    *,
    keeps_tabs: bool = False,
) -> Document:
    """Read the paragraphs and pictures of a page; `find` returns pictures that aren't embedded in
    the markup, and `keeps_tabs` says that tabs in it are more than spaces.

    Raises BriefingError if the page is too long for a brief, nested too deeply or can't be parsed.
    """
    codes: list[str] = []

    def take_out(match: re.Match[str]) -> str:
        codes.append(match[1])
        return f"{_HELD}{len(codes) - 1}"

    def find_anywhere(name: str) -> bytes | None:
        number = name.removeprefix(_HELD)
        if number == name:
            return find(name)
        is_ours = number.isdecimal() and int(number) < len(codes)
        return _decoded(codes[int(number)]) if is_ours else None

    # Embedded pictures don't count towards the length, and are decoded only where they are shown.
    markup = _DATA_URL.sub(take_out, markup)
    if len(markup) > MOST_MARKUP:
        raise BriefingError(TOO_LONG)
    reader = PageReader(find_anywhere, keeps_tabs=keeps_tabs)
    parser = etree.HTMLParser(
        target=reader,
        encoding="utf-8",
        huge_tree=True,
    )
    try:
        parser.feed(markup.encode("utf-8", "replace") or b" ")
        parser.close()
    except etree.LxmlError as error:
        raise BriefingError(
            "is a page that can't be read; paste its text instead"
        ) from error
    return reader.document()


def without_hiding_characters(text: str) -> str:
    """Remove the characters that hide a part of `text` or change its reading order."""
    return _HIDING.sub("", text)


def _decoded(code: str) -> bytes | None:
    try:
        return base64.b64decode(unquote_to_bytes(code))
    except (binascii.Error, ValueError):
        return None


class PageReader:
    """Receives a page's elements and texts in order, and builds paragraphs and pictures from them.

    lxml's parser calls it for pages; other formats call it with the elements that a page would have.
    """

    def __init__(self, find: FindPicture, *, keeps_tabs: bool = False) -> None:
        self._find = find
        self._spaces = _SPACES_OF_DOCUMENTS if keeps_tabs else _SPACES
        self._contexts = [Context()]
        self._builder = BlockBuilder()
        self._events = 0
        self._base = ""
        self._lists = PageLists()
        self._seams = Seams()
        self._candidates = CardCandidates()
        self._style_sheet: list[str] = []
        self._left_out: dict[str, None] = {}
        self._hiding = set(SCREEN_READER_CLASSES)
        self._weights: dict[str, str] = {}
        """The font weights of classes."""

    # --- What lxml's parser and other formats call

    def start(
        self,
        tag: str,
        attributes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """An element begins."""
        self._count_event()
        if len(self._contexts) > MOST_DEPTH:
            raise BriefingError(
                "is nested too deeply for a brief; paste only the text of the brief"
            )
        element = Element(tag, attributes)
        self._seams.start(element)
        outer = self._contexts[-1]
        if element.tag in BLOCK_TAGS:
            self._builder.end_block(outer.place)
        _divide_words(outer.aside, element.tag)
        if begins_comment(element):
            outer = self._begin_comment()
        context = self._context_in(element, outer)
        if element.tag == "base" and not self._base:
            self._base = element.get("href")
        if not context.unread:
            self._show_start(element, context.place)
        elif not outer.unread:
            self._show_instead(element, outer.place)
        if "data-cfemail" in attributes:
            context = replace(context, unread=True)
        self._contexts.append(context)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._count_event()
        if len(self._contexts) == 1:
            return
        tag = str(tag).lower()
        context = self._contexts.pop()
        self._seams.end()
        if tag == "style":
            self._read_style_sheet()
        elif tag == "a":
            self._builder.end_link()
        aside = context.aside
        if tag in BLOCK_TAGS:
            self._builder.end_block(context.place)
        _divide_words(aside, tag)
        if tag in PARTS:
            end = len(self._builder.blocks)
            self._candidates.add(
                CardCandidate(context.path, context.first_block, end)
            )
        if not context.unread:
            self._show_end(tag)
        if aside and aside is not self._contexts[-1].aside:
            self.leave_out_aside(aside.what, "".join(aside.words))

    def empty(self, tag: str, **attributes: str) -> None:
        """An element begins and ends with nothing in it."""
        self.start(tag, attributes)
        self.end(tag)

    def data(self, text: str) -> None:
        """Receive text, in pieces of any length."""
        self._count_event()
        context = self._contexts[-1]
        if context.tag == "style":
            self._style_sheet.append(text)
        if context.aside and not context.silent:
            context.aside.words.append(text)
        if context.unread:
            return
        text = without_hiding_characters(text)
        if self._seams.lacks_space_before(text):
            text = f" {text}"
        self._builder.is_bold = context.bold
        self._builder.is_italic = context.italic
        if not context.keeps_line_ends:
            self._builder.add_text(self._spaces.sub(" ", text))
            return
        first, *others = text.split("\n")
        self._builder.add_text(first)
        for line in others:
            self._builder.end_line(context.place)
            self._builder.add_text(line)

    def comment(self, text: str) -> None:
        """Ignore comments, including the conditional ones that only Outlook would show."""

    def close(self) -> None:
        """End the last block, after the last event."""
        self._builder.end_block(self._contexts[-1].place)

    def leave_out(self, what: str, words: str = "") -> None:
        """Note what isn't read: "deleted text", or with its words "a comment"."""
        self._left_out[note_of(what, without_hiding_characters(words))] = None

    def leave_out_aside(self, what: str, words: str) -> None:
        """Note something beside the text, if it says something."""
        if says_something(what, words):
            self.leave_out(what, words)

    def document(self) -> Document:
        """Return what was read."""
        self.close()
        for words in self._candidates.mark_cards(self._builder.blocks):
            self.leave_out(BUTTON, words)
        document = document_of(self._builder.blocks)
        return replace(document, left_out=[*self._left_out, *document.left_out])

    # --- What the events mean

    def _count_event(self) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            raise BriefingError(TOO_LONG)

    def _context_in(self, element: Element, outer: Context) -> Context:
        part = outer.place.part.inside(element)
        page_list, item = self._lists.inside(
            element, outer.place.item, outer.list
        )
        table, row, cell = outer.cell_in(element)
        aside, is_silent = outer.aside_in(
            element,
            in_page=part is PagePart.PAGE,
            is_hidden=element.is_hidden(self._hiding),
        )
        is_beside = aside is not None or refers_to_comment(element)
        is_caption = outer.place.is_caption or element.tag == "figcaption"
        level = element.level() or outer.place.level
        return Context(
            tag=element.tag,
            unread=outer.unread or is_silent or is_beside,
            silent=is_silent,
            bold=element.makes_bold(self._weights, inherited=outer.bold),
            italic=element.makes_italic(inherited=outer.italic),
            keeps_line_ends=element.keeps_line_ends(
                inherited=outer.keeps_line_ends
            ),
            place=BlockPlace(part, item, level, cell, is_caption),
            list=page_list,
            table=table,
            row=row,
            aside=aside,
            path=self._candidates.path_to(element.tag, outer.path),
            first_block=len(self._builder.blocks),
        )

    def _read_style_sheet(self) -> None:
        for name, style in class_styles("".join(self._style_sheet)):
            if style.get("display") == "none":
                self._hiding.add(name)
            if "font-weight" in style:
                self._weights[name] = style["font-weight"]
        self._style_sheet.clear()

    def _begin_comment(self) -> Context:
        """Take the elements around that begin with a comment out of the text. Returns the last one."""
        aside = Aside(COMMENT)
        count = len(self._builder.blocks)
        for place in reversed(range(1, len(self._contexts))):
            context = self._contexts[place]
            is_page = context.tag in {"body", "html"}
            if is_page or context.aside or context.first_block < count:
                break
            self._contexts[place] = replace(
                context,
                unread=True,
                aside=aside,
            )
            if context.tag == "div":
                break
        return self._contexts[-1]

    def _show_start(self, element: Element, place: BlockPlace) -> None:
        match element.tag:
            case "br":
                self._builder.end_line(place)
            case "hr":
                self._builder.add_text("* * *")
                self._builder.end_block(place)
            case "img":
                self._show_picture(element)
            case "a":
                address = _absolute(element.get("href"), self._base)
                self._builder.start_link(address)
            case "p":
                self._builder.start_paragraph()
            case "q":
                self._builder.add_text("“")
        # It replaces the element's text, which only says that the address is protected.
        self._builder.add_text(reveal_address(element.get("data-cfemail")))

    def _show_instead(self, element: Element, place: BlockPlace) -> None:
        """Show or note what stands for an element that isn't read."""
        if element.is_deleted():
            self.leave_out("deleted text")
        elif element.is_video():
            self._show_video(element, place)

    def _show_end(self, tag: str) -> None:
        if tag == "q":
            self._builder.add_text("”")
        elif tag == "p":
            self._builder.end_paragraph()

    def _show_video(self, element: Element, place: BlockPlace) -> None:
        """Show a video as its address, on a line of its own."""
        self._builder.end_block(place)
        self._builder.add_text(_absolute(element.get("src"), self._base))
        self._builder.end_block(place)

    def _show_picture(self, element: Element) -> None:
        source = element.get("src").strip()
        if element.is_too_small():
            self._builder.logo = _description(element.get("alt"))
            return
        if not source:
            return
        data = self._find(source) or b""
        address = "" if data else _absolute(source, self._base)
        if data or address.startswith("http"):
            alt = _description(element.get("alt"))
            picture = EmbeddedPicture(data, 0, alt=alt, address=address)
            self._builder.add_picture(picture)


def _divide_words(aside: Aside | None, tag: str) -> None:
    """Divide the words of a note where an element of this name begins or ends."""
    if aside and tag in _DIVIDING:
        aside.words.append(" ")


def _absolute(address: str, base: str) -> str:
    """Return a link's web or email address in full; "" for others: scripts, files, anchors."""
    address = address.translate(_IGNORED_IN_URLS).strip()
    address = address.replace(" ", "%20")
    if _MAILTO.fullmatch(address):
        return address
    return absolute_address(address, base or "https:")


def _description(alt: str) -> str:
    """Return a picture's alternative text, unless it is a file name or a program wrote it."""
    text = _AUTOMATIC.sub("", without_hiding_characters(alt))
    description = " ".join(text.split())
    is_text = len(description) <= _LONGEST_ALT and describes(description)
    return description if is_text else ""
