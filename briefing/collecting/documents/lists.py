"""Decide what the lists of a page are: the items of some are lines with marks, those of others titles, and some only
lay out the page.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from briefing.collecting.brief.lines.marks import is_listed
from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
)
from briefing.collecting.text.emphasis import shifted

from .page_blocks import BlockPlace, PageBlock, PageBlocks
from .page_lists import PageList, PageListItem

_LOWEST_LEVEL = 6
_LONGEST_TITLE = 60


def with_marks(blocks: PageBlocks) -> Iterator[PageBlock]:
    """Put the marks of lists before their items, and forget the lists that only lay out the page."""
    layout = _layout_lists(blocks)
    titled = _titled_lists(blocks)
    marked: set[PageListItem] = set()
    for block in blocks:
        item = block.item
        if item and item.list in layout:
            block.place = BlockPlace(block.place.part)
        elif item and item.list in titled:
            make_title(block)
        elif item and block.lines and item not in marked:
            marked.add(item)
            _mark(block, item)
        yield block


def _mark(block: PageBlock, item: PageListItem) -> None:
    """Put the mark of an item before its first line, unless it has one."""
    # Some people type a mark into an item that has one: "• Library closed".
    if is_listed(block.lines[0]):
        return
    line = item.mark + block.lines[0]
    block.lines[0] = line
    block.emphases[0] = shifted(block.emphases[0], len(item.mark), len(line))


def _layout_lists(blocks: PageBlocks) -> set[PageList]:
    """Return the lists that only lay out the page: all their items have several blocks, or one has more than further
    text below its first block, which an item of any list can have.
    """
    items: dict[PageListItem, list[PageBlock]] = {}
    for block in blocks:
        if block.item and block.lines:
            items.setdefault(block.item, []).append(block)
    lists = {item.list for item in items}
    with_simple_items = {
        item.list for item, own in items.items() if len(own) == 1
    }
    with_rich_items = {
        item.list for item, own in items.items() if _is_rich(own)
    }
    return (lists - with_simple_items) | with_rich_items


def _is_rich(item: PageBlocks) -> bool:
    """Whether an item has more than further text below its first block."""
    return not all(block.is_only_words for block in item[1:])


def _titled_lists(blocks: PageBlocks) -> set[PageList]:
    """Return the lists of titles: each of their items, two or more, has a list of links below it."""
    above: dict[PageList, dict[PageListItem, PageBlock]] = {}
    linked: Counter[PageListItem] = Counter()
    for block in blocks:
        item = block.item
        if item is None:
            continue
        above.setdefault(item.list, {}).setdefault(item, block)
        if item.list.outer:
            # Above 0 if most blocks have links, so that a single note below a title's links does no harm.
            linked[item.list.outer] += 1 if block.links else -1
    return {
        page_list
        for page_list, titles in above.items()
        if _are_titles(titles, linked)
    }


def _are_titles(
    titles: Mapping[PageListItem, PageBlock],
    linked: Counter[PageListItem],
) -> bool:
    """Whether items may be titles, and most blocks below each of them have links."""
    have_links = all(linked[item] > 0 for item in titles)
    may_be_titles = all(map(may_be_title, titles.values()))
    return len(titles) > 1 and have_links and may_be_titles


def make_title(block: PageBlock) -> None:
    """Make an item of a list a heading of the lowest level."""
    block.place = BlockPlace(block.place.part, level=_LOWEST_LEVEL)


def may_be_title(block: PageBlock) -> bool:
    """Whether an item of a list may be the title of what is listed below it."""
    line = "".join(block.lines)
    if len(block.lines) != 1:
        return False
    if len(line) > _LONGEST_TITLE:
        return False
    may_have_links = ends_with_colon(line)
    return not ends_sentence(line) and (may_have_links or not block.links)
