"""The parts of a document below the headings of its sections, which may be divided in different ways: a list of links
below one, stories with a headline below the next.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from .segments import SECTION, Rows, Segment, rows_in

_LEAST_GAIN = 4.0
"""How much better a part must read if it is divided in another way than the rest of the document."""


def divided_apart(
    segments: Sequence[Segment],
    divide: Callable[[Rows], Iterable[list[Segment]]],
    score: Callable[[Sequence[Segment]], float],
) -> Iterator[Segment]:
    """The segments of a document, those of each part below headings in the way to `divide` its rows with the best
    `score`, if that is clearly better.
    """
    for headings, below in _parts_of(segments):
        yield from headings
        if not (headings and below):
            yield from below
            continue
        rows = rows_in(below)
        best = max(divide(rows), key=score)
        is_better = score(best) > score(below) + _LEAST_GAIN
        yield from best if is_better else below


def _parts_of(
    segments: Sequence[Segment],
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
            headings, below = [], []
        headings.append(segment)
    yield headings, below


def _is_heading(segment: Segment) -> bool:
    return segment.kind == SECTION and segment.rows[0].level > 0
