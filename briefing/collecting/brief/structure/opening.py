"""Read what a brief says above its first item: to its readers, and the title of the first section.

Of "Cuttings, 7 March", "Dear friends, here is the week." and "News", the second is the introduction and the last one
the section of the items below. The first is the brief's own title: a note on the first item quotes it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from briefing.collecting.brief.lines.headlines import is_greeting
from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
)
from briefing.collecting.brief.lines.titles import (
    classify_title,
    is_usual_section,
)

from .row import Row, Rows, continues_in
from .sections import title_of
from .segments import DAY, OTHER, SECTION, Segment, Segments, rows_in

_SHORTEST_SENTENCE = 12
_SHORTEST_IN_CHINESE = 6
"""Characters; Chinese needs fewer."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is above the first item of a brief."""

    introduction: list[str]
    """The paragraphs that address the readers."""
    section: str
    """The title of the section that the first items are in; "" without one."""
    others: list[str]
    """The other lines."""


def read_opening(opening: Segments, below: Segments) -> Opening:
    """Read the segments above the first item; `below` are the others, which show how titles of sections look."""
    introduction, others = _introduction_and_others(opening)
    title = _title_of_section(opening, below)
    if title is None or title.quote not in others:
        return Opening(introduction, "", others)
    others.remove(title.quote)
    return Opening(introduction, title_of(title), others)


def _title_of_section(opening: Segments, below: Segments) -> Row | None:
    """The title of the section of the first items, directly above them; None without one."""
    titles = [segment for segment in opening if segment.kind != DAY]
    place = _place_of_last_title(titles)
    if place < 0:
        return None
    title = titles[place]
    further_above = opening[: opening.index(title)]
    # What is below the date of a day isn't the brief's title.
    is_below_day = any(segment.kind == DAY for segment in further_above)
    is_own = is_below_day or _is_of_section(titles, place, below)
    return title.rows[0] if is_own else None


def _is_of_section(titles: Segments, place: int, below: Segments) -> bool:
    """Whether a title above the items is that of a section: it looks like others, or is right above the first item."""
    row = titles[place].rows[0]
    others = [segment.rows[0] for segment in below if segment.kind == SECTION]
    if any(_looks_alike(row, other) for other in others):
        return True
    if place < len(titles) - 1:
        return False
    # The only rows above the items are rather the brief's title.
    is_below_title = place > 0 and bool(others or any(_looks(row)))
    return is_below_title or is_usual_section(row.words)


def _place_of_last_title(opening: Segments) -> int:
    """The place of the last title of a section; -1 if there is none, or more than sentences below it."""
    for place in reversed(range(len(opening))):
        if opening[place].kind == SECTION:
            return place
        if not all(ends_sentence(row.words) for row in opening[place].rows):
            return -1
    return -1


def _looks_alike(row: Row, other: Row) -> bool:
    """Whether two rows are headings of one level, or emphasised in one way."""
    looks = _looks(row)
    return any(looks) and looks == _looks(other)


def _looks(row: Row) -> tuple[int, bool, bool]:
    """What makes a row look like a title: its level as a heading, emphasis, capitals."""
    return row.level, row.is_strong, row.words.isupper()


def _introduction_and_others(
    segments: Segments,
) -> tuple[list[str], list[str]]:
    """What the brief says to its readers above the items, and the other lines there."""
    introduction: list[str] = []
    other: list[str] = []
    addressing = {
        row.number
        for segment in segments
        for row in segment.rows
        if _is_introduction(row, segment)
    }
    for passage in _passages(rows_in(segments), addressing):
        if passage[-1].number in addressing:
            introduction.append(" ".join(row.words for row in passage))
        else:
            other += [row.quote for row in passage]
    return introduction, other


def _passages(rows: Rows, ends: Collection[int]) -> Iterator[list[Row]]:
    """Rows, each with those that go on in it; the rows with some numbers end a passage in any case."""
    passage: list[Row] = []
    for row, below in zip_longest(rows, rows[1:]):
        passage.append(row)
        if row.number in ends or below is None or not continues_in(row, below):
            yield passage
            passage = []


def _is_introduction(row: Row, segment: Segment) -> bool:
    is_text = segment.kind == OTHER or ends_sentence(row.words)
    return is_text and _addresses_readers(row)


def _addresses_readers(row: Row) -> bool:
    if is_greeting(row.words):
        return True
    is_sentence = ends_sentence(row.words) or ends_with_colon(row.words)
    is_chinese = row.words.endswith(("。", "！", "：", "？"))
    shortest = _SHORTEST_IN_CHINESE if is_chinese else _SHORTEST_SENTENCE
    is_long = len(row.words) > shortest
    return is_sentence and is_long and not classify_title(row.words)
