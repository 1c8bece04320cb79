"""HTML as paragraphs and pictures: what somebody reads who looks at the page, in that order.

A page, a mail, what an online editor or Word exports: tables are used for layout in all of them, line breaks for
paragraphs in some. It is read as a stream, so that depth costs nothing; nothing is fetched.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes, urljoin

from lxml import etree

from briefing.collecting.brief import vocabulary as phrases
from briefing.collecting.brief.roles import Role
from briefing.collecting.documents.blocks import Block, Entry, Region, Shown, document_of
from briefing.collecting.documents.document import MOST_PARAGRAPHS, MOST_TEXT, TOO_MUCH, Document, Find
from briefing.collecting.documents.visible import BLOCKS, hiding_classes, is_literal, is_small, is_unseen
from briefing.collecting.text.literal import Link, addresses
from briefing.errors import BriefingError
from briefing.issue.links import unsafe

MOST_MARKUP = 10_000_000
"""Characters, without the pictures in them."""
MOST_EVENTS = 600_000
"""Beginnings, ends and texts of elements: a long page has 50,000."""
MOST_DEPTH = 2_000

_SPACES = re.compile(r"[ \t\n\r\f]+")
# They turn round or hide what a text says: bidirectional overrides and isolates, tags, controls.
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# Fills up the preview of a mail; nobody sees it.
_BLANK = re.compile(r"[\s\u034f\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u2800\u3164\ufeff]*")
_DATA = re.compile(r"data:image/[\w.+-]{1,40}(?:;[\w=-]{1,40}){0,3};base64,([A-Za-z0-9+/=%\s]*)", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:[^\s<>\"\\@]+@[^\s<>\"\\@]+", re.IGNORECASE)
# Word describes pictures by itself, and says so; cameras and programs name files.
_DESCRIBED = re.compile(r"(?:description automatically generated|automatisch generierte beschreibung).*", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"\S*\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|svg)|(?:img|dsc|image|picture|bild|grafik|resim)[ _-]?\d*",
    re.IGNORECASE,
)
_LONGEST_ALT = 300


def read_html(markup: str, find: Find) -> Document:
    """The paragraphs and pictures of a page; `find` gives the pictures that it names, those in it are found anyway.

    Raises BriefingError if it has more in it than any brief.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[1])
        return f"held:{len(held) - 1}"

    def find_held(name: str) -> bytes | None:
        number = name.removeprefix("held:")
        if number != name:
            return _unpacked(held[int(number)]) if number.isdecimal() and int(number) < len(held) else None
        return find(name)

    markup = _DATA.sub(hold, markup)
    if len(markup) > MOST_MARKUP:
        raise BriefingError(TOO_MUCH)
    parser = etree.HTMLParser(target=_Reader(find_held), encoding="utf-8", huge_tree=True)
    try:
        parser.feed(markup.encode("utf-8", "replace") or b" ")
        blocks: list[Block] = parser.close()
    except etree.LxmlError as error:
        raise BriefingError("is no page that can be read; paste its text") from error
    return document_of(blocks)


def cleaned(text: str) -> str:
    """`text` without the characters that only hide or turn round what it says."""
    return _UNWANTED.sub("", text)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within an element."""

    tag: str = ""
    unseen: bool = False
    literal: bool = False
    """Whether its line ends are shown."""
    region: Region = Region.PAGE
    entry: Entry | None = None
    list: int = 0
    counted: str = ""
    """The kind of the list: `ol` or `ul`."""


class _Reader:
    """Takes the events of lxml's parser and gives blocks: its target."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._stack = [_State()]
        self._events = 0
        self._length = 0
        self._base = ""
        self._style: list[str] = []
        self._hiding: set[str] = set()
        self._numbers = [0]
        """The number of the last item of each list."""
        self._address = ""
        self._runs: list[tuple[str, str]] = []
        """The words of the line so far, with the address that they lead to."""
        self._lines: list[str] = []
        self._links: list[Link] = []
        self._pictures: list[Shown] = []
        self._blocks: list[Block] = []
        self._gap = False
        self._fresh = False
        """Whether nothing has stood in this paragraph yet."""

    # --- What lxml calls

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._count()
        if len(self._stack) > MOST_DEPTH:
            raise BriefingError("is nested deeper than any brief; paste the text of the brief alone")
        tag = str(tag).lower()
        above = self._stack[-1]
        if tag in BLOCKS:
            self._end_block()
        state = self._state(tag, attributes, above)
        self._stack.append(state)
        if tag == "base" and not self._base:
            self._base = attributes.get("href", "")
        if not state.unseen:
            self._show(tag, attributes)
        if "data-cfemail" in attributes:
            self._add("" if state.unseen else _unhidden(attributes["data-cfemail"]))
            self._stack[-1] = replace(state, unseen=True)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._count()
        tag = str(tag).lower()
        if len(self._stack) > 1:
            state = self._stack.pop()
            if tag == "style" and self._style:
                self._hiding.update(hiding_classes(self._style))
                self._style.clear()
            if tag == "a":
                self._address = ""
            if tag == "q" and not state.unseen:
                self._add("”")
            if tag in BLOCKS:
                self._end_block(of=state)
                if tag == "p" and not state.unseen:
                    self._gap |= self._fresh
                    self._fresh = False

    def data(self, text: str) -> None:
        """Words, in pieces of any length."""
        self._count()
        state = self._stack[-1]
        if state.tag == "style":
            self._style.append(text)
        if state.unseen:
            return
        text = _UNWANTED.sub("", text)
        if not state.literal:
            self._add(_SPACES.sub(" ", text))
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self._break()
            self._add(line)

    def comment(self, text: str) -> None:
        """Nothing in it is shown, also what Outlook alone would show."""

    def close(self) -> list[Block]:
        """All blocks, once the page has ended."""
        self._end_block()
        return self._blocks

    # --- What they mean

    def _show(self, tag: str, attributes: Mapping[str, str]) -> None:
        match tag:
            case "br":
                self._break()
            case "hr":
                self._end_block()
                self._add("* * *")
                self._end_block()
            case "img":
                self._picture(attributes)
            case "a":
                self._address = _target(attributes.get("href", ""), self._base)
            case "p":
                self._fresh = True
            case "q":
                self._add("“")

    def _count(self) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            raise BriefingError(TOO_MUCH)

    def _state(self, tag: str, attributes: Mapping[str, str], above: _State) -> _State:
        role = attributes.get("role", "").strip().lower()
        region = above.region
        if "main" in {tag, role}:
            region = Region.MAIN
        elif "article" in {tag, role}:
            region = max(region, Region.ARTICLE)
        hidden = above.unseen or is_unseen(tag, attributes, self._hiding, in_page=region is Region.PAGE)
        literal = is_literal(tag, attributes, above=above.literal)
        state = replace(above, tag=tag, unseen=hidden, literal=literal, region=region)
        if tag in {"ol", "ul"}:
            start = attributes.get("start", "1")
            self._numbers.append(int(start) - 1 if tag == "ol" and re.fullmatch(r"\d{1,3}", start) else 0)
            return replace(state, list=len(self._numbers) - 1, counted=tag, entry=None)
        if tag == "li" and state.list:
            self._numbers[state.list] += 1
            number = self._numbers[state.list]
            return replace(state, entry=Entry(state.list, number, f"{number}. " if state.counted == "ol" else "- "))
        return state

    def _add(self, text: str) -> None:
        if text:
            self._length += len(text)
            if self._length > MOST_TEXT:
                raise BriefingError(TOO_MUCH)
            self._fresh = self._fresh and bool(_BLANK.fullmatch(text))
            self._runs.append((text, self._address))

    def _picture(self, attributes: Mapping[str, str]) -> None:
        source = attributes.get("src", "").strip()
        if not source or is_small(attributes):
            return
        data = self._find(source)
        address = "" if data else _target(source, self._base)
        if data or address.startswith("http"):
            self._fresh = False
            self._pictures.append(Shown(data or b"", _alt(attributes.get("alt", "")), address))

    def _break(self) -> None:
        """A line ends; one that is empty ends the block."""
        if not self._end_line():
            self._end_block()
            self._gap = True
        elif self._pictures and not self._lines:
            self._end_block()

    def _end_line(self) -> bool:
        """Whether words or a picture stood in the line."""
        words = "".join(text for text, _ in self._runs)
        runs, self._runs = self._runs, []
        if _BLANK.fullmatch(words):
            return bool(self._pictures and not self._lines)
        line, links = " ".join(words.split()), _links(runs)
        if len(links) == 1 and links[0][0] == line and _names_address(line):
            line = f"{line.rstrip(' :')}: {links[0][1]}"
            links = [(links[0][1], links[0][1])]
        self._lines.append(line)
        self._links += links
        return True

    def _end_block(self, of: _State | None = None) -> None:
        """A block ends; `of` is the state in it where that isn't the last any more."""
        self._end_line()
        if self._lines or self._pictures:
            state = of or self._stack[-1]
            lines, links, pictures = tuple(self._lines), tuple(self._links), tuple(self._pictures)
            self._blocks.append(Block(lines, links, pictures, state.region, self._gap, state.entry))
            self._lines, self._links, self._pictures, self._gap = [], [], [], False
            if len(self._blocks) > MOST_PARAGRAPHS:
                raise BriefingError(TOO_MUCH)


def _names_address(line: str) -> bool:
    """Whether a linked line says what plain text has before the item's address: "Full report", "PDF"."""
    return phrases.classify(f"{line.rstrip(' :')}: https://example.org/").role is Role.ADDRESS


def _links(runs: list[tuple[str, str]]) -> list[Link]:
    """The links of a line: those of the page, and the bare addresses between them."""
    links: list[Link] = []
    words, target = "", ""
    for text, address in [*runs, ("", "")]:
        if address == target or (target and text and not text.strip()):
            words += text
            continue
        links += _link(words, target)
        words, target = text, address
    return links + _link(words, target)


def _link(words: str, target: str) -> list[Link]:
    if not target:
        return list(addresses(words))
    return [(" ".join(words.split()), target)] if words.strip() else []


def _target(address: str, base: str) -> str:
    """Where a link leads, whole; "" where it leads to no web or mail address: into the page, to a script, to a file."""
    address = re.sub(r"[\t\n\r]", "", address).strip().replace(" ", "%20")
    if _MAILTO.fullmatch(address):
        return address
    try:
        address = urljoin(base or "https:", address) if base or address.startswith("//") else address
    except ValueError:
        return ""
    return "" if unsafe(address) else address


def _unhidden(code: str) -> str:
    """The mail address that Cloudflare hid in a page."""
    try:
        key, *letters = bytes.fromhex(code[:500])
        return bytes(letter ^ key for letter in letters).decode()
    except ValueError:
        return ""


def _unpacked(code: str) -> bytes | None:
    try:
        return base64.b64decode(unquote_to_bytes(code))
    except (binascii.Error, ValueError):
        return None


def _alt(text: str) -> str:
    """The words for a picture, if somebody wrote any: no file's name, nothing that a program found."""
    words = " ".join(_DESCRIBED.sub("", _UNWANTED.sub("", text)).split())
    return "" if _FILE_NAME.fullmatch(words) or len(words) > _LONGEST_ALT else words
