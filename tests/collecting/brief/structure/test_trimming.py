"""The brief's own title above the first item isn't part of it, but a headline like the others' is."""

import datetime as dt

import pytest

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.evidence import Evidence
from briefing.collecting.brief.structure.rating import rated
from briefing.collecting.brief.structure.rows import rows_of
from briefing.collecting.brief.structure.segments import (
    ITEM,
    Segment,
    items_of,
)
from briefing.collecting.brief.structure.trimming import without_ends

FIRST = """{title}

Harbour Post, 4 March 2024

„Die Akte folgt Ihnen nicht.“

The clerk brought water. https://harbour-post.example.com/record"""
OTHERS = (
    "**“I was only the key”**\n\nRadio Karsa, 5 March 2024",
    "**Mayor praises the silence**\n\nTidal, 6 March 2024",
)


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Friday letter", "Harbour Post, 4 March 2024"),
        ("**Judge is tired**", "Judge is tired"),
    ],
)
def test_a_title_alone_is_the_briefs_unless_it_looks_like_the_headlines(
    title: str, first: str
) -> None:
    evidence = Evidence(dt.date(2024, 3, 8))
    text = "\n\n***\n\n".join([FIRST.format(title=title), *OTHERS])
    segments: list[Segment] = [Segment(ITEM, ())]
    for row in rows_of(split_paragraphs(text)):
        if row.is_rule:
            segments.append(Segment(ITEM, ()))
        else:
            segments[-1] = Segment(ITEM, (*segments[-1].rows, row))
    items = items_of(
        without_ends(
            [rated(segment, evidence) for segment in segments], evidence
        )
    )
    assert items[0].rows[0].words == first
