"""Turn the best reading of a brief into its items, with their sections and the dates of their days. No I/O."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.model import Brief, ParsedItem, left_out_below
from briefing.collecting.text.literal import markdown

from . import LAYOUTS
from .days import days_of
from .making_items import item_of
from .opening import Opening, read_opening
from .outlets import with_sections_as_sources, without_words_before_sources
from .reading import Reading, find_reading
from .row import Rows
from .sections import title_of
from .segments import SECTION, Segment, Segments, places_of_items, rows_in


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
    segments = reading.segments[first:end]
    closing = reading.segments[end:]
    opening = read_opening(reading.segments[:first], segments)
    days = list(days_of(reading.segments))[first:end]
    items = _items(segments, days, opening)
    items = with_sections_as_sources(without_words_before_sources(items))
    items[-1] = items[-1].with_notes(
        left_out_below(row.quote) for row in rows_in(closing)
    )
    paragraphs = "\n\n".join(map(markdown, opening.introduction))
    return Brief(
        items,
        paragraphs,
        layout=reading.division,
        is_headed=all(item.rows[0].is_headline for item in reading.items),
    )


def _items(
    segments: Segments,
    days: Sequence[Segment | None],
    opening: Opening,
) -> list[ParsedItem]:
    """The items in their sections, with the dates of their days; `opening` is above the first one.

    A day's date that dates no item is quoted like other lines.
    """
    items: list[ParsedItem] = []
    section = opening.section
    between = list(opening.others)
    has_items = True
    below_lists = _places_below_lists(segments)
    for place, (segment, day) in enumerate(zip(segments, days, strict=True)):
        if segment.is_item:
            section = "" if place in below_lists else section
            items.append(_item_in(segment, between, section, day))
            between = []
            has_items = True
        elif segment.kind == SECTION:
            if not has_items:
                # No item is in the section, so the next one quotes its title: no word is lost.
                between.append(section)
            section = title_of(segment.rows[0])
            has_items = False
        else:
            between += [row.quote for row in segment.rows]
    return items


def _places_below_lists(segments: Segments) -> set[int]:
    """The places of items whose heading is at least at the level of the one above a list of items, so it ends the
    list's section.
    """
    places: set[int] = set()
    section = 0
    is_list = False
    for place, segment in enumerate(segments):
        level = segment.rows[0].level
        if segment.kind == SECTION:
            section = level
            is_list = False
        elif segment.is_item and not level:
            is_list = True
        elif segment.is_item and is_list and level <= section:
            places.add(place)
    return places


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
