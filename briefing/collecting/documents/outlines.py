"""Find news in outlines: lists in which each item is a headline, and what belongs to it is listed below.

- Bakers refuse night deliveries
  - Harbour Post, 3 May
  - There was a vote, with one against.
  - https://example.org/bakers

Without the marks, these are the lines of a news item as in any other brief. Such items can themselves be listed below
the titles of their sections.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain

from .lists import make_title, may_be_title
from .page_blocks import BlockPlace, PageBlock, PageBlocks, merged
from .page_lists import PageList, PageListItem

_LEAST_NEWS = 2

_Items = dict[PageListItem, list[PageBlock]]
"""Items of lists, with all blocks in them."""
Level = tuple[PageList, int]
"""An outermost list, and how deep in it items are."""


def with_outlines(blocks: PageBlocks) -> Iterator[PageBlock]:
    """Make each item of a list of news a card, with its lines in one block and without marks, and the items around
    them titles.
    """
    news = _news_in(blocks)
    titles = _titles_of(news)
    card = max((block.card for block in blocks), default=-1)
    for block in blocks:
        around = _items_around(block.item)
        own = next((item for item in around if item in news), None)
        if own is None:
            if block.item in titles and may_be_title(block):
                make_title(block)
            yield block
        elif block is news[own][0]:
            card += 1
            yield _as_card(news[own], card)


def _titles_of(news: _Items) -> set[PageListItem]:
    """Return the items around news items, which are the titles of their sections."""
    around = (_items_around(item)[:-1] for item in news)
    return set(chain.from_iterable(around))


def _as_card(blocks: PageBlocks, number: int) -> PageBlock:
    card = merged(blocks)
    card.place = BlockPlace(card.place.part)
    card.card = number
    return card


def _news_in(blocks: PageBlocks) -> _Items:
    """Return the items of the level with the most news of each outermost list, if at least half of them are news; none
    if the document has only one such item.
    """
    most: Counter[PageList] = Counter()
    found: dict[PageList, _Items] = {}
    for (outermost, _), items in _levels_in(blocks).items():
        news = sum(map(_is_news, items.values()))
        is_mostly_news = 2 * news >= len(items)
        if is_mostly_news and news > most[outermost]:
            most[outermost] = news
            found[outermost] = items
    if most.total() < _LEAST_NEWS:
        return {}
    together: _Items = {}
    for items in found.values():
        together |= items
    return together


def _levels_in(blocks: PageBlocks) -> dict[Level, _Items]:
    """Return the items of lists by the outermost list that they are in, and how deep in it they are."""
    levels: dict[Level, _Items] = defaultdict(dict)
    for block in blocks:
        around = _items_around(block.item)
        for depth, item in enumerate(around):
            items = levels[around[0].list, depth]
            items.setdefault(item, []).append(block)
    return levels


def _items_around(item: PageListItem | None) -> list[PageListItem]:
    """Return an item and those that it is in, the outermost first."""
    around: list[PageListItem] = []
    while item:
        around.insert(0, item)
        item = item.list.outer
    return around


def _is_news(blocks: PageBlocks) -> bool:
    """Whether an item has a single link, and more than links listed below it."""
    first = blocks[0]
    addresses: set[str] = set()
    has_details = False
    for block in blocks:
        addresses.update(address for _, address in block.links)
        is_below = block.item != first.item
        # Where only links are listed below it, an item is their title, not news.
        has_details |= is_below and not block.links
    return has_details and len(addresses) == 1
