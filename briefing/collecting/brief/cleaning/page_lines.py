"""Take out what copying leaves in a text: edges of pages, "Harbour News | May 2024 | 3", and pictures, "[image: Map]".

Lines at the edge of pages differ only in the number of the page, which rises by one from each to the next.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import pairwise

from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

from .pasted_lines import PastedLine, PastedLines, without_lines

# "Harbour News | May 2024 | 3", "Page 3 of 12", "- 3 -"
_PAGE = re.compile(
    r"(?P<before>(?:.{0,100}[|·/•–—-] ?)?(?P<label>[^\W\d_]{0,12}\.?))"
    r" ?(?P<page>\d{1,3})(?P<after>(?:\D{1,60}\d{0,3})?)"
)
_LABEL = Form("<page>")
_PICTURE = re.compile(
    r"\[(?:inline )?(?:image|cid):[^\[\]]{0,300}\]|<image\d{1,4}\.[a-z]{3,4}>",
    re.IGNORECASE,
)
"""What Gmail and Outlook write in plain text for a picture."""
_LEAST = 2
"""Pages."""

_Shape = tuple[str, str]
"""What is before and after the number of a page."""


def without_page_lines(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """Lines without those at the edges of pages and those in place of pictures."""
    places = set(_at_edges(lines))
    for place, line in enumerate(lines):
        if _PICTURE.fullmatch(line.text):
            places.add(place)
    return without_lines(places, lines, left_out)


def _at_edges(lines: PastedLines) -> Iterator[int]:
    """The places of the lines at the edges of pages."""
    pages: dict[_Shape, dict[int, int]] = defaultdict(dict)
    for place, line in enumerate(lines):
        match = _PAGE.fullmatch(line.text)
        if match and _may_be_of_page(line, match["label"]):
            shape = match["before"], match["after"]
            pages[shape][place] = int(match["page"])
    for numbers in pages.values():
        if _are_pages(numbers.values()):
            yield from numbers


def _may_be_of_page(line: PastedLine, label: str) -> bool:
    """Whether a line is a paragraph of its own with words, and its number isn't a day and has no other label than
    "page".
    """
    if len(line.paragraph.lines) > 1:
        return False
    if line.cell >= 0:
        return False
    if line.links:
        return False
    if label and not _LABEL.fits(label):
        return False
    has_words = any(map(str.isalpha, line.text))
    return has_words and not _has_day(line.text)


def _has_day(text: str) -> bool:
    return any(found.date for found in find_dates(text, None))


def _are_pages(numbers: Collection[int]) -> bool:
    is_rising = all(below == above + 1 for above, below in pairwise(numbers))
    return len(numbers) >= _LEAST and is_rising
