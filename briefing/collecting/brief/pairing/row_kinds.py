"""Say what each row of a brief may be, whatever items were made of it: a value, a headline, an end."""

import datetime as dt
from collections.abc import Collection, Sequence

from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.brief.lines.read_more import classify_read_more
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.lines.titles import classify_title
from briefing.collecting.brief.structure.publisher_names import likelihood
from briefing.collecting.brief.structure.row import Row, Rows
from briefing.collecting.brief.structure.source_line import (
    date_alone,
    read_source,
)

from .headline_rows import is_wrapped, may_be_headline
from .places import DATE, KINDS, LINK, SOURCE, Places, are_marked


def rows_of_kinds(
    rows: Rows, places: Places, before: dt.date | None
) -> dict[str, set[int]]:
    """The rows with a link, and those that consist of a source or a date; `before` is the brief's date."""
    found: dict[str, set[int]] = {kind: set() for kind in KINDS}
    for number, row in enumerate(rows):
        for kind in _kinds_of(row, before):
            found[kind].add(number)
    for place in places:
        for kind, number in place.values.items():
            found[kind].add(number)
    return found


def _kinds_of(row: Row, before: dt.date | None) -> Sequence[str]:
    """What a row has or consists of."""
    if row.links:
        return (LINK,)
    if classify_kind(row.words):
        return (DATE,)
    if _names_source(row, before):
        return (SOURCE, DATE)
    return (DATE,) if date_alone(row.words, before) else ()


def ends(rows: Rows) -> set[int]:
    """The rows that end an item: "Read more"."""
    return {
        number
        for number, row in enumerate(rows)
        if row.without_addresses
        and classify_read_more(row.words, linked=bool(row.links))
    }


def possible_headlines(
    rows: Rows, known: Collection[int], places: Places
) -> set[int]:
    """The rows that may be headlines, except for those that are known to be something else.

    Where each item is a bullet, a row without a bullet isn't a headline.
    """
    are_bullets = are_marked(places, rows)
    return {
        number
        for number, row in enumerate(rows)
        if number not in known
        and (row.mark or not are_bullets)
        and may_be_headline(row)
        and not is_wrapped(rows, number)
    }


def barriers(rows: Rows, places: Places) -> set[int]:
    """The rows that no item contains: titles of sections, rules, headings."""
    titles = {place.parsed.section for place in places} - {""}
    headlines = {place.first for place in places}
    return {
        number
        for number, row in enumerate(rows)
        if row.is_rule
        or row.words in titles
        or (row.level and number not in headlines)
    }


def _names_source(row: Row, before: dt.date | None) -> bool:
    """Whether a row is a source and its date."""
    if classify_title(row.words):
        return False
    if ends_sentence(row.words):
        return False
    source = read_source(row.words.strip("()"), before)
    if source is None:
        return False
    if not source.has_date:
        return False
    return likelihood(source.name, "") > 0


def begins_item(rows: Rows, number: int) -> bool:
    """Whether a row is an address with a bullet or number, or as a heading, and its headline is below it."""
    row = rows[number]
    below = rows[number + 1 : number + 2]
    if not row.links:
        return False
    if row.without_addresses:
        return False
    if not row.mark:
        return bool(row.level)
    return not all(other.level or other.is_address for other in below)
