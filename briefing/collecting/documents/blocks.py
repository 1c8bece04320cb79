"""The blocks of a page in their order, made into paragraphs: what belongs to the brief, lists, lines that are one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, auto

from briefing.collecting.brief import contacts
from briefing.collecting.brief.headlines import ends_sentence, listed
from briefing.collecting.brief.paragraphs import EmbeddedPicture, Paragraph
from briefing.collecting.documents.document import Document
from briefing.collecting.text.literal import Link

# A line of a contact is no longer; a hard-wrapped line has between so many characters and so many.
_LONGEST_CONTACT = 60
_MOST_CONTACT = 5
_WRAPPED = range(40, 121)


class Region(IntEnum):
    """The part of a page in which something stands; the highest that has enough text is the brief."""

    PAGE = auto()
    ARTICLE = auto()
    MAIN = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a list: which list, which of its items, and the mark before it ("- ", "3. ")."""

    list: int
    number: int
    mark: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a page: its bytes, or its address on the web, and its words."""

    data: bytes
    alt: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together, with their links and the pictures among them; without lines, a picture alone."""

    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()
    pictures: tuple[Shown, ...] = ()
    region: Region = Region.PAGE
    gap: bool = False
    """Whether an empty line stands above it."""
    entry: Entry | None = None


def document_of(blocks: Sequence[Block]) -> Document:
    """The paragraphs and pictures that blocks make."""
    document = Document()
    for block in _one_below_the_other(_with_marks(_of_brief(blocks))):
        place, inside = len(document.paragraphs), bool(block.lines)
        document.pictures.extend(
            EmbeddedPicture(picture.data, place, inside, picture.alt, picture.address) for picture in block.pictures
        )
        if inside:
            document.paragraphs.append(Paragraph(block.lines, block.links))
    return document


def _of_brief(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a page's main part, or of its articles where these hold most of the words; else all."""
    words: Counter[Region] = Counter()
    for block in blocks:
        words[block.region] += sum(map(len, block.lines))
    if words[Region.MAIN]:
        least = Region.MAIN
    else:
        least = Region.ARTICLE if words[Region.ARTICLE] >= words[Region.PAGE] else Region.PAGE
    return [block for block in blocks if block.region >= least]


def _with_marks(blocks: Sequence[Block]) -> Iterator[Block]:
    """Lists whose items are one block each have marks before them; others only lay out a page."""
    counts = Counter((block.entry.list, block.entry.number) for block in blocks if block.entry and block.lines)
    layout = {number for (number, _), count in counts.items() if count > 1}
    for block in blocks:
        if block.entry is None or block.entry.list in layout:
            yield replace(block, entry=None)
        elif block.lines and listed(block.lines[0]) is None:
            yield replace(block, lines=(block.entry.mark + block.lines[0], *block.lines[1:]))
        else:
            yield block


def _one_below_the_other(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks, those made one that are one paragraph of a pasted brief: a list, a contact, a hard-wrapped sentence."""
    together: list[Block] = []
    for block in blocks:
        if together and not (_belongs(block, together)):
            yield _merged(together)
            together = []
        together.append(block)
    if together:
        yield _merged(together)


def _belongs(block: Block, above: Sequence[Block]) -> bool:
    last = above[-1]
    if not block.lines or not last.lines or block.gap:
        return bool(block.lines and last.lines and block.entry and last.entry)
    if block.entry or last.entry:
        return bool(block.entry and last.entry)
    line, before = block.lines[0], last.lines[-1]
    if contacts.classify_contact(above[0].lines[0]):
        short = len(block.lines) == 1 and len(line) <= _LONGEST_CONTACT and len(above) < _MOST_CONTACT
        return short and contacts.reaches(line)
    return len(before) in _WRAPPED and line[:1].islower() and not ends_sentence(before)


def _merged(blocks: Sequence[Block]) -> Block:
    return replace(
        blocks[0],
        lines=tuple(line for block in blocks for line in block.lines),
        links=tuple(link for block in blocks for link in block.links),
        pictures=tuple(picture for block in blocks for picture in block.pictures),
    )
