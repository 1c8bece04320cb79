"""Collect the text, line ends and pictures of a page into lines and blocks."""

from itertools import pairwise
from typing import NamedTuple

from briefing.collecting.brief.lines.classify import classify_words
from briefing.collecting.brief.lines.line import Role
from briefing.collecting.brief.paragraphs import EmbeddedPicture
from briefing.collecting.text.emphasis import Emphasis, join_pieces
from briefing.collecting.text.literal import Link, bare_links
from briefing.errors import BriefingError

from .document import MOST_CHARACTERS, MOST_PARAGRAPHS, TOO_LONG
from .page_blocks import BlockPlace, PageBlock

# Invisible characters other than white space: joiners, direction marks, fillers. Senders use them
# to fill up the preview that mail apps show in the mailbox.
_INVISIBLE = frozenset(
    "\u034f\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u2800\u3164\ufeff"
)


class _Run(NamedTuple):
    """Text that looks the same from its first letter to its last."""

    text: str
    target: str
    """The address that it links to; "" if it isn't linked."""
    is_bold: bool
    is_italic: bool


class BlockBuilder:
    """Collects blocks. Raises BriefingError if there are more, or more text, than in any brief."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self.target = ""
        """The address that the text added now links to; "" if it isn't linked."""
        self.is_bold = False
        """Whether the text added now is bold."""
        self.is_italic = False
        self.logo = ""
        """What the last small picture says."""
        self._before_link = 0
        """How many blocks there were when the link began."""
        self._length = 0
        self._runs: list[_Run] = []
        """The text of the line so far."""
        self._block = PageBlock()
        self._paragraph_is_empty = False

    def add_text(self, text: str) -> None:
        """Add text to the current line."""
        if not text:
            return
        self._length += len(text)
        if self._length > MOST_CHARACTERS:
            raise BriefingError(TOO_LONG)
        self._runs.append(_Run(text, self.target, self.is_bold, self.is_italic))
        if not is_blank(text):
            self._paragraph_is_empty = False

    def add_picture(self, picture: EmbeddedPicture) -> None:
        """Add a picture to the current block."""
        self._block.pictures.append(picture)
        self._paragraph_is_empty = False

    def start_link(self, address: str) -> None:
        """Begin a link; "" for one that can't be followed."""
        self.target = address
        self._before_link = len(self.blocks)

    def end_link(self) -> None:
        """End a link. If it is around several blocks, such as a card of news, only the headline stays linked."""
        target, self.target = self.target, ""
        if not target:
            return
        inside = self.blocks[self._before_link :]
        linked = [block for block in inside if block.lines]
        if not linked:
            return
        headline = max(linked, key=_prominence)
        for block in linked:
            if block is not headline:
                _unlink(block, target)
        self._runs = [run._replace(target="") for run in self._runs]

    def start_paragraph(self) -> None:
        """Begin a `<p>`."""
        self._paragraph_is_empty = True

    def end_paragraph(self) -> None:
        """End a `<p>`; an empty one is an empty line."""
        self._block.gap |= self._paragraph_is_empty
        self._paragraph_is_empty = False

    def end_line(self, place: BlockPlace) -> None:
        """End a line; a blank one ends the block. A picture alone on a line is a separate block."""
        has_text = self._finish_line()
        picture_alone = self._block.pictures and not self._block.lines
        if picture_alone:
            self.end_block(place)
        elif not has_text:
            self.end_block(place)
            self._block.gap = True

    def end_block(self, place: BlockPlace) -> None:
        """End the block, if it has anything in it."""
        self._finish_line()
        block = self._block
        if not block.lines and not block.pictures:
            return
        block.place = place
        if block.lines:
            block.logo, self.logo = self.logo, ""
        self.blocks.append(block)
        if len(self.blocks) > MOST_PARAGRAPHS:
            raise BriefingError(TOO_LONG)
        self._block = PageBlock()

    def _finish_line(self) -> bool:
        """Move the text so far to the lines. Returns whether there was any."""
        runs, self._runs = self._runs, []
        text = "".join(run.text for run in runs)
        links = _links_in(runs)
        if is_blank(text):
            return False
        line, emphases = _emphases_in(runs)
        if len(links) == 1 and _announces_address(line, links[0]):
            address = links[0][1]
            line = f"{line.rstrip(' :')}: {address}"
            links = [(address, address)]
            emphases = ()
        if all(run.is_bold or is_blank(run.text) for run in runs):
            self._block.strong.add(len(self._block.lines))
        self._block.lines.append(line)
        self._block.emphases.append(emphases)
        self._block.links += links
        return True


def _unlink(block: PageBlock, target: str) -> None:
    """Remove the links to an address from a block."""
    block.links = [link for link in block.links if link[1] != target]


def _prominence(block: PageBlock) -> int:
    """How likely a block is the headline of a card."""
    if block.place.level:
        return 2
    return 1 if 0 in block.strong else 0


def is_blank(text: str) -> bool:
    return all(
        character.isspace() or character in _INVISIBLE for character in text
    )


def _announces_address(line: str, link: Link) -> bool:
    """Whether a line is a link with the words that announce an address in plain text: "Full
    report", "PDF".
    """
    if link[0] != line:
        return False
    example = f"{line.rstrip(' :')}: https://example.org/"
    return classify_words(example).role is Role.ADDRESS


def _emphases_in(runs: list[_Run]) -> tuple[str, tuple[Emphasis, ...]]:
    """Return a line, and what is emphasised in it."""
    pieces = [run.text for run in runs]
    # A tab between words may divide the cells of a row; one at the edge of a line only indents it.
    is_row = "\t" in "".join(pieces).strip()
    line, places = join_pieces(pieces, keeps_tabs=is_row)
    emphases = (
        Emphasis(start, end, run.is_bold, run.is_italic)
        for run, (start, end) in zip(runs, pairwise(places), strict=True)
        if run.is_bold or run.is_italic
    )
    return line, tuple(emphases)


def _links_in(runs: list[_Run]) -> list[Link]:
    """Return the links of a line: those of the page, and the bare addresses between them."""
    links: list[Link] = []
    linked = ""
    target = ""
    for text, address, *_ in runs:
        # Spaces between two links to one address belong to them: <a>Read</a> <a>more</a>
        if address != target and not (target and text.isspace()):
            links += _link(linked, target)
            linked = ""
            target = address
        linked += text
    return links + _link(linked, target)


def _link(text: str, target: str) -> list[Link]:
    if not target:
        return list(bare_links(text))
    words = " ".join(text.split())
    return [(words, target)] if words else []
