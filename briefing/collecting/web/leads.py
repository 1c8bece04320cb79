"""Find an article's lead: the paragraph between headline and text that the page also gives as its
description.

In English and Japanese it is a dek, which sums the article up and can be left out. In German,
Polish, Russian and most other languages it is the news itself, and the text continues from there. Of
218 pages whose text was chosen by people, mostly in English, 193 are right without deks, and 181 with them.
"""

import re

from briefing.collecting.text.comparing import compact
from briefing.collecting.text.wordlists import words

from .blocks import TextBlock, TextBlocks
from .page import Page

_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_WITH_DEKS = words("en ja")
_NEAR = 15
"""Blocks between a lead and the text: byline, date, buttons, a caption."""
_MIN_WORDS = 6
_MAX_DEK = 45
_MIN_CUT = 60
"""Characters of a description that is the beginning of a paragraph."""
_REPEATED = 0.75
"""The share of its longer words that the text's beginning repeats."""
_LONG_WORD = re.compile(r"\w{4,}")


def with_lead(
    page: Page,
    all_blocks: TextBlocks,
    article: TextBlocks,
    lang: str,
) -> list[TextBlock]:
    """Return an article's blocks with its lead, unless it repeats it; in a language with deks, without
    its dek.
    """
    if not article:
        return []
    descriptions = _descriptions(page)
    article = _from_described_beginning(all_blocks, article, descriptions)
    if lang in _WITH_DEKS:
        return list(_without_dek(article, descriptions))
    for block in reversed(_above(all_blocks, article)):
        # What is above the headline belongs to the page's frame.
        if block.element.tag == "h1":
            break
        if _is_lead(block, descriptions):
            return (
                list(article) if _repeats(article, block) else [block, *article]
            )
    return list(article)


def _from_described_beginning(
    all_blocks: TextBlocks,
    article: TextBlocks,
    descriptions: set[str],
) -> list[TextBlock]:
    """Return an article's blocks from the paragraph on that the description is cut from."""
    above = _above(all_blocks, article)
    for number, block in enumerate(above):
        if not block.is_heading and _is_cut_from(block, descriptions):
            prose = filter(_is_prose, above[number + 1 :])
            return [block, *prose, *article]
    return list(article)


def _above(all_blocks: TextBlocks, article: TextBlocks) -> TextBlocks:
    """Return the blocks right above an article."""
    first = all_blocks.index(article[0])
    return all_blocks[max(0, first - _NEAR) : first]


def _is_prose(block: TextBlock) -> bool:
    is_text = block.is_sentence and not block.is_heading
    return is_text and block.words >= _MIN_WORDS


def _is_cut_from(block: TextBlock, descriptions: set[str]) -> bool:
    """Whether a description is the beginning of a longer paragraph, or of several paragraphs."""
    key = compact(block.text)
    # If it is the whole paragraph, the language decides between lead and dek.
    if key in descriptions:
        return False
    return any(_is_beginning(key, description) for description in descriptions)


def _is_beginning(key: str, description: str) -> bool:
    shorter, longer = sorted((key, description), key=len)
    is_long = _MIN_CUT <= len(shorter) < len(longer)
    return is_long and longer.startswith(shorter)


def _without_dek(article: TextBlocks, descriptions: set[str]) -> TextBlocks:
    first, *rest = article
    # Without its dek, nothing would be left.
    if not any(map(_is_prose, rest)):
        return article
    if first.words > _MAX_DEK or compact(first.text) not in descriptions:
        return article
    # A dek is set apart from the text. What is among the text's paragraphs is one of them.
    is_paragraph = any(_are_alike(first, other) for other in rest[:_NEAR])
    return article if is_paragraph else rest


def _are_alike(block: TextBlock, other: TextBlock) -> bool:
    """Whether two blocks are directly in the same element, and have the same tag."""
    return block.element.tag == other.element.tag and block.is_beside(other)


def _descriptions(page: Page) -> set[str]:
    """Return the page's descriptions in compact form, unless they only repeat its title."""
    descriptions = set(map(compact, page.contents(*_DESCRIPTIONS)))
    return descriptions - {compact(page.meta("og:title"))}


def _is_lead(block: TextBlock, descriptions: set[str]) -> bool:
    return _is_prose(block) and compact(block.text) in descriptions


def _repeats(article: TextBlocks, lead: TextBlock) -> bool:
    beginning = " ".join(block.text for block in article[:2])
    wanted = set(_LONG_WORD.findall(lead.text.casefold()))
    found = wanted.intersection(_LONG_WORD.findall(beginning.casefold()))
    return len(found) > _REPEATED * len(wanted)
