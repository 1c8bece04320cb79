"""Divide a document at the headings of its sections. What is below each may be divided in its own way: a list of links
below one, stories with a headline below the next.
"""

from collections.abc import Iterator

from .segments import SECTION, Segment, Segments


def parts_of(
    segments: Segments,
) -> Iterator[tuple[list[Segment], list[Segment]]]:
    """The headings at the start of each part, and the segments below them; the first part may have no heading."""
    headings: list[Segment] = []
    below: list[Segment] = []
    for segment in segments:
        if not _is_heading(segment):
            below.append(segment)
            continue
        if below:
            yield headings, below
            headings = []
            below = []
        headings.append(segment)
    yield headings, below


def _is_heading(segment: Segment) -> bool:
    return segment.kind == SECTION and segment.rows[0].level > 0
