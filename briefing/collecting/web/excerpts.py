"""The first sentences of a page's text, word for word: not its dek, a caption, a byline or an
advertisement.
"""

import re

from briefing.collecting.text.wordlists import words

from .blocks import TextBlock, TextBlocks
from .headings import COLONS

MAX_LENGTH = 900
"""Characters of an excerpt, including the empty lines between its paragraphs."""

_ENOUGH_BEFORE_HEADING = 16
"""The number of words after which an excerpt ends at a heading or table."""
_ENOUGH = 33
"""The number of words after which it ends at any other interruption."""
_CERTAIN = 80
"""The least number of characters in an excerpt that is certainly the article's beginning."""
_SEEN_AHEAD = 40
"""Blocks in which a dek's sentences may be repeated."""
_MAX_BYLINE = 25
"""A line with fewer words may say who wrote the article, and when."""
_MAX_CAPTION = 60
"""Words."""
_MAX_CREDIT = 90
"""Characters of a credit at the end of a caption."""
_MAX_LINE = 60
"""Characters of a heading that isn't marked up as one."""
_MAX_SCRAP = 8
"""A line with fewer words may be a caption."""

# Lines between paragraphs that don't belong to the text.
_ADVERTISEMENTS = words(
    "advertisement advertisment advert anzeige werbung reklam ad publicidad publicidade publicité"
)
_INTERRUPTIONS = re.compile(
    r"(?:(?:story|article) continue[sd] below|continue reading|read more|scroll (?:to continue|down)).*"
    r"|(?:©|\(c\) |photos?:|fotos?:|bild:|image:|picture:).{0,300}"
    r"|pubblicità"
    r"|[（(]?原标题\s?[：:].{0,200}",
    re.IGNORECASE,
)
_CREDIT_AT_END = re.compile(
    r"(?:\b(?:fotos?|photos?|bild(?:er)?|image|picture)\s?(?:©|:|by\b|\(c\))|©)(?:[^.!?]|(?<=[A-Z])\.){1,60}$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|von|por|par|di|door|av|text|(?:last )?(?:updated?|modified)|published|posted|written by|reviewed by|stand"
    r"|aktualisiert|veröffentlicht|publi\w+)\b",
    re.IGNORECASE,
)
# "… and nobody was asked. By Jo Doe", "By Jo Doe on Oct. 8, 2020"
_BYLINE_AT_END = re.compile(
    r"(?<=[.!?])\s(?:By|Von|Par|Por|Di|Door) [A-ZÀ-Þ][\w’'-]*+(?: [A-ZÀ-Þ][\w’'-]*+){1,3}"
    r"(?: on \w{3,9}\.? \d{1,2}, \d{4})?$"
)
_READING_TIME = re.compile(
    r"(?:lesedauer|lesezeit|reading time|temps de lecture|tiempo de lectura|tempo di lettura|okuma süresi"
    r"|leestijd|czas czytania|lästid|время чтения)\b|\bmin(?:ute)?s?\.? read\b",
    re.IGNORECASE,
)
_YEAR_OR_TIME = re.compile(r"(?:19|20)\d\d|\d{1,2}:\d\d")
_SENTENCE_END = re.compile(r"[.!?…؟۔।॥።။།](?:[\"”’»“)\]])*(?=\s|$)|[。！？]")


def find_excerpt(blocks: TextBlocks) -> tuple[str, bool]:
    """Return the first sentences of an article's blocks, and whether they are certainly that."""
    for number, block in enumerate(blocks):
        if _can_begin(block):
            rest = blocks[number + 1 : number + _SEEN_AHEAD]
            if not _is_repeated(block, rest) and not _is_summary(block, rest):
                excerpt = "\n\n".join(_paragraphs(blocks[number:]))
                return excerpt, len(excerpt) >= _CERTAIN
    return "", False


def _without_heading_at_end(paragraphs: list[str]) -> list[str]:
    """Drop a short last line without a full stop: a heading of what follows, such as "Related stories:"."""
    *others, last = paragraphs
    is_short = len(last) < _MAX_LINE and len(last.split()) < _MAX_SCRAP
    is_heading = is_short and (last[-1].isalnum() or last.endswith(COLONS))
    return others if others and is_heading else paragraphs


def _paragraphs(blocks: TextBlocks) -> list[str]:
    """Return the first paragraphs, up to an interruption or MAX_LENGTH."""
    found: list[str] = []
    length = count = 0
    for block in blocks:
        if _is_skipped(block, is_first=not found):
            continue
        if _interrupts(block):
            if count >= _enough_before(block):
                break
            if block.is_heading:
                # No text begins with a single line between two headings.
                found = []
                length = count = 0
            continue
        text = _BYLINE_AT_END.sub("", block.text)
        if length + len(text) > MAX_LENGTH:
            # Only what is too short by itself gets a part of the next paragraph.
            if count < _ENOUGH:
                found.append(_whole_sentences(text, MAX_LENGTH - length))
            break
        found.append(text)
        length += len(text) + 2
        count += block.words
    # The last paragraph is empty if not even its first sentence fitted.
    paragraphs = list(filter(None, found))
    return _without_heading_at_end(paragraphs) if paragraphs else []


def _is_skipped(block: TextBlock, *, is_first: bool) -> bool:
    if _is_insertion(block.text) or _is_short_byline(block):
        return True
    if _is_caption(block) or _is_set_apart_notice(block):
        return True
    return is_first and not _can_begin(block)


def _is_set_apart_notice(block: TextBlock) -> bool:
    """Whether a block asks something of readers, and isn't a paragraph that only mentions it."""
    return block.is_notice and block.element.tag != "p"


def _is_caption(block: TextBlock) -> bool:
    """Whether a block ends with the credit of a picture."""
    if block.words > _MAX_CAPTION:
        return False
    return _CREDIT_AT_END.search(block.text[-_MAX_CREDIT:]) is not None


def _is_short_byline(block: TextBlock) -> bool:
    """Whether a paragraph is only an author's name: "by Jo Doe", "by Jo Doe on 8 October 2020"."""
    if block.is_sentence or not _BYLINE.match(block.text):
        return False
    if block.words < _MAX_SCRAP:
        return True
    has_date = _YEAR_OR_TIME.search(block.text) is not None
    return has_date and block.words < _MAX_BYLINE


def _enough_before(interruption: TextBlock) -> int:
    """Return the number of words after which an excerpt can end at an interruption."""
    return _ENOUGH_BEFORE_HEADING if _is_structure(interruption) else _ENOUGH


def _can_begin(block: TextBlock) -> bool:
    """Whether a text can begin with a block."""
    if block.is_heading or block.is_linked:
        return False
    if block.words < 5 or _is_insertion(block.text):
        return False
    if block.words < _MAX_BYLINE and _is_byline(block.text):
        return False
    # A shorter line without a full stop may be a label, a place or a name.
    return block.words >= 12 or block.is_sentence


def _is_byline(text: str) -> bool:
    """Whether a line says who wrote the article, when, or how long it takes to read."""
    if _READING_TIME.search(text):
        return True
    has_end = text.endswith((".", "!", "?"))
    # "By noon the docks were empty." is a sentence; "By Jo Doe for the U.N." ends with an abbreviation.
    is_sentence = has_end and text[-3:-1].isalnum()
    if is_sentence:
        return False
    match = _BYLINE.match(text) or _YEAR_OR_TIME.search(text)
    return match is not None


def _is_repeated(block: TextBlock, rest: TextBlocks) -> bool:
    """Whether a block is a dek whose words the text repeats; not the beginning of a text that is on the
    page twice, once for small screens.
    """
    for at, other in enumerate(rest):
        if other.text.startswith(block.text):
            return not _is_whole_text_repeated(rest, at)
    return False


def _is_whole_text_repeated(rest: TextBlocks, at: int) -> bool:
    """Whether the block after `rest[at]` repeats the first one, as it does if the page has the whole
    text twice.
    """
    following = rest[at + 1 : at + 2]
    return at > 0 and any(block.text == rest[0].text for block in following)


def _is_summary(block: TextBlock, rest: TextBlocks) -> bool:
    """Whether a block is one of the "key points" that some publishers list above a text."""
    if block.element.tag != "li":
        return False
    return any(other.element.tag == "p" and _can_begin(other) for other in rest)


def _is_insertion(text: str) -> bool:
    """Whether a line between paragraphs doesn't belong to the text: "Advertisement", "Read more …"."""
    if text.lower() in _ADVERTISEMENTS:
        return True
    return _INTERRUPTIONS.fullmatch(text) is not None


def _is_structure(block: TextBlock) -> bool:
    return block.is_heading or block.element.tag in {"td", "th"}


def _interrupts(block: TextBlock) -> bool:
    """Whether a block isn't one of the text's paragraphs."""
    if _is_structure(block) or block.is_linked:
        return True
    if block.is_sentence or block.element.tag == "p":
        return False
    return block.words < _MAX_SCRAP


def _whole_sentences(text: str, limit: int) -> str:
    """Return as many complete sentences from the start of a text as fit; "" if the first doesn't."""
    sentences = _SENTENCE_END.finditer(text[: limit + 1])
    ends = [match.end() for match in sentences if match.end() <= limit]
    return text[: max(ends, default=0)]
