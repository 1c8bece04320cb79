"""Find the cards of a page: frames, cells or other parts that each have one news item, with a single link.

Newsletters and pages put each item into a part of its own. Parts at the same place of the page's structure are alike,
so if several of them have one link each, and nothing between them has any, each is an item. Buttons that every card
has, such as "3 comments", don't count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from briefing.collecting.text.literal import Link
from briefing.text.markup import BLOCK_TAGS

from .page_blocks import PageBlock, PageBlocks

_LEAST_CARDS = 3
_LEAST_BLOCKS = 2
_LONGEST_BETWEEN = 60
"""Characters. What is longer isn't the title of a section."""
_NOT_PARTS = {"p", "pre", "hr", "ol", "ul", "h1", "h2", "h3", "h4", "h5", "h6"}
PARTS = BLOCK_TAGS - _NOT_PARTS
"""Elements that can be a card."""

Path = tuple[int, str]
"""The number of the path of the element around, and a tag."""


@dataclass(frozen=True, slots=True)
class CardCandidate:
    """An element, and the blocks in it."""

    path: int
    """The number of the tags around it."""
    first: int
    end: int


class CardCandidates:
    """The elements of a page so far that can be a card."""

    def __init__(self) -> None:
        self._numbers: dict[Path, int] = {}
        self._found: list[CardCandidate] = []

    def path_to(self, tag: str, outer: int) -> int:
        """Return the number of the path to an element, by that of the element around."""
        return self._numbers.setdefault((outer, tag), len(self._numbers) + 1)

    def add(self, candidate: CardCandidate) -> None:
        """Add an element that has ended."""
        if candidate.end - candidate.first >= _LEAST_BLOCKS:
            self._found.append(candidate)

    def mark_cards(self, blocks: PageBlocks) -> list[str]:
        """Number the blocks by the card that they are in, and take out the buttons that don't lead where a card's own
        link does. Returns the words of these buttons.
        """
        alike: dict[int, list[CardCandidate]] = defaultdict(list)
        for candidate in self._found:
            alike[candidate.path].append(candidate)
        # Paths are numbered from outside; what is around a card belongs to it.
        found = (_cards_among(alike[path], blocks) for path in sorted(alike))
        cards = max(found, key=len, default=[])
        buttons = _buttons_in(cards, blocks)
        left_out: list[str] = []
        for number, card in enumerate(cards):
            inside = blocks[card.first : card.end]
            own = _own_links(inside, buttons)
            for block in inside:
                block.card = number
                left_out += _taken_out(block, own)
        return left_out


def _taken_out(block: PageBlock, own: Set[str]) -> list[str]:
    """Take the lines out of a block if they are only links to pages that aren't a card's own. Returns them."""
    others = [
        words for words, address in _links_in([block]) if address not in own
    ]
    if not others or others != block.lines:
        return []
    block.lines, block.links, block.emphases = [], [], []
    block.strong.clear()
    return others


def _cards_among(
    candidates: Sequence[CardCandidate], blocks: PageBlocks
) -> list[CardCandidate]:
    """Return the cards among candidates at one place; none if there are too few, or more between them than titles."""
    cards: list[CardCandidate] = []
    links: set[str] = set()
    buttons = _buttons_in(candidates, blocks)
    for candidate in candidates:
        inside = blocks[candidate.first : candidate.end]
        found = _own_links(inside, buttons)
        if len(found) == 1 and sum(len(block.lines) for block in inside) > 1:
            cards.append(candidate)
            links |= found
    # Each must lead to a page of its own: parts that all link to the same page aren't news.
    are_cards = len(cards) >= _LEAST_CARDS and len(links) == len(cards)
    return cards if are_cards and _only_titles_between(cards, blocks) else []


def _only_titles_between(
    cards: Sequence[CardCandidate], blocks: PageBlocks
) -> bool:
    return all(
        all(map(_may_be_title, blocks[card.end : below.first]))
        for card, below in pairwise(cards)
    )


def _may_be_title(block: PageBlock) -> bool:
    return not block.links and sum(map(len, block.lines)) <= _LONGEST_BETWEEN


def _buttons_in(
    candidates: Iterable[CardCandidate], blocks: PageBlocks
) -> set[str]:
    """Return what links to many pages say in the same words, apart from numbers."""
    addresses: dict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        for words, address in _links_in(
            blocks[candidate.first : candidate.end]
        ):
            addresses[_without_numbers(words)].add(address)
    return {
        words
        for words, found in addresses.items()
        if len(found) >= _LEAST_CARDS
    }


def _own_links(blocks: PageBlocks, buttons: Set[str]) -> set[str]:
    """Return the addresses that blocks link to, if possible without those of buttons."""
    links = list(_links_in(blocks))
    own = {
        address
        for words, address in links
        if _without_numbers(words) not in buttons
    }
    return own or {address for _, address in links}


def _without_numbers(words: str) -> str:
    # "3 comments" and "12 comments" are the same button.
    return "".join(sign for sign in words if not sign.isdigit())


def _links_in(blocks: PageBlocks) -> Iterator[Link]:
    """Yield the links to pages."""
    for block in blocks:
        for words, address in block.links:
            if not address.startswith("mailto:"):
                yield words, address
