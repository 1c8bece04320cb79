"""The input for reading a brief: paragraphs of plain text with links, and pictures between them."""

import re
from dataclasses import dataclass

from briefing.collecting.text.emphasis import Emphasis
from briefing.collecting.text.literal import Link, bare_links

SMALLEST_PHOTO = 80
"""Pixels. A picture with a shorter side is a logo, an icon or a spacer."""


_HEADING = re.compile(r"\s{0,3}(?:#{1,6} +\S|(={2,5}+)[^=]{1,80}\1$)")
"""In Markdown or a wiki, it ends the paragraph above it, and is one itself."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The lines between two blank lines, unchanged, and their links in order."""

    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()
    level: int = 0
    """The level of a heading, from 1; 0 for none."""
    cells: tuple[int, ...] = ()
    """For a table's row: the number of the cell, from 0, that each line is in."""
    strong: frozenset[int] = frozenset()
    """The numbers of the lines, from 0, that are bold as a whole."""
    emphases: tuple[tuple[Emphasis, ...], ...] = ()
    """What is emphasised in each line; empty if nothing is known of that."""
    card: int = -1
    """The number of the part of a page that it is in, if each such part has one item; -1 elsewhere."""
    number: int = -1
    """Its place in the document, which is what pictures refer to."""

    @property
    def is_row(self) -> bool:
        """Whether its lines are the cells of a table's row."""
        return bool(self.cells)


@dataclass(frozen=True, slots=True)
class EmbeddedPicture:
    """A picture in a document. None of its fields can be trusted."""

    data: bytes
    """Empty if the picture isn't in the document, but on the web at `address`."""
    place: int
    """The number of the paragraph that contains it or follows it; below the last paragraph, the
    number of paragraphs.
    """
    inside: bool = False
    """Whether it is among that paragraph's words."""
    alt: str = ""
    address: str = ""
    caption: str = ""
    """The words below it that belong to it; no paragraph has them."""


def split_paragraphs(text: str) -> list[Paragraph]:
    """Split plain text at its blank lines; bare web addresses become the paragraphs' links."""
    # Word ends a page with U+000C; browsers copy U+2029 between paragraphs. splitlines() knows the
    # other line ends.
    text = text.replace("\f", "\n\n").replace("\u2029", "\n\n")
    paragraphs: list[Paragraph] = []
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        is_heading = _HEADING.match(line) is not None
        if lines and (is_heading or not line.strip()):
            paragraphs.append(_paragraph(lines))
            lines = []
        if is_heading:
            paragraphs.append(_paragraph([line]))
        elif line.strip():
            lines.append(line)
    return paragraphs


def _paragraph(lines: list[str]) -> Paragraph:
    links: list[Link] = []
    for line in lines:
        links.extend(bare_links(line))
    return Paragraph(tuple(lines), tuple(links))
