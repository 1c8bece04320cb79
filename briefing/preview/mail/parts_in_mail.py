"""Find the parts of an issue in its email, and how much of the email each takes. No I/O.

An email doesn't say which item is where, and organisations' own templates look different. So a part is
found by its words: the next heading that ends with its headline.
"""

import html as html_
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.issue.parts import Parts

from .variants import STYLE_SHEET

ABOVE, BELOW, STYLES = "above", "below", "styles"
"""What belongs to no part: above the first one, below the last one, and the style sheet."""

BEGINNING = 40
"""How many letters of its text identify an item without a headline."""

_BLOCK = re.compile(r"<(h[1-6]|p)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*+>")
_MARK = re.compile(r' data-part="([^"]*+)"')
_FOOTER = re.compile(r'<\w+ class="footer')


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading or paragraph of the email."""

    is_heading: bool
    place: int
    """Where an attribute can be put in: behind the name of its tag."""
    letters: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A part, and the letters that its heading ends with, or its first paragraph begins with."""

    id: str
    has_heading: bool
    letters: str

    def is_in(self, block: _Block) -> bool:
        if not self.letters or block.is_heading != self.has_heading:
            return False
        if self.has_heading:
            # A template may put the kind of item in front of its headline.
            return block.letters.endswith(self.letters)
        return block.letters.startswith(self.letters)


def with_part_marks(html: str, parts: Parts) -> str:
    """Return an email with an attribute `data-part` at the heading of each section and item that is
    found.
    """
    pieces: list[str] = []
    written = 0
    for place, part_id in _places(html, parts):
        pieces += [html[written:place], f' data-part="{part_id}"']
        written = place
    return "".join([*pieces, html[written:]])


def _places(html: str, parts: Parts) -> Iterator[tuple[int, str]]:
    blocks = list(_blocks(html))
    start = 0
    for wanted in _wanted(parts):
        for index in range(start, len(blocks)):
            if wanted.is_in(blocks[index]):
                yield blocks[index].place, wanted.id
                start = index + 1
                break


def _blocks(html: str) -> Iterator[_Block]:
    for match in _BLOCK.finditer(html):
        tag = match[1].lower()
        end = html.find(f"</{tag}", match.end())
        markup = html[match.start() : max(end, match.end())]
        letters = _letters(html_.unescape(_TAG.sub("", markup)))
        yield _Block(tag != "p", match.end(), letters)


def _wanted(parts: Parts) -> Iterator[_Wanted]:
    for section in parts.sections:
        yield _Wanted(section.id, True, _letters(section.title))
        for part in section.items:
            heading = _letters(part.item.heading)
            if heading:
                yield _Wanted(part.id, True, heading)
            else:
                text = _letters(part.item.text)[:BEGINNING]
                yield _Wanted(part.id, False, text)


def _letters(text: str) -> str:
    """Return the letters and digits of a text: an email has other spaces, hyphens and isolates."""
    return "".join(filter(str.isalnum, text)).casefold()


def part_sizes(html: str) -> Mapping[str, int]:
    """Return how many bytes of an email each part takes, and ABOVE, BELOW and STYLES. `with_part_marks`
    must have marked the parts.
    """
    styles = sum(map(_size, STYLE_SHEET.findall(html)))
    marks = list(_MARK.finditer(html))
    if not marks:
        return {ABOVE: _size(html) - styles, STYLES: styles}
    footer = _FOOTER.search(html, marks[-1].end())
    end = footer.start() if footer else len(html)
    starts = [html.rindex("<", 0, mark.start()) for mark in marks]
    found = {ABOVE: _size(html[: starts[0]]) - styles}
    stops = [*starts[1:], end]
    for mark, start, stop in zip(marks, starts, stops, strict=True):
        found[mark[1]] = _size(html[start:stop]) - len(mark[0])
    return {**found, BELOW: _size(html[end:]), STYLES: styles}


def _size(html: str) -> int:
    return len(html.encode())
