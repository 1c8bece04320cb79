"""Extract the words of an edition, with their lines in its file."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from briefing.issue.header_lines import ISSUE_HEADERS, ITEM_HEADERS
from briefing.issue.markdown import line_of, text_lines
from briefing.issue.model import Issue, Item
from briefing.rendering import prose

from .inspected import InspectedEdition

PassageLine = tuple[int | None, str]
"""The number of a line in the file (1-based; None if the part wasn't read from a file), and its
text.
"""
_MARKDOWN = prose.parser()


def passages(issue: Issue) -> Iterator[list[PassageLine]]:
    """Yield the passages of an edition: a title, the value of a header line, or the lines of a
    text.
    """
    yield from _passages_of(issue, issue.title, ISSUE_HEADERS)
    for section in issue.sections:
        yield [(line_of(section), section.title or "")]
    for item in issue.items:
        yield from _passages_of(item, item.heading, ITEM_HEADERS)


def _passages_of(
    part: Issue | Item,
    heading: str,
    headers: Sequence[str],
) -> Iterator[list[PassageLine]]:
    yield [(line_of(part), heading)]
    for name in headers:
        value = getattr(part, name)
        if name != "kind" and isinstance(value, str):
            yield [(line_of(part, name), value)]
    yield list(text_lines(part))


def lines(inspected: InspectedEdition) -> Iterator[PassageLine]:
    """Yield all lines of all passages with entities such as `&shy;` decoded, as readers see them."""
    for line, text in chain.from_iterable(passages(inspected.issue)):
        yield line, decode_entities(text)


def headings(issue: Issue) -> Iterator[PassageLine]:
    """Yield the title and subject of the issue, and the headings of sections and items."""
    yield line_of(issue), issue.title
    yield line_of(issue, "subject"), issue.subject
    for section in issue.sections:
        yield line_of(section), section.title or ""
    for item in issue.items:
        yield line_of(item), item.heading


def shown_words(inspected: InspectedEdition) -> Iterator[PassageLine]:
    """Yield the words of all texts as Markdown shows them, without links and code, with their
    lines.
    """
    for part in inspected.parts:
        numbered = list(text_lines(part))
        text = "\n".join(line for _, line in numbered)
        for index, words in _words_of(text):
            yield numbered[index][0], words


@lru_cache(maxsize=256)  # several rules read the same texts
def _words_of(text: str) -> list[tuple[int, str]]:
    """Return the words of Markdown source, with the indexes of their lines."""
    words: list[tuple[int, str]] = []
    for block in _MARKDOWN.parse(text):
        index = block.map[0] if block.map else 0
        in_link = False
        for token in block.children or ():
            match token.type:
                case "link_open":
                    in_link = True
                case "link_close":
                    in_link = False
                case "softbreak" | "hardbreak":
                    index += 1
                case "text" if not in_link:
                    words.append((index, token.content))
    return words


def decode_entities(text: str) -> str:
    return re.sub(r"&#?\w+;", lambda entity: html.unescape(entity[0]), text)


def has_content(text: str) -> bool:
    """Whether a text has a letter, a digit or a symbol such as an emoji."""
    for character in decode_entities(text):
        category = unicodedata.category(character)
        if category[0] in "LN" or category == "So":
            return True
    return False
