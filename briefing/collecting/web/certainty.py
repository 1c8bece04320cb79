"""Decide whether a headline or text is where pages usually have it; if not, the editor is asked to
check it.

Measured on saved pages: half of the wrong headlines and texts are somewhere else, and a quarter of the
right ones.
"""

import re
from itertools import islice

from briefing.collecting.text.comparing import compact

from .blocks import TextBlock, TextBlocks, has_unspaced_letters
from .page import Page, text_of

_SHORT_HEADLINE = 20
"""Characters; a shorter headline may be the name of a section."""
_SHORT_UNSPACED = 10
"""The same in a language without spaces between words."""
_SHORT_EXCERPT = 250
# A quotation, which is seldom the first sentence; a date; or how to contact the publisher.
_ODD = re.compile(
    r"[\"“”„«‘「『]|(?:last |zuletzt )?(?:updated|published|aktualisiert)\b|\d{1,2}\. ?(?:\d|\w{3,9} \d{4})"
    r"|.{0,300}\S@\S",
    re.DOTALL | re.IGNORECASE,
)
# A caption ends so: "(Jo Doe/Example Pictures)", "(Jo Doe, Example Post)".
_LONGEST_CREDIT = 130
_CREDIT_AT_END = re.compile(r"\([^()]{2,60}[/,][^()]{2,60}\)$")
_SKIPPED_WORDS = 12
"""The words in a sentence that the text may have begun with."""
_NEAR = 6
"""Blocks that may be between the headline and the text."""
_BEGINNING = 60
_MAX_HEADINGS = 60


def is_usual_headline(page: Page, title: str) -> bool:
    """Whether a headline is in the page's main heading, and longer than the name of a section."""
    shortest = (
        _SHORT_UNSPACED if has_unspaced_letters(title) else _SHORT_HEADLINE
    )
    if len(title) < shortest:
        return False
    key = compact(title)
    headings = islice(page.root.iter("h1"), _MAX_HEADINGS)
    return any(key in compact(text_of(heading)) for heading in headings)


def is_usual_beginning(blocks: TextBlocks, title: str, excerpt: str) -> bool:
    """Whether a text is long enough, uninterrupted, begins as texts do, and follows its headline without
    anything that may belong to it. `blocks` are those of the whole page.
    """
    if len(excerpt) < _SHORT_EXCERPT or _is_odd(excerpt):
        return False
    if not _is_uninterrupted(blocks, excerpt):
        return False
    between = _between(
        blocks, compact(title), excerpt[:_BEGINNING].partition("\n")[0]
    )
    return len(between) < _NEAR and not any(map(_may_begin, between))


def _is_odd(excerpt: str) -> bool:
    """Whether a text begins as few do; with a small letter, its ornate first letter may be missing."""
    if excerpt[0].islower() or _ODD.match(excerpt):
        return True
    first, _, _ = excerpt.partition("\n")
    return _CREDIT_AT_END.search(first[-_LONGEST_CREDIT:]) is not None


def _is_uninterrupted(blocks: TextBlocks, excerpt: str) -> bool:
    """Whether a text's paragraphs follow each other on the page, in elements of the same kind. A
    paragraph of another kind may be an advertisement or a teaser.
    """
    paragraphs = excerpt.split("\n\n")
    starts = (
        number
        for number, block in enumerate(blocks)
        if block.text.startswith(paragraphs[0])
    )
    start = next(starts, 0)
    run = blocks[start : start + len(paragraphs)]
    for block, paragraph in zip(run, paragraphs, strict=False):
        if not block.text.startswith(paragraph):
            return False
    return len({block.element.tag for block in run}) == 1


def _between(blocks: TextBlocks, title: str, beginning: str) -> list[TextBlock]:
    """Return the blocks between a headline and the first sentence; none if there is no headline."""
    between: list[TextBlock] = []
    is_below = False
    for block in blocks:
        if compact(block.text) == title:
            is_below = True
            between = []
        elif block.text.startswith(beginning):
            break
        elif is_below:
            between.append(block)
    return between


def _may_begin(block: TextBlock) -> bool:
    return block.is_sentence and block.words >= _SKIPPED_WORDS
