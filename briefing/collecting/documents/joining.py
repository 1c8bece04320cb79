"""Join the blocks of a page that would be a single paragraph in a pasted brief: the items of a list, the lines of a
contact, rows with tabs, the parts of a hard-wrapped sentence, and the lines between the empty lines that divide a
document.

In Word and in emails, each line of a brief is often a paragraph of its own, and empty paragraphs divide the items.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from briefing.collecting.brief.cleaning.chat_stamps import begins_message
from briefing.collecting.brief.lines.contacts import (
    classify_contact,
    is_reachable,
)
from briefing.collecting.brief.lines.headlines import is_greeting
from briefing.collecting.brief.lines.sentences import ends_sentence

from .page_blocks import PageBlock, PageBlocks, merged

# A phone number, an address, a name with a function; what is longer or comes later is the next
# item.
_LONGEST_CONTACT_LINE = 60
_MOST_CONTACT_LINES = 5
_HARD_WRAPPED = range(40, 121)
"""Lengths of lines that a program may have wrapped."""
_TAB = "\t"
_LEAST_GAPS = 2
"""Empty lines that may divide a document."""
_LEAST_MESSAGES = 3


def joined_blocks(blocks: PageBlocks) -> Iterator[PageBlock]:
    """Join the blocks that would be a single paragraph in a pasted brief."""
    # First, since between empty lines contacts and wrapped lines already belong to the item around them.
    lines = list(_with_lines_joined(blocks))
    return map(merged, _grouped(lines, _belongs_to))


def _grouped(
    blocks: PageBlocks,
    belongs_to: Callable[[PageBlocks, PageBlock], bool],
) -> Iterator[list[PageBlock]]:
    """Yield together the blocks that follow one another and belong to the group above them."""
    group: list[PageBlock] = []
    for block in blocks:
        if group and not belongs_to(group, block):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


# --- Lines between empty lines


def _with_lines_joined(blocks: PageBlocks) -> Iterator[PageBlock]:
    """Join the blocks of text between two empty lines, if empty lines divide the document, or it is a chat."""
    stretches = list(_grouped(blocks, _follows))
    texts = [stretch for stretch in stretches if _is_text(stretch[0])]
    if not (_are_divided_by_gaps(texts) or _is_chat(texts)):
        yield from chain.from_iterable(stretches)
        return
    apart = _introductory(texts)
    for stretch in stretches:
        start = apart if stretch is texts[0] else 0
        yield from stretch[:start]
        yield merged(stretch[start:])


def _follows(stretch: PageBlocks, block: PageBlock) -> bool:
    """Whether a block of text follows another one without an empty line."""
    above = stretch[-1]
    if block.gap:
        return False
    if block.place.cell is not above.place.cell:
        return False
    return _is_text(above) and _is_text(block)


def _are_divided_by_gaps(texts: Sequence[PageBlocks]) -> bool:
    """Whether empty lines, rather than headings or pictures, divide most of a document's text."""
    gaps = sum(text[0].gap for text in texts)
    if gaps < _LEAST_GAPS:
        return False
    return 2 * gaps >= len(texts)


def _is_chat(texts: Iterable[PageBlocks]) -> bool:
    """Whether several lines begin messages of a chat; other lines continue the message above them."""
    lines = (block.lines[0] for block in chain.from_iterable(texts))
    return sum(map(begins_message, lines)) >= _LEAST_MESSAGES


def _introductory(texts: Sequence[PageBlocks]) -> int:
    """Return how many blocks of the first text are an introduction above the first item: a greeting, and those that
    no other text has.
    """
    first, *others = texts
    inner = others[:-1] or others  # the last one is a sign-off
    longest = max(map(len, inner), default=len(first))
    more = len(first) - longest
    is_greeted = is_greeting(first[0].lines[0])
    return min(max(is_greeted, more), len(first) - 1)


def _is_text(block: PageBlock) -> bool:
    """Whether a block has words, and isn't a part of a list, a table, or a card, or a heading."""
    if block.item:
        return False
    if block.card >= 0:
        return False
    return _is_plain(block)


# --- Lists, contacts, rows and wrapped lines


def _belongs_to(group: PageBlocks, block: PageBlock) -> bool:
    last = group[-1]
    if not _is_plain(last):
        return False
    if not _is_plain(block):
        return False
    if block.card != last.card:
        return False
    # The items of a list are one paragraph even if the page has space between them.
    if block.item or last.item:
        return bool(block.item and last.item)
    return not block.gap and _continues(group, block)


def _continues(group: PageBlocks, block: PageBlock) -> bool:
    above = group[-1].lines[-1]
    line = block.lines[0]
    if _TAB in above and _TAB in line:
        return True  # rows of a table that is written with tabs
    if classify_contact(group[0].lines[0]):
        return len(group) < _MOST_CONTACT_LINES and _is_contact_line(block)
    return _is_hard_wrapped(above, line)


def _is_plain(block: PageBlock) -> bool:
    """Whether a block has words, and is neither a row of a table nor a heading."""
    if block.is_row:
        return False
    if block.place.level:
        return False
    return bool(block.lines)


def _is_contact_line(block: PageBlock) -> bool:
    line = block.lines[0]
    if len(block.lines) > 1:
        return False
    if len(line) > _LONGEST_CONTACT_LINE:
        return False
    return is_reachable(line)


def _is_hard_wrapped(above: str, line: str) -> bool:
    is_continued = line[:1].islower() and not ends_sentence(above)
    return is_continued and len(above) in _HARD_WRAPPED
