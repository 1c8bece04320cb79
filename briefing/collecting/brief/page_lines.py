"""Take out what stands at the edge of each page of a document that was copied as text: "Harbour News | May 2024 | 3".

Such lines differ only in the number of the page, which rises by one from each to the next.
"""

import re
from collections import defaultdict
from itertools import pairwise

from briefing.collecting.brief.message_lines import MessageLine, MessageLines
from briefing.collecting.text.written_dates import find_dates

_PAGE = re.compile(
    r"(?P<before>.{0,100}?(?:[|·/•–—-]|\b[^\W\d_]{1,8}\.?)) ?(?P<page>\d{1,3})(?P<after>(?: ?[/|·–—-].{0,60})?)"
)
_LEAST = 2
"""Pages."""


def without_page_lines(
    lines: MessageLines, left_out: list[str]
) -> MessageLines:
    """Lines without those of pages."""
    pages: dict[tuple[str, str], list[tuple[int, MessageLine]]] = defaultdict(
        list
    )
    for line in lines:
        match = _PAGE.fullmatch(line.text)
        if match and _may_be_of_page(line):
            shape = match["before"], match["after"]
            pages[shape].append((int(match["page"]), line))
    found = [
        line
        for numbered in pages.values()
        if _are_pages([number for number, _ in numbered])
        for _, line in numbered
    ]
    left_out += [line.text for line in found]
    return [line for line in lines if not any(line is page for page in found)]


def _may_be_of_page(line: MessageLine) -> bool:
    """Whether a line is a paragraph of its own, and its number isn't a day."""
    is_alone = len(line.paragraph.lines) == 1 and line.cell < 0
    return is_alone and not line.links and not _ends_with_date(line.text)


def _ends_with_date(text: str) -> bool:
    return any(found.end == len(text) for found in find_dates(text, None))


def _are_pages(numbers: list[int]) -> bool:
    is_rising = all(below == above + 1 for above, below in pairwise(numbers))
    return len(numbers) >= _LEAST and is_rising
