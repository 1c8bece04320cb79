"""Choose between two readings of a brief: by the words of its lines, and by what repeats in it. No other place does.

The words know labels, contacts, notices and wrapped lines; what repeats knows any arrangement and the sections.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.lines.fields import field_of
from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.brief.lines.line import Line, Role
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.lines.titles import is_usual_section
from briefing.issue.model import Item

from .model import LEFT_OUT_ABOVE, Brief, ParsedItem

_LEAST_REPEATED = 3
"""Items. What is there only twice may be a coincidence, so it counts only if it explains everything, or if both have
links and one is in the text of another item.
"""
_LEAST_SECTIONS = 2
_MARGIN_OF_READ_MORE = 1.3
"""How much better what repeats must read where lines say "Read more": such lines say where items end."""

_NO_HEADLINE = -2.0
_SOURCE, _NO_SOURCE = 1.0, -0.5
_DATE = _LINK = 0.5
_BETWEEN_NAMES = (" · ", " | ")
"""A source with one of these is rather an author and a publisher."""
_UNREAD = -1.0
"""A text in which a line names a field, with its value, has what belongs elsewhere."""
_LINK_END = re.compile(r"\]\([^()\s]*\)")
_LEFT_OUT = -0.2
"""For each line above an item that belongs to none."""


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
    """Whether the items that repeat are as complete as those by words, and neither kinds nor notices."""
    if any(classify_kind(item.section) for item in repeating.items):
        return False
    if _count(lines, Role.NOTICE) * 2 >= len(repeating.items):
        return False
    least = _quality(by_words)
    if _count(lines, Role.READ_MORE) * 2 >= len(repeating.items):
        least *= _MARGIN_OF_READ_MORE
    return _quality(repeating) >= least


def _heads(brief: Brief) -> set[tuple[str, str, dt.date | None, str]]:
    """What belongs together in each item."""
    items = (parsed.item for parsed in brief.items)
    return {(item.heading, item.source, item.date, item.link) for item in items}


def _has_sections(brief: Brief) -> bool:
    """Whether a brief has a usual section, or several."""
    titles = {parsed.section for parsed in brief.items} - {""}
    return len(titles) >= _LEAST_SECTIONS or any(map(is_usual_section, titles))


def _ends_above(repeating: Brief, by_words: Brief) -> bool:
    """Whether the last text, by words, also has what is below all items."""
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
    is_end = f" {other.heading}".endswith(f" {heading}")
    return is_end or heading in other.text


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
        return min(linked, within) * 2 >= count
    return linked == count and 0 < within < count


def _count_within(repeating: Brief, by_words: Brief) -> int:
    """How many headlines of items that repeat are in the texts of items that were read by words."""
    texts = [_letters(parsed.item.text) for parsed in by_words.items]
    headings = [_letters(parsed.item.heading) for parsed in repeating.items]
    return sum(any(heading in text for text in texts) for heading in headings)


def _letters(text: str) -> str:
    """The letters and digits of a text, without the addresses of its links: "[open register](https://…)". Capitals
    stay: "lamps" in a text isn't the headline "Lamps".
    """
    return "".join(filter(str.isalnum, _LINK_END.sub("", text)))


def _is_complete(parsed: ParsedItem) -> bool:
    item = parsed.item
    is_whole = bool(item.source and item.date and item.link)
    return is_whole and _has_headline(item)


def _has_headline(item: Item) -> bool:
    """Whether an item has a headline, and not the label and value of another field instead: "Source: Harbour Post"."""
    return bool(item.heading) and not field_of(item.heading)[0]


def _is_begun(parsed: ParsedItem) -> bool:
    """Whether an item says where it is from, or when, with a text; otherwise it may be the brief's title and date, or
    an introduction.
    """
    item = parsed.item
    has_dated_text = item.date is not None and ends_sentence(item.text)
    return bool(item.source or item.link) or has_dated_text


def _count(lines: Sequence[Line], role: Role) -> int:
    return sum(line.role is role for line in lines)


def _quality(brief: Brief) -> float:
    """How completely a brief was understood: the fields of its items, less what isn't an item."""
    return sum(map(_quality_of_item, brief.items))


def _quality_of_item(parsed: ParsedItem) -> float:
    item = parsed.item
    if not _has_headline(item):
        return _NO_HEADLINE
    quality = _SOURCE if _is_name(item.source) else _NO_SOURCE
    quality += _DATE * (item.date is not None)
    quality += _LINK * bool(item.link)
    quality += _UNREAD * _has_unread_field(item.text)
    left_out = [note.startswith(LEFT_OUT_ABOVE) for note in parsed.notes]
    return quality + _LEFT_OUT * sum(left_out)


def _is_name(source: str) -> bool:
    """Whether a source may be a publisher's name alone."""
    is_divided = any(mark in source for mark in _BETWEEN_NAMES)
    return bool(source) and not is_divided


def _has_unread_field(text: str) -> bool:
    """Whether a line of a text is the label and value of another field: "Date: 3 May"."""
    return any(all(field_of(line)) for line in text.split("\n"))
