"""Read a brief whose items repeat one arrangement: messages → rows → reading → items. No I/O."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from briefing.collecting.brief.assemble import Brief
from briefing.collecting.brief.headlines import (
    ends_sentence,
    ends_with_colon,
    is_greeting,
)
from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.labels import classify_title, is_usual_section
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.literal import markdown

from . import LAYOUTS
from .colons_before_addresses import without_colons_before_addresses
from .columns import with_columns
from .dashes_before_sources import without_dashes_before_sources
from .days import ends_day
from .field_rows import with_fields
from .footnotes import with_listed_links
from .link_labels import with_link_labels
from .making_items import item_of
from .outlets import with_outlets, without_leads
from .reading import Reading, find_reading
from .row import Row, Rows, continues_in
from .rows import rows_of
from .segments import (
    DAY,
    OTHER,
    SECTION,
    Segment,
    Segments,
    places_of_items,
    rows_in,
)
from .text_rows import with_text_rows
from .title_bullets import without_title_bullets

_SHORTEST_SENTENCE = 12
_SHORTEST_IN_CHINESE = 6
"""Characters; Chinese needs fewer."""


def prepared_rows(
    paragraphs: Sequence[Paragraph], before: dt.date | None
) -> list[Row]:
    """The rows of a brief, with what the whole brief says about each; `before` is the brief's own date."""
    rows = with_listed_links(with_link_labels(rows_of(paragraphs)))
    rows = without_title_bullets(rows)
    rows = with_fields(with_columns(with_text_rows(rows, before)))
    return without_dashes_before_sources(
        without_colons_before_addresses(rows), before
    )


def read_repeating(
    rows: Rows, before: dt.date | None, layout: str = ""
) -> Brief | None:
    """Read the rows of a brief by what repeats in it, in the best layout or the given one; None if nothing does.

    `before` is the brief's own date.
    """
    reading = find_reading(rows, before, [layout] if layout else LAYOUTS)
    return _brief(reading) if reading else None


def _brief(reading: Reading) -> Brief:
    places = places_of_items(reading.segments)
    first = places[0]
    end = places[-1] + 1
    opening = reading.segments[:first]
    segments = reading.segments[first:end]
    closing = reading.segments[end:]
    introduction, above = _opening(opening)
    section = _last_section(opening, segments, above)
    days = list(_days(reading.segments))[first:end]
    items = _items(segments, days, above, section)
    items = with_outlets(without_leads(items))
    items[-1] = items[-1].with_notes(
        f"left out below it: “{row.quote}”" for row in rows_in(closing)
    )
    paragraphs = "\n\n".join(map(markdown, introduction))
    return Brief(items, paragraphs, layout=reading.division)


def _days(segments: Segments) -> Iterator[Segment | None]:
    """For each segment, the date of the day that it is in; None if it is in none.

    The title of a section ends a day, "No date", unless the day has sections: one is right below its date.
    """
    day: Segment | None = None
    has_sections = False
    for above, segment in zip([None, *segments], segments, strict=False):
        if segment.kind == DAY:
            day = segment
            has_sections = False
        elif day:
            is_title = segment.kind == SECTION
            has_sections |= is_title and above is day
            is_next = is_title and not has_sections
            if is_next or ends_day(segment.rows[0], day.rows[0]):
                day = None
        yield day


def _items(
    segments: Segments,
    days: Sequence[Segment | None],
    above: Sequence[str],
    section: str,
) -> list[ParsedItem]:
    """The items in their sections, with the dates of their days; `above` are the lines above the first one.

    A day's date that dates no item is quoted like other lines.
    """
    items: list[ParsedItem] = []
    between = list(above)
    has_items = True
    for segment, day in zip(segments, days, strict=True):
        if segment.is_item:
            items.append(_item_in(segment, between, section, day))
            between = []
            has_items = True
        elif segment.kind == SECTION:
            if not has_items:
                # No item is in the section, so the next one quotes its title: no word is lost.
                between.append(section)
            section = _title_of(segment.rows[0])
            has_items = False
        else:
            between += [row.quote for row in segment.rows]
    return items


def _item_in(
    segment: Segment, above: Sequence[str], section: str, day: Segment | None
) -> ParsedItem:
    """The item of a segment, in its section, and perhaps below the date of its day."""
    lines = _without_date(above, day, segment) if day else above
    parsed = item_of(segment, lines, day.date if day else None)
    return replace(parsed, section=section)


def _without_date(
    lines: Sequence[str], day: Segment, item: Segment
) -> list[str]:
    """The lines above an item without the date of its day, unless the item has a date of its own."""
    if item.published:
        return list(lines)
    return [line for line in lines if line != day.rows[0].quote]


def _last_section(opening: Segments, below: Segments, above: list[str]) -> str:
    """Take the title of a section directly above the first item out of the lines above it."""
    titles = [segment for segment in opening if segment.kind != DAY]
    place = _place_of_last_title(titles)
    if place < 0:
        return ""
    title = titles[place]
    row = title.rows[0]
    further_above = opening[: opening.index(title)]
    # What is below the date of a day isn't the brief's title.
    is_below_day = any(segment.kind == DAY for segment in further_above)
    is_own = is_below_day or _is_of_section(titles, place, below)
    if row.quote not in above or not is_own:
        return ""
    above.remove(row.quote)
    return _title_of(row)


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


def _title_of(row: Row) -> str:
    """The title of a section, without the colon that leads to its items."""
    return row.words.rstrip(" :：")


def _looks_alike(row: Row, other: Row) -> bool:
    """Whether two rows are headings of one level, or emphasised in one way."""
    looks = _looks(row)
    return any(looks) and looks == _looks(other)


def _looks(row: Row) -> tuple[int, bool, bool]:
    """What makes a row look like a title: its level as a heading, emphasis, capitals."""
    return row.level, row.is_strong, row.words.isupper()


def _opening(segments: Segments) -> tuple[list[str], list[str]]:
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
