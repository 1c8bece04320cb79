"""Choose between two readings of a brief: by the words of its lines, and by what repeats in it. No other place does.

The words know labels, contacts, notices and wrapped lines; what repeats knows any arrangement and the sections.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from briefing.collecting.brief.lines.fields import (
    field_named,
    field_of,
    repeated_labels,
    split_label,
)
from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.brief.lines.line import Line, Role, by_paragraph
from briefing.collecting.brief.lines.marks import is_listed
from briefing.collecting.brief.lines.sentences import (
    contains_sentence_end,
    ends_sentence,
)
from briefing.collecting.brief.lines.titles import is_usual_section
from briefing.collecting.text.comparing import fold
from briefing.issue.model import Item

from .model import CARDS, Brief, ParsedItem

_LEAST_REPEATED = 3
"""Items. What is there only twice may be a coincidence, so it counts only if it explains everything, or if both have
links and one is in the text of another item.
"""
_LEAST_SECTIONS = 2
_MARGIN_OF_READ_MORE = 1.3
"""How much better what repeats must read where lines say "Read more": such lines say where items end."""
_MARGIN_OF_CARDS = 0.8
"""How much worse it may read where a page itself divides its items."""

_MOSTLY = 0.8
"""The share of items that must have a link, if only some of them must."""
_MISSING_HEADLINE = -2.0
_SOURCE, _NO_SOURCE = 1.0, -0.5
_DATE = _LINK = 0.5
_BETWEEN_NAMES = (" · ", " | ")
"""A source with one of these is rather an author and a publisher."""
_TWO_SENTENCES = -0.5
"""A headline of two sentences is rather a text and a headline."""
_UNREAD = -1.0
"""A text with a label that names a field has what belongs elsewhere."""
_FAULTS = {
    "another link": -0.3,
    "left out above": -0.2,
    "two dates": -0.2,
    "is this": -0.2,
}
"""What notes begin with, and how much that speaks against a reading."""


def repeats(
    repeating: Brief,
    by_words: Brief,
    lines: Sequence[Line],
    before: dt.date | None = None,
) -> bool:
    """Whether a brief is understood better by what repeats in it than by its words; `before` is its date."""
    by_words = _without_own_head(by_words, before)
    are_repeated = len(repeating.items) >= _LEAST_REPEATED
    if _heads(repeating) == _heads(by_words):
        return are_repeated and _shows_more(repeating, by_words)
    if repeating.is_headed or _explains_all(repeating, by_words):
        return True
    is_headless = not any(parsed.item.heading for parsed in by_words.items)
    if is_headless:
        return are_repeated
    if _begins_later(repeating, by_words, before):
        return are_repeated
    if _divides(repeating, by_words):
        return True
    return are_repeated and _reads_as_well(repeating, by_words, lines)


def _without_own_head(brief: Brief, before: dt.date | None) -> Brief:
    """A brief without the first of several items if that is rather its own title, publisher and date, with no link."""
    first, *others = brief.items
    is_dated = before is not None and first.item.date == before
    is_own = is_dated and bool(first.item.source) and not first.item.link
    return replace(brief, items=others) if others and is_own else brief


def _shows_more(repeating: Brief, by_words: Brief) -> bool:
    """Whether what repeats shows sections, or where the last text ends."""
    return _has_sections(repeating) or _ends_above(repeating, by_words)


def _reads_as_well(
    repeating: Brief, by_words: Brief, lines: Sequence[Line]
) -> bool:
    """Whether the items that repeat are as complete as those by words, and neither labels nor notices."""
    if any(classify_kind(item.section) for item in repeating.items):
        return False
    if _count(lines, Role.NOTICE) * 2 >= len(repeating.items):
        return False
    labels = repeated_labels(
        [line.text for line in paragraph] for paragraph in by_paragraph(lines)
    )
    least = _margin(repeating, lines) * _quality(by_words, labels)
    return _quality(repeating, labels) >= least


def _margin(repeating: Brief, lines: Sequence[Line]) -> float:
    """How many times as well as by its words a brief must read by what repeats in it."""
    if repeating.layout == CARDS:
        return _MARGIN_OF_CARDS
    if _count(lines, Role.READ_MORE) * 2 >= len(repeating.items):
        return _MARGIN_OF_READ_MORE
    return 1.0


def _heads(brief: Brief) -> set[tuple[str, str, dt.date | None, str]]:
    """What belongs together in each item."""
    items = (parsed.item for parsed in brief.items)
    return {(item.heading, item.source, item.date, item.link) for item in items}


def _has_sections(brief: Brief) -> bool:
    """Whether a brief has a usual section, or several."""
    titles = {parsed.section for parsed in brief.items} - {""}
    return len(titles) >= _LEAST_SECTIONS or any(map(is_usual_section, titles))


def _ends_above(repeating: Brief, by_words: Brief) -> bool:
    """Whether by words, the last text goes on with what is below all items."""
    own, other = (brief.items[-1].item.text for brief in (repeating, by_words))
    return len(own) < len(other) and other.startswith(own)


def _begins_later(
    repeating: Brief, by_words: Brief, before: dt.date | None
) -> bool:
    """Whether the readings differ only in that by words, some items begin further above: with the brief's title."""
    if len(repeating.items) != len(by_words.items):
        return False
    pairs = zip(repeating.items, by_words.items, strict=True)
    return all(
        _is_within(this.item, other.item, before) for this, other in pairs
    )


def _is_within(item: Item, other: Item, before: dt.date | None) -> bool:
    """Whether another item with the same source, date and link has an item's headline, or contains it.

    The brief's own date, `before`, may have been taken for that of the other item.
    """
    heading = item.heading
    if other.date == before:
        other = replace(other, date=item.date)
    if replace(other, heading=heading, text=item.text) != item:
        return False
    is_end = other.heading.endswith(f" {heading}") and not heading[:1].islower()
    return heading == other.heading or is_end or heading in other.text


def _explains_all(repeating: Brief, by_words: Brief) -> bool:
    """Whether only what repeats gives complete items, and no fewer of them."""
    if not all(map(_is_complete, repeating.items)):
        return False
    if all(map(_is_complete, by_words.items)):
        return False
    return len(repeating.items) >= sum(map(_is_begun, by_words.items))


def _divides(repeating: Brief, by_words: Brief) -> bool:
    """Whether items that were read by words have others in their texts, which have links."""
    count = len(repeating.items)
    linked = sum(bool(parsed.item.link) for parsed in repeating.items)
    within = _count_within(repeating, by_words)
    if count >= _LEAST_REPEATED:
        return linked >= _MOSTLY * count and within * 2 >= count
    return linked == count and 0 < within < count


def _count_within(repeating: Brief, by_words: Brief) -> int:
    """How many headlines of items that repeat are in the texts of items that were read by words."""
    texts = [parsed.item.text for parsed in by_words.items]
    headings = [parsed.item.heading for parsed in repeating.items]
    return sum(any(heading in text for text in texts) for heading in headings)


def _is_complete(parsed: ParsedItem) -> bool:
    item = parsed.item
    if not item.heading:
        return False
    if field_of(item.heading)[0]:
        return False
    return bool(item.source and item.date and item.link)


def _is_begun(parsed: ParsedItem) -> bool:
    """Whether an item says where it is from, or when, with a text; otherwise it may be the brief's title and date, or
    an introduction.
    """
    item = parsed.item
    has_dated_text = item.date is not None and ends_sentence(item.text)
    return bool(item.source or item.link) or has_dated_text


def _count(lines: Sequence[Line], role: Role) -> int:
    return sum(line.role is role for line in lines)


def _quality(brief: Brief, labels: Collection[str]) -> float:
    """How completely a brief was understood: the fields of its items, less what isn't an item; `labels` are those that
    it repeats.
    """
    return sum(_quality_of_item(parsed, labels) for parsed in brief.items)


def _quality_of_item(parsed: ParsedItem, labels: Collection[str]) -> float:
    item = parsed.item
    label, _ = split_label(item.heading)
    if not item.heading:
        return _MISSING_HEADLINE
    if fold(label) in labels:
        return _MISSING_HEADLINE
    is_named = _is_name(item.source)
    weights = [
        (_SOURCE, is_named),
        (_NO_SOURCE, not is_named),
        (_UNREAD, _has_label(item.text, labels)),
        (_TWO_SENTENCES, contains_sentence_end(item.heading)),
        (_DATE, item.date is not None),
        (_LINK, bool(item.link)),
    ]
    quality = sum(weight * is_true for weight, is_true in weights)
    return quality + _faults(parsed.notes)


def _is_name(source: str) -> bool:
    """Whether a source may be a publisher's name alone."""
    is_divided = any(mark in source for mark in _BETWEEN_NAMES)
    return bool(source) and not is_divided and not is_listed(source)


def _faults(notes: Sequence[str]) -> float:
    """How much an item's notes speak against a reading; at most 0."""
    return sum(
        weight
        for beginning, weight in _FAULTS.items()
        for note in notes
        if note.startswith(beginning)
    )


def _has_label(text: str, labels: Collection[str]) -> bool:
    """Whether a text has one of these labels, and it names a field."""
    folded = fold(text)
    return any(f"{label}:" in folded for label in filter(field_named, labels))
