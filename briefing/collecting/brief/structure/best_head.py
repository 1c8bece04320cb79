"""Read the first rows of an item in every arrangement."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.collecting.brief.lines.contacts import classify_contact
from briefing.collecting.brief.lines.credits import classify_credit
from briefing.collecting.brief.lines.fields import field_of
from briefing.collecting.brief.lines.headlines import is_byline
from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.brief.lines.line import LONGEST as LONGEST_LINE
from briefing.collecting.brief.lines.sentences import (
    contains_sentence_end,
    ends_with_colon,
    split_sentence,
)
from briefing.collecting.text.written_dates import find_dates

from .citations import citation
from .completing import completed, words_of
from .evidence import Evidence, read_once
from .head import CLEAR, Head
from .headline_alone import headline_alone
from .headline_words import can_be_headline, is_sentence_with_source
from .labelled import labelled_rows
from .leads import (
    bold_lead,
    headline_dash_text,
    lead_sentence,
    quoted_headline,
    topic_colon_text,
)
from .linked import beyond_link, linked_heads, split_tag
from .on_one_row import on_one_row
from .on_several_rows import headline_and_source_rows
from .publisher_names import CAPITALISED, SURE
from .row import (
    OTHER,
    Row,
    Rows,
    continues_below,
    same_address,
    without_addresses_above,
)
from .table_rows import head_of_table_row
from .values import Values, values_alone

_LONGEST_ANNOUNCEMENT = 40
_LONGEST_DAY = 40
_LEAST_ABOUT_EVENT = 8
"""Characters behind the time of an event."""
_TIME = re.compile(
    r"[,;]? ?(?:[^\W\d_]{1,5} )?\d{1,2}(?:[:.h]\d\d)?(?: ?[–-] ?\d{1,2}(?:[:.h]\d\d)?)?"
    r"(?: ?(?:uhr|[ap]\.?m\.?|h|godz|час)\b|(?<=[:.h]\d\d))",
    re.IGNORECASE,
)
_LEAST_HEADLINE_WORDS = 2
_MOST_NAME_WORDS = 5
_PARTING = ("–", "—", "-", "|", "·", "/")
_MOST_SEEN = 40
"""Rows of an item in which a source is looked for."""
# "The bridge is open. (Harbour Post, 3 May)"
_STOP_BEFORE_BRACKETS = re.compile(r"[.。](?= ?[(（][^()（）]+[)）]$)")
_LEAST_BELOW = 0.5
"""The score of a headline below a source or a date."""
# Otherwise, "Late ferry: It left at nine. … (Tidal, 6 March)" is read as a topic and a text that contains the brackets.
_COMPLETE = 1.5


def best_head(rows: Rows, evidence: Evidence) -> Head | None:
    """The most convincing reading of an item's first rows; None for a table's row of headings.

    Its rows are counted from the headline, below any addresses.
    """
    rows = rows[:_MOST_SEEN]
    key = tuple(row.number for row in rows)
    if key not in evidence.heads:
        evidence.heads[key] = _read_head(rows, evidence)
    return evidence.heads[key]


def _read_head(rows: Rows, evidence: Evidence) -> Head | None:
    evidence = evidence.for_item(rows)
    rows = without_addresses_above(rows)
    if rows[0].is_cell:
        return head_of_table_row(rows, evidence)
    # Labels say what rows are, so no other arrangement is tried beside them.
    labelled = labelled_rows(rows, evidence)
    if labelled:
        return labelled
    # "Photo: Jane Doe", or "See also: https://…": items have these below their headlines.
    if rows[0].field or _is_below_headlines(rows[0]):
        return Head("title", rows[0].words, score=-3.0)
    return _head_between(rows, evidence)


def _head_between(rows: Rows, evidence: Evidence) -> Head:
    """The head in rows of which some only belong to the text; it takes those between its own."""
    listed = _listed_within(rows)
    places = [
        place
        for place, row in enumerate(rows)
        if row.field != OTHER and place not in listed
    ]
    head = _unlabelled_head([rows[place] for place in places], evidence)
    # The head counts only the rows that it was read in, so its numbers are turned back into places.
    own = {places[row] for row in head.rows}
    between = set(range(max(own))) - {*places, *listed}
    return replace(head, rows=frozenset(own | between))


def _listed_within(rows: Rows) -> set[int]:
    """The places of the bullets between a headline and what is below them in its paragraph: they are its text."""
    if rows[0].mark:
        return set()
    block = rows[0].block
    own = [place for place, row in enumerate(rows) if row.block == block]
    listed = {place for place in own if rows[place].mark}
    # Something must be below the bullets, such as the source: "Bridge closed", "- one", "- two", "Harbour Post, 3 May".
    ends_in_list = own[-1] in listed
    return set() if ends_in_list else listed


def _unlabelled_head(
    rows: Rows,
    evidence: Evidence,
) -> Head:
    """The most convincing reading of rows without labels that only belong to the text."""
    rows = _until_list(rows)
    row = rows[0]
    text = words_of(row)
    found = (
        *_below_values(rows, text, evidence),
        *_on_several_rows(rows, evidence),
        *_on_one_row(text, evidence),
        *_sentence_in_list(rows, text, evidence),
        *_event(text, evidence),
        *_name_before_date(text, evidence),
        *linked_heads(row, text, evidence),
        *bold_lead(row.lead, text, evidence),
        headline_alone(row, text, evidence),
    )
    heads = [completed(head, rows, evidence) for head in found]
    return max(heads, key=lambda head: _preference(head, row, evidence))


def _on_several_rows(
    rows: Rows,
    evidence: Evidence,
) -> Iterator[Head]:
    """Heads with headline, source and date on rows of their own."""
    # An address keeps its place, since heads count their rows.
    texts = ["" if row.is_address else words_of(row) for row in rows]
    # What has a link of its own belongs to a headline above it, and what continues below is a text.
    is_text_below = bool(rows[0].links) or continues_below(rows, 1)
    for head in headline_and_source_rows(texts, evidence):
        if head.headline == texts[0] or not is_text_below:
            yield head


def _sentence_in_list(
    rows: Rows,
    text: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """Heads of "- The bridge is open. (Harbour Post, 3 May)" and, with a link, "- 3 May: The bridge is open."."""
    if not rows[0].mark:
        return
    if len(rows) == 1 and is_sentence_with_source(text):
        bare = _STOP_BEFORE_BRACKETS.sub("", text)
        yield from on_one_row(bare, evidence)
    if evidence.hosts and _is_one_sentence(text):
        yield from on_one_row(text.removesuffix("."), evidence)


def _event(text: str, evidence: Evidence) -> Iterator[Head]:
    """The head of "Wed 14 May, 6 pm, Town Hall: Vigil for Jane Doe", where the day is still to come: its first
    sentence, since what is the title and what the place can't be known.
    """
    sentence, rest = split_sentence(text)
    for found in find_dates(text[:_LONGEST_DAY], evidence.before)[:1]:
        is_ahead = found.date is None or (
            evidence.before is not None and found.date > evidence.before
        )
        time = _TIME.match(text, found.end)
        if is_ahead and not found.start and time:
            is_said = len(sentence) - time.end() >= _LEAST_ABOUT_EVENT
            score = 5.0 if is_said else 0.0
            yield Head("event", sentence, rest=rest, score=score)


def _name_before_date(text: str, evidence: Evidence) -> Iterator[Head]:
    """The head of "Ferry stops again Harbour Post 3 May", if the link's host has the name."""
    for found in find_dates(text, evidence.before)[:1]:
        words = text[: found.start].split()
        if text[found.end :].strip() or not evidence.hosts:
            return
        first = max(_LEAST_HEADLINE_WORDS, len(words) - _MOST_NAME_WORDS)
        for start in range(first, len(words)):
            name = " ".join(words[start:])
            headline = " ".join(words[:start])
            likely = evidence.likelihood(name)
            is_parted = headline.endswith(_PARTING)
            if is_parted or not can_be_headline(headline):
                continue
            if likely >= SURE + CAPITALISED:
                yield Head(
                    "title name date",
                    headline,
                    name,
                    found.date,
                    score=likely,
                )
                return


def _is_one_sentence(text: str) -> bool:
    return text.endswith(".") and not contains_sentence_end(text)


def _preference(head: Head, row: Row, evidence: Evidence) -> float:
    """How much speaks for one of the heads that an item may have; of two, a complete one is likelier."""
    is_complete = bool(head.source and head.date)
    complete = _COMPLETE if is_complete else 0.0
    return head.score - beyond_link(head, row, evidence) + complete


@read_once
def _on_one_row(text: str, evidence: Evidence) -> Sequence[Head]:
    """Heads in which a headline, source or date is on one row with a text or with each other; none in a label."""
    if classify_kind(text) or field_of(text)[0]:
        return ()
    return (
        *on_one_row(text, evidence),
        *_behind_tag(text, evidence),
        *quoted_headline(text, evidence),
        *citation(text, evidence),
        *lead_sentence(text, evidence),
        *topic_colon_text(text, evidence),
        *headline_dash_text(text, evidence),
    )


def _behind_tag(text: str, evidence: Evidence) -> Iterator[Head]:
    """Heads of "[podcast] Headline, Source, date"."""
    tag, behind = split_tag(text)
    if not tag:
        return
    for head in on_one_row(behind, evidence):
        yield replace(head, further=(*tag, *head.further))


def _until_list(rows: Rows) -> Rows:
    """Rows up to a list below them, or to the title of the next list: neither is part of their headline or source.

    Below a headline with an address, a row with another address isn't part of it either.
    """
    for place, (row, below) in enumerate(pairwise(rows), start=1):
        is_listed = below.mark and not row.mark
        # "Bridge closed", and in the next paragraph "Courts" above "- Ferry stops"
        if is_listed and row.block == below.block != rows[0].block:
            return rows[: place - 1]
        if is_listed and not rows[0].mark:
            return rows[:place]
        if _has_address(rows[0]) and _has_address(below):
            return rows[:place]
    return rows


def _has_address(row: Row) -> bool:
    """Whether a row has words and an address."""
    return not row.is_address and any(same_address(*link) for link in row.links)


def _below_values(
    rows: Rows,
    text: str,
    evidence: Evidence,
) -> Iterator[Head]:
    """A head below a row that consists of a source or a date which it lacks."""
    # "Harbour Post: https://…" above "Bridge closed"
    words = text.removesuffix(":") if rows[0].links else text
    found = values_alone(words, evidence)
    if found is None or not _may_be_above(rows, found):
        return
    head = best_head(rows[1:], evidence)
    is_title = rows[0].is_strong and not rows[1].is_strong
    if head and _may_be_below(head, found, evidence, is_title=is_title):
        yield _with_values_above(head, found, evidence)


def _may_be_below(
    head: Head,
    found: Values,
    evidence: Evidence,
    *,
    is_title: bool,
) -> bool:
    """Whether a head lacks what was found above it, and is clear with it; `is_title` says whether the row above looks
    like the title of a section: emphasised, unlike the headline.
    """
    if head.score < _LEAST_BELOW or _names_again(head, found):
        return False
    if not _is_only_title(head, evidence):
        return False
    is_complete = _is_complete(head, found) and not is_title
    if found.likely >= SURE or is_complete:
        return True
    is_repeated = evidence.is_repeated(_arrangement_below(head, found))
    return is_repeated and found.likely >= CAPITALISED


def _is_only_title(head: Head, evidence: Evidence) -> bool:
    """Whether the words of a headline can be one, and neither a label nor a source or date; short ones in a script
    without capitals look like a source as well, but aren't if the head has one.
    """
    if not can_be_headline(head.headline) or field_of(head.headline)[0]:
        return False
    values = values_alone(head.headline, evidence)
    if values is None:
        return True
    is_caseless = head.headline.lower() == head.headline.upper()
    return bool(head.source) and is_caseless and not values.has_date


def _is_complete(head: Head, found: Values) -> bool:
    """Whether a head has a source and a date with what was found above it."""
    source = head.source or found.name
    has_date = head.date or found.has_date
    return bool(source and has_date)


def _names_again(head: Head, found: Values) -> bool:
    """Whether both name a source, or both a date."""
    have_sources = bool(found.name and head.source)
    return have_sources or (found.has_date and head.date is not None)


def _with_values_above(head: Head, found: Values, evidence: Evidence) -> Head:
    """A head with the source or date in the row above it."""
    arrangement = _arrangement_below(head, found)
    score = 1.0 + found.likely + evidence.repetition(arrangement)
    return replace(
        head.filled(found, score),
        arrangement=arrangement,
        further=(*found.further, *head.further),
        # The head below counts its rows from the second one.
        rows=frozenset(row + 1 for row in head.rows) | {0},
    )


def _arrangement_below(head: Head, found: Values) -> str:
    source = "source " if found.name else ""
    date = "date " if found.has_date else ""
    return f"{source}{date}above {head.arrangement}"


def _may_be_above(rows: Rows, found: Values) -> bool:
    """Whether the first of some rows may belong to a headline below it, and not to an item above."""
    if len(rows) == 1:
        return False
    below = rows[1]
    is_apart = rows[0].block != below.block
    if is_apart and (found.name or below.level):
        return False
    is_text = continues_below(rows, 1)
    return not is_text and not _is_below_headlines(below)


def _is_below_headlines(row: Row) -> bool:
    """Whether a row is what items have below their headline: an address, a linked author, a contact, a credit."""
    words = row.words[:LONGEST_LINE]
    if leads_elsewhere(row) or (row.links and is_byline(words)):
        return True
    return bool(classify_contact(words) or classify_credit(words))


def clear_head(
    rows: Rows,
    evidence: Evidence,
    least: float = CLEAR,
) -> Head | None:
    """The head that rows begin with, if it names a source or date clearly."""
    if leads_elsewhere(rows[0]):
        return None
    head = best_head(rows[:3], evidence)
    return head if head and head.score >= least else None


def leads_elsewhere(row: Row) -> bool:
    """Whether a row is only an address, or words that lead to it: "See also: https://…"."""
    words = row.without_addresses
    announces = len(words) <= _LONGEST_ANNOUNCEMENT and ends_with_colon(words)
    return row.is_address or (bool(row.links) and announces and not row.mark)
