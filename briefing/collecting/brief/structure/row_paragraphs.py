"""Find the paragraphs that rows are in, and the rows that are above several paragraphs with links."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile

from .row import Row, Rows

_SEVERAL = 2
"""Items below a title that make it one of a section or a day."""


def paragraphs(rows: Rows) -> Iterator[list[Row]]:
    """The rows of each paragraph; rules divide paragraphs, and are left out."""
    paragraph: list[Row] = []
    for row in rows:
        if paragraph and (row.is_rule or row.block != paragraph[-1].block):
            yield paragraph
            paragraph = []
        if not row.is_rule:
            paragraph.append(row)
    if paragraph:
        yield paragraph


def is_one_paragraph(rows: Rows) -> bool:
    """Whether all of some neighbouring rows are in one paragraph."""
    return rows[0].block == rows[-1].block


def starts_of_paragraphs(rows: Rows) -> list[int]:
    """Which rows begin a paragraph, counted from the first of these rows, which isn't one of them."""
    return [
        number
        for number in range(1, len(rows))
        if rows[number].block != rows[number - 1].block
    ]


def rest_of_paragraph(rows: Rows, place: int) -> list[Row]:
    """The rows below the one in a place that are in its paragraph."""
    block = rows[place].block
    below = islice(rows, place + 1, None)
    return list(takewhile(lambda row: row.block == block, below))


def places_alone(rows: Rows) -> set[int]:
    """The places of the rows that are paragraphs by themselves."""
    lengths = Counter(row.block for row in rows)
    return {place for place, row in enumerate(rows) if lengths[row.block] == 1}


def is_above_several(rows: Rows, titles: Sequence[int]) -> bool:
    """Whether one of the titles in some places has several items below it, up to the next title: paragraphs that have a
    link and more than one row, or bullets with a link.
    """
    for title, end in pairwise([*titles, len(rows)]):
        below = rows[title + 1 : end]
        lengths = Counter(row.block for row in below)
        linked = {row.block for row in below if row.links}
        listed = sum(bool(row.mark and row.links) for row in below)
        long = sum(lengths[block] > 1 for block in linked)
        if max(long, listed) >= _SEVERAL:
            return True
    return False
