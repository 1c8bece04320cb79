"""Turn the blocks of a page into the paragraphs of a brief.

Pages are laid out with tables, lists and line breaks, while a paragraph of a pasted brief ends at
an empty line. So blocks outside the article are dropped, and blocks that belong together are
joined (`joining.py`).

This is written by hand. Of the libraries that were tried, trafilatura 2.3 drops "Read More →"
together with its link, includes the hidden preview text of emails and doesn't distinguish new lines
from new paragraphs; inscriptis 2 drops links and pictures.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from briefing.collecting.brief.lines.credits import credit_at_end
from briefing.collecting.brief.lines.sentences import (
    contains_sentence_end,
    ends_sentence,
)
from briefing.collecting.brief.paragraphs import EmbeddedPicture, Paragraph
from briefing.collecting.brief.structure.publisher_hosts import is_in_hosts
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.hosts import host_of

from .asides import BESIDE, note_of, says_something
from .document import Document
from .joining import joined_blocks
from .lists import with_marks
from .outlines import with_outlines
from .page_blocks import PageBlock, PageBlocks, PagePart
from .tables import with_rows

_NEAR_LOGO = 5
"""Blocks from a publisher's logo on that may be about its news."""


def document_of(blocks: PageBlocks) -> Document:
    """Turn blocks into paragraphs and pictures."""
    least = _least_part(blocks)
    beside = [block for block in blocks if block.place.part < least]
    document = Document(left_out=_notes_on(beside))
    read = [block for block in blocks if block.place.part >= least]
    for arrange in _STAGES:
        read = list(arrange(read))
    for block in read:
        place = len(document.paragraphs)
        inside = bool(block.lines)
        for picture in block.pictures:
            placed = replace(picture, place=place, inside=inside)
            document.pictures.append(placed)
        if inside:
            document.paragraphs.append(_paragraph_of(block))
    return document


def _paragraph_of(block: PageBlock) -> Paragraph:
    has_emphases = any(block.emphases)
    return Paragraph(
        tuple(block.lines),
        tuple(block.links),
        level=_level_of(block),
        cells=tuple(block.cells),
        card=block.card,
        strong=frozenset(block.strong),
        emphases=tuple(block.emphases) if has_emphases else (),
    )


def _level_of(block: PageBlock) -> int:
    """Return the level of a heading; 0 for sentences, which a rule below them makes a heading in Markdown."""
    words = " ".join(block.lines)
    is_text = ends_sentence(words) and contains_sentence_end(words)
    return 0 if is_text else block.place.level


def _least_part(blocks: PageBlocks) -> PagePart:
    """Return the least part of the page that is read: its main part, or its articles if they have at least half the
    text, or all.
    """
    length: Counter[PagePart] = Counter()
    for block in blocks:
        length[block.place.part] += sum(map(len, block.lines))
    if length[PagePart.MAIN]:
        return PagePart.MAIN
    has_articles = length[PagePart.ARTICLE] >= length[PagePart.PAGE]
    return PagePart.ARTICLE if has_articles else PagePart.PAGE


def _notes_on(blocks: PageBlocks) -> list[str]:
    """Return a note on blocks that aren't read, if they say something."""
    words = " ".join(line for block in blocks for line in block.lines)
    return [note_of(BESIDE, words)] if says_something(BESIDE, words) else []


def _with_captions(blocks: PageBlocks) -> list[PageBlock]:
    """Put the captions of pictures with them: as text, they would belong to the item above even if the picture belongs
    to the one below.
    """
    found: list[PageBlock] = []
    for block in blocks:
        above = found[-1] if found else PageBlock()
        if above.pictures and not above.lines and _may_be_caption(block):
            above.pictures[-1] = _captioned(above.pictures[-1], block)
        else:
            found.append(block)
    return found


def _captioned(picture: EmbeddedPicture, block: PageBlock) -> EmbeddedPicture:
    """Return a picture with the words of a block as its caption, or after the caption that it has."""
    before = picture.caption
    if before and not ends_sentence(before):
        before += "."
    caption = " ".join([before, *block.lines]).strip()
    return replace(picture, caption=caption)


def _may_be_caption(block: PageBlock) -> bool:
    """Whether a block below a picture is its caption, by the page's own structure, or a credit."""
    if not block.lines:
        return False
    if not block.is_only_words:
        return False
    if block.place.is_caption:
        return True
    return len(block.lines) == 1 and bool(credit_at_end(block.lines[0]))


def _with_logos(blocks: PageBlocks) -> Iterator[PageBlock]:
    """Put the names of publishers that are only on pictures above their news, if several are: each followed by a link
    to the publisher.
    """
    named = {
        place
        for place, block in enumerate(blocks)
        if block.logo and _is_publishers(blocks[place : place + _NEAR_LOGO])
    }
    for place, block in enumerate(blocks):
        if place in named and len(named) > 1:
            yield PageBlock(
                [block.logo],
                emphases=[()],
                place=block.place,
                gap=block.gap,
                card=block.card,
            )
        yield block


def _is_publishers(blocks: PageBlocks) -> bool:
    """Whether the first link below a logo leads to the publisher, who isn't named in the text there."""
    logo = blocks[0].logo
    for block in blocks:
        if fold(logo) in fold(" ".join(block.lines)):
            return False
        for _, address in block.links:
            return is_in_hosts(logo, host_of(address))
    return False


# Captions first, so that nothing else takes them for text; outlines before the marks of lists, since theirs have none;
# and what belongs together is joined last, when it is known what is a card, a row or a heading.
_STAGES: tuple[Callable[[PageBlocks], Iterable[PageBlock]], ...] = (
    _with_captions,
    _with_logos,
    with_outlines,
    with_marks,
    with_rows,
    joined_blocks,
)
"""What is done to the blocks that are read, in this order."""
