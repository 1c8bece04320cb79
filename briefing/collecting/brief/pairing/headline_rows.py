"""Judge whether a row may be a headline, although no item of the brief has it as one."""

import datetime as dt
import re

from briefing.collecting.brief.lines.contacts import classify_contact
from briefing.collecting.brief.lines.credits import classify_credit
from briefing.collecting.brief.lines.fields import field_named, field_of
from briefing.collecting.brief.lines.headlines import is_byline, is_greeting
from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.brief.lines.line import LONGEST
from briefing.collecting.brief.lines.read_more import classify_read_more
from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
)
from briefing.collecting.brief.lines.titles import (
    classify_title,
    is_usual_section,
)
from briefing.collecting.brief.structure.headline_words import can_be_headline
from briefing.collecting.brief.structure.publisher_names import only_classifies
from briefing.collecting.brief.structure.row import (
    Row,
    Rows,
    continues_below,
    continues_in,
)
from briefing.collecting.brief.structure.source_line import date_alone

_SHORTEST_WRAPPED = 40
"""Characters. Only a longer row was wrapped by a program and continues in the next."""
_LEADING = (":", "：", " -", " –", " —")
_IN_BRACKETS = re.compile(r"[(（][^()（）]+[)）]")


def may_be_headline(row: Row) -> bool:
    """Whether a row may be an item's headline: not the brief's title, a greeting or the title of a
    section.
    """
    if row.field not in {"", "title"}:
        return False
    judges = (classify_title, is_usual_section, is_greeting)
    is_other = any(judge(row.words) for judge in judges)
    return not is_other and reads_like_headline(row.words)


def reads_like_headline(text: str) -> bool:
    """Whether words may be a headline: few, with letters, and no sentence or announcement."""
    if text[:1].islower():
        return False
    if ends_with_colon(text):
        return False
    # "(Harbour Post)"
    if _IN_BRACKETS.fullmatch(text):
        return False
    # "555 0100 Delta"
    is_number = sum(map(str.isdigit, text)) > sum(map(str.isalpha, text))
    return can_be_headline(text) and not ends_sentence(text) and not is_number


def is_possible_heading(
    heading: str, rows: Rows, before: dt.date | None
) -> bool:
    """Whether an item's heading, which was read from these rows, can be one: not a greeting, a label, a date or an
    address. `before` is the brief's date.
    """
    first, *further = rows
    if is_greeting(heading):
        return False
    if is_usual_section(first.words):
        return False
    if first.is_address:
        return False
    if date_alone(heading, before):
        return False
    if any(row.mark or row.level for row in further):
        return False
    is_labelled = field_of(heading)[0] not in {"", "title"}
    return not is_labelled and not leads_on(heading)


def leads_on(heading: str) -> bool:
    """Whether words are only an address, or lead to a value: "Link", "UR -", "Online:"."""
    is_address = heading.startswith(("http://", "https://"))
    return (
        is_address or bool(field_named(heading)) or heading.endswith(_LEADING)
    )


def begins_like(row: Row, headline: Row) -> bool:
    """Whether a row begins like an item's headline: with a bullet or number, and emphasised if that is, or as a heading
    of the same level.
    """
    is_plainer = headline.is_strong and not row.is_strong
    has_mark = bool(row.mark and headline.mark) and not is_plainer
    return has_mark or 0 < row.level == headline.level


def is_label(words: str) -> bool:
    """Whether words say what a row is: a byline, a kind, a section, "Read more", a contact or a credit."""
    words = words[:LONGEST]
    if field_of(words)[0] not in {"", "title"}:
        return True
    if is_byline(words):
        return True
    if classify_kind(words) or only_classifies(words):
        return True
    if classify_read_more(words, linked=True):
        return True
    return bool(classify_contact(words) or classify_credit(words))


def is_wrapped(rows: Rows, number: int) -> bool:
    """Whether a row is part of a sentence that a program wrapped."""
    if continues_below(rows, number):
        return True
    return number > 0 and _may_be_wrapped_above(rows[number - 1], rows[number])


def _may_be_wrapped_above(above: Row, row: Row) -> bool:
    """Whether the row above another one is long, in its paragraph, and doesn't end a sentence."""
    if above.block != row.block:
        return False
    if above.links:
        return False
    is_long = len(above.words) >= _SHORTEST_WRAPPED
    return is_long and not ends_sentence(above.words)


def is_wrapped_sentence(rows: Rows, number: int) -> bool:
    """Whether a long row continues in small letters in the rows below it, up to the end of a sentence."""
    if len(rows[number].words) < _SHORTEST_WRAPPED:
        return False
    end = number + 1
    while end < len(rows) and continues_in(rows[number], rows[end]):
        end += 1
    return end > number + 1 and ends_sentence(rows[end - 1].words)
