"""The blocks of text that a reader sees on a page one below the other, and which of them are its piece."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from briefing.collecting.web.boilerplate import BODY, Mass
from briefing.collecting.web.page import Page, naming_words
from briefing.markup import BLOCK_TAGS, tidy_spaces

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_OF_LISTS = frozenset(("li", "td", "th", "dd", "dt"))
_NOTICE = re.compile(
    r"\bcookies?\b|captcha|\bjavascript\b|your browser|ihren? browser|votre navigateur|su navegador|ad-?blocker"
    r"|werbeblocker|bloqueador de anuncios|all rights reserved|alle rechte vorbehalten|privacy policy"
    r"|datenschutzerklärung|sign up (?:for|to)|subscribe (?:to|now)|newsletter (?:abonnieren|anmelden)"
    r"|already a subscriber|to continue reading|log in to|create an account",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔](?:[\"'”’»«“‘)\]]|\s?»)*$")
# Weights: of the lightest block that a text consists of, and of what may stand before it as a dek.
_LIGHT, _DEK = 5, 60
_FAR = 40
"""Blocks below the headline after which a block counts half."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A paragraph, heading, item of a list …: what stands on lines of its own."""

    text: str
    element: Any
    """The innermost block that it stands in."""
    linked: int
    """How many of its characters are links."""

    @property
    def words(self) -> int:
        """Its words; where none are parted by spaces, two characters count as one."""
        return len(_WORD.findall(_LETTERS.sub("", self.text))) + len(_LETTERS.findall(self.text)) // 2

    @property
    def is_heading(self) -> bool:
        return self.element.tag in _HEADINGS

    @property
    def is_sentence(self) -> bool:
        return bool(_SENTENCE_END.search(self.text))

    @property
    def link_share(self) -> float:
        return self.linked / max(1, len(self.text))


def read_blocks(page: Page) -> list[Block]:
    """The blocks of a page in reading order, without those that belong to its frame, its pictures, its promotions."""
    body = page.root.find("body")
    return [] if body is None else _Reader(body).blocks()


class _Reader:
    """Walks through a body once and gathers its text into blocks."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._mass = Mass(body)
        self._found: list[Block] = []
        self._within = [body]
        """The blocks that are open, the innermost last."""
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0

    def blocks(self) -> list[Block]:
        left_out: Any = None
        walker = etree.iterwalk(self._body, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if left_out is None and self._mass.leaves_out(element):
                    left_out = element
                    walker.skip_subtree()
                    self._close(element)
                else:
                    self._start(element)
            elif element is left_out:
                left_out = None
                self._read(element.tail)
            else:
                self._end(element)
        self._close(self._body)
        return self._found

    def _start(self, element: Any) -> None:
        self._close(element)
        if element.tag in BLOCK_TAGS:
            self._within.append(element)
        self._links += element.tag == "a"
        self._read(element.text)

    def _end(self, element: Any) -> None:
        if element.tag in BLOCK_TAGS:
            self._close(element)
            self._within.pop()
        self._links -= element.tag == "a"
        if element is not self._body:
            self._read(element.tail)

    def _read(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            self._linked += len(text) if self._links else 0

    def _close(self, element: Any) -> None:
        """End the block of the text so far, where an element begins or ends one; two `<br>` do so, too."""
        if element.tag not in BLOCK_TAGS and not (element.tag == "br" and _again(element)):
            return
        text = tidy_spaces("".join(self._pieces))
        if text:
            self._found.append(Block(text, self._within[-1], self._linked))
        self._pieces, self._linked = [], 0


def _again(line_break: Any) -> bool:
    following = line_break.getnext()
    return following is not None and following.tag == "br" and not (line_break.tail or "").strip()


def find_article_blocks(blocks: Sequence[Block], title: str) -> list[Block]:
    """Those blocks, one after the other, that are most likely the piece: the run with the most of its prose.

    What stands far below the headline counts less, and so does what isn't where most of the prose is.
    """
    weights = [_weight(block) for block in blocks]
    start = _below_title(blocks, weights, title)
    top = _container(blocks[start:], weights[start:])
    below_top = set() if top is None else {*top.iter(etree.Element)}
    inside = [top is None or block.element in below_top for block in blocks]
    first, last = _heaviest_run(weights, inside, start)
    entry = next((number for number in range(first, last) if inside[number] and weights[number] >= _LIGHT), first)
    if sum(weight for weight in weights[first:entry] if weight > 0) < _DEK:
        first = entry
    return list(blocks[first:last])


def _heaviest_run(weights: Sequence[float], inside: Sequence[bool], start: int) -> tuple[int, int]:
    """The first block and the end of the run whose sum is the greatest (Kadane's algorithm)."""
    best, run = 0.0, (0, 0)
    total, begun = 0.0, start
    for number in range(start, len(weights)):
        weight = weights[number]
        if weight > 0:
            weight *= (1 if inside[number] else 0.25) / (1 + (number - start) / _FAR)
        total += weight
        if total <= 0:
            total, begun = 0.0, number + 1
        elif total > best:
            best, run = total, (begun, number + 1)
    return run


def _below_title(blocks: Sequence[Block], weights: Sequence[float], title: str) -> int:
    """Where the text below the headline begins, if most of the prose stands there; else 0."""
    wanted = _key(title)
    above, mass = 0.0, sum(weight for weight in weights if weight > 0)
    for number, block in enumerate(blocks):
        if block.is_heading and above * 2 < mass:
            text = _key(block.text)
            alike = bool(text) and (text[:20] in wanted or wanted[:20] in text)
            if text == wanted or (block.element.tag == "h1" and alike):
                return number + 1
        above += max(0.0, weights[number])
    return 0


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _weight(block: Block) -> float:
    """What a block says for standing in a text: the words of its sentences. Headings and links speak against it."""
    words = block.words
    if words < 60 and _NOTICE.search(block.text):
        return -4.0
    if block.link_share > 0.5:
        return -6.0 - words / 4
    if block.is_heading:
        return -3.0
    if words < 8:
        return 1.0 if block.is_sentence else -2.0
    if block.element.tag in _OF_LISTS and words < 30:
        return -1.0
    return min(80.0, words) * (1.0 if block.is_sentence else 0.4) * (1 - block.link_share)


def _container(blocks: Sequence[Block], weights: Sequence[float]) -> Any:
    """The element with the most prose near below it: a parent gets all of it, those above less and less."""
    scores: dict[Any, float] = defaultdict(float)
    for number, (block, weight) in enumerate(zip(blocks, weights, strict=True)):
        if weight < _LIGHT:
            continue
        share, element = 1.0, block.element
        if element.tag in {"p", "blockquote", "li"}:
            element = element.getparent()
        while element is not None and share > 0.1:
            named = bool(BODY.search(naming_words(element))) or element.get("itemprop") == "articleBody"
            scores[element] += weight / (1 + number / _FAR) * share * (1.3 if named else 1)
            element, share = element.getparent(), share * 0.6
    top = max(scores, key=lambda one: scores[one], default=None)
    return top.getparent() if top is not None and top.tag in {"blockquote", "ul", "ol"} else top
