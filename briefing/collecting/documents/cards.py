"""Find the cards of a page: frames, cells or other parts that each have one news item, with a single link.

Newsletters and pages put each item into a part of its own. Parts at the same place of the page's structure are alike,
so if several of them have one link each, and nothing between them has any, each is an item.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefing.collecting.documents.blocks import PageBlock
from briefing.markup import BLOCK_TAGS

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
class Part:
    """An element, and the blocks in it."""

    path: int
    """The number of the tags around it."""
    first: int
    end: int


class Parts:
    """The parts that a page has had so far."""

    def __init__(self) -> None:
        self._numbers: dict[Path, int] = {}
        self._found: list[Part] = []

    def path_to(self, tag: str, outer: int) -> int:
        """Return the number of the path to an element, by that of the element around."""
        return self._numbers.setdefault((outer, tag), len(self._numbers) + 1)

    def add(self, part: Part) -> None:
        """Add a part that has ended."""
        if part.end - part.first >= _LEAST_BLOCKS:
            self._found.append(part)

    def mark_cards(self, blocks: Sequence[PageBlock]) -> None:
        """Number the blocks by the card that they are in."""
        alike: dict[int, list[Part]] = defaultdict(list)
        for part in self._found:
            alike[part.path].append(part)
        # Paths are numbered from outside; what is around a card belongs to it.
        cards: list[Part] = []
        for path in sorted(alike):
            found = _cards_among(alike[path], blocks)
            cards = found if len(found) > len(cards) else cards
        for number, card in enumerate(cards):
            for block in blocks[card.first : card.end]:
                block.card = number


def _cards_among(
    parts: Sequence[Part], blocks: Sequence[PageBlock]
) -> list[Part]:
    """Return the cards among parts at the same place; none if there are too few, or more between them than titles."""
    cards: list[Part] = []
    links: set[str] = set()
    for part in parts:
        inside = blocks[part.first : part.end]
        found = _links_in(inside)
        if len(found) == 1 and sum(len(block.lines) for block in inside) > 1:
            cards.append(part)
            links |= found
    are_cards = len(cards) >= _LEAST_CARDS and len(links) == len(cards)
    return cards if are_cards and _only_titles_between(cards, blocks) else []


def _only_titles_between(
    cards: Sequence[Part], blocks: Sequence[PageBlock]
) -> bool:
    end = cards[0].end
    for card in cards[1:]:
        if not all(map(_may_be_title, blocks[end : card.first])):
            return False
        end = card.end
    return True


def _may_be_title(block: PageBlock) -> bool:
    return not block.links and sum(map(len, block.lines)) <= _LONGEST_BETWEEN


def _links_in(blocks: Iterable[PageBlock]) -> set[str]:
    return {
        address
        for block in blocks
        for _, address in block.links
        if not address.startswith("mailto:")
    }
