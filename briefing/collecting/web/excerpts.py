"""The first sentences of a page's text, word for word: not its dek, a caption, a byline, an advertisement."""

import re
from collections.abc import Sequence

from briefing.collecting.web.blocks import Block
from briefing.collecting.web.page import Page

MOST = 900
"""Characters of an excerpt, empty lines between its paragraphs included."""

# Words that are enough for an excerpt to end where the text is interrupted: by a heading or a table, by anything else.
_BEGUN, _ENOUGH = 16, 33
_CERTAIN = 80  # characters
_LONGEST_DEK = 45  # words

# Stands between the paragraphs of a text and doesn't belong to it.
_BETWEEN = re.compile(
    r"advert(?:isement|isment)?|anzeige|werbung|reklam|ad|publicidade?|publicité|pubblicità"
    r"|(?:(?:story|article) continues below|continue reading|read more|scroll to continue).*"
    r"|(?:©|\(c\) |photos?:|fotos?:|bild:|image:|picture:).{0,300}",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|von|por|par|di|door|av|text|(?:last )?(?:updated?|modified)|published|posted|written by|reviewed by|stand"
    r"|aktualisiert|veröffentlicht|publi\w+)\b",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"(?:19|20)\d\d|\d{1,2}:\d\d")
_SENTENCE = re.compile(r"\w\w[.!?]$")
_END = re.compile(r"[.!?…؟۔](?:[\"”’»“)\]])*(?=\s|$)|[。！？]")


def find_excerpt(page: Page, blocks: Sequence[Block]) -> tuple[str, bool]:
    """The beginning of an article's blocks, and whether it is surely that."""
    names = ("og:description", "description", "twitter:description")
    descriptions = {_key(value) for name in names for value in page.metas.get(name, ())}
    start = next((n for n, one in enumerate(blocks) if _begins(one) and not _is_dek(n, blocks, descriptions)), None)
    found = "\n\n".join(_paragraphs(blocks[start:])) if start is not None else ""
    return found, len(found) >= _CERTAIN


def _paragraphs(blocks: Sequence[Block]) -> list[str]:
    """The texts of the first blocks, one below the other without a gap, up to an interruption or the length."""
    found: list[str] = []
    length = words = 0
    for block in blocks:
        if _BETWEEN.fullmatch(block.text) or (not found and not _begins(block)):
            continue
        if _interrupts(block):
            if words >= (_BEGUN if _parts(block) else _ENOUGH):
                break
            if block.is_heading:
                found, length, words = [], 0, 0  # a line between two headings isn't where a text begins
            continue
        if length + len(block.text) > MOST:
            cut = _whole_sentences(block.text, MOST - length) if words < _ENOUGH else ""
            return [*found, cut] if cut else found
        found.append(block.text)
        length += len(block.text) + 2
        words += block.words
    return found


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_dek(number: int, blocks: Sequence[Block], descriptions: set[str]) -> bool:
    """Whether a block is what stands between headline and text: the page's description, or a sentence of the text."""
    block = blocks[number]
    rest = blocks[number + 1 : number + 40]
    if any(other.text.startswith(block.text) for other in rest):
        return True
    following = next((other for other in rest if _begins(other)), None)
    if following is None or block.words > _LONGEST_DEK:
        return False
    one, other = block.element, following.element
    alike = one.tag == other.tag and one.getparent() is other.getparent()
    return not alike and _key(block.text) in descriptions


def _parts(block: Block) -> bool:
    return block.is_heading or block.element.tag in {"td", "th"}


def _interrupts(block: Block) -> bool:
    """Whether a block is none of a text's paragraphs."""
    scrap = block.words < 8 and not block.is_sentence and block.element.tag != "p"
    return _parts(block) or block.link_share > 0.5 or scrap


def _begins(block: Block) -> bool:
    """Whether a text can begin with a block."""
    if block.is_heading or block.link_share > 0.5 or block.words < 5 or _BETWEEN.fullmatch(block.text):
        return False
    tells_who_or_when = _BYLINE.match(block.text) or _MOMENT.search(block.text)
    if tells_who_or_when and block.words < 25 and not _SENTENCE.search(block.text):
        return False
    return block.words >= 12 or block.is_sentence


def _whole_sentences(text: str, most: int) -> str:
    ends = [match.end() for match in _END.finditer(text[: most + 1]) if match.end() <= most]
    return text[: ends[-1]] if ends else ""
