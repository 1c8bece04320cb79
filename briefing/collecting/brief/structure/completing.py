"""Complete the head of an item with the source and date that stand further down, or where its text begins or ends:
"Ferry returns" above "Nobody came. (Harbour Post, 3 May)".
"""

import re
from dataclasses import replace

from briefing.collecting.brief.lines.fields import field_named, split_label
from briefing.collecting.brief.lines.kinds import classify_kind
from briefing.collecting.brief.lines.names import is_place
from briefing.collecting.brief.lines.read_more import read_more_start
from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
)
from briefing.collecting.brief.vocabulary import Form

from .evidence import Evidence
from .head import Head
from .leads import JOINT
from .on_several_rows import ROWS
from .publisher_hosts import is_in_hosts
from .publisher_names import CAPITALISED, CASELESS, LIKELY, SURE
from .reported import reported_source
from .row import Row, Rows, addresses_in, same_address
from .source_line import (
    BRACKETED,
    labelled_source,
    source_behind_label,
)
from .values import Values, values_alone, values_beside

# "“We will not sign”. The union said …", "Doe: “We will not sign”. The union said …"
_QUOTED = re.compile(r"(?:\w{1,15} ?: ?)?[\"“«„][^\"“”«»„]{3,200}[\"”»“] ?\.")
"""A headline before a text: the words of a person rather end with a comma, or with a stop within the marks."""
_DIRECTLY_BELOW = 0.5
"""How much likelier a source is directly below the headline."""
_SAYS_VIA = Form("<via> {name}")
_ARROWS = (" →", " ⟶", " ›", " »", " >", " 👉", " 🔗")
"""They lead from the words of a row to its address: "Harbour Post → https://…"."""


def completed(
    head: Head,
    rows: Rows,
    evidence: Evidence,
) -> Head:
    """A head with the source and date that are further down."""
    # Each step only adds what is still missing, so what says most clearly that it is the source comes first.
    head = _with_labelled_source(head, rows, evidence)
    head = _with_values_where_text_begins(head, rows, evidence)
    head = _with_values_at_end_of_own_text(head, evidence)
    head = _with_values_within_text(head, rows, evidence)
    head = _with_reporter(head, rows, evidence)
    for place in range(head.end, len(rows)):
        head = _with_values_in_row(head, place, rows[place], evidence)
    return head


def _with_labelled_source(
    head: Head,
    rows: Rows,
    evidence: Evidence,
) -> Head:
    """A head with the source, and perhaps the date, of the row that says that it is the source; then no other row is:
    "Source: Name, date".
    """
    if head.source:
        return head
    for place in range(head.end, len(rows)):
        text = words_of(rows[place])
        if rows[place].field == "source" or labelled_source(text):
            source = source_behind_label(text, evidence.before)
            filled = head.filled(source, 2 + source.has_date)
            return replace(filled, rows=head.rows | {place})
    return head


def words_of(row: Row) -> str:
    """The words of a row, without an arrow, dash, slash or comma that only led to its address."""
    words = row.without_addresses
    if not row.links:
        return words
    words = words.removesuffix(" -")
    # The mark in "« Valley Radio »" belongs to the name.
    is_name = words.endswith("»") and "«" in words
    if words.endswith(_ARROWS) and not is_name:
        words = words[:-1]
    return words.rstrip(" –—|/,،，;").lstrip(" –—|/:")


def _with_values_where_text_begins(
    head: Head,
    rows: Rows,
    evidence: Evidence,
) -> Head:
    """The source and date before the text below: "(Source) – 6 October – Some teachers …"; "27 June | Parents …"."""
    below = _row_below(head, rows)
    if head.rest or below is None or below.field:
        return head
    for found in values_beside(words_of(below), evidence):
        is_new = _is_new(head, found) or _is_likely_name(head, found)
        if is_new and _is_before_text(found):
            return _with_values_at_start(head, found, evidence)
    return head


def _is_likely_name(head: Head, found: Values) -> bool:
    """Whether the head lacks a source, and what was found is likely one: "Harbour Post. Some teachers …"."""
    return not head.source and found.likely >= LIKELY


def _row_below(head: Head, rows: Rows) -> Row | None:
    """The first row below a head; None without one."""
    return rows[head.end] if head.end < len(rows) else None


def _is_before_text(found: Values) -> bool:
    """Whether values are before a text, or a date before a headline."""
    if found.is_behind:
        return False
    is_headline = _QUOTED.match(found.rest) is not None
    is_text = ends_sentence(_rest_of_text(found)) and not is_headline
    return is_text or not found.name


def _rest_of_text(found: Values) -> str:
    """The text beside values, without what only leads to more."""
    return found.rest[: read_more_start(found.rest)]


def _with_values_at_start(
    head: Head, found: Values, evidence: Evidence
) -> Head:
    """A head with the values before the text below it."""
    if _may_be_place(found, evidence):
        # A report begins with its place and date, which stay in the text.
        return replace(head, date=head.date or found.date)
    filled = _with_row(head, head.end, found, 2.0 + found.likely)
    return replace(filled, rest=_rest_of_text(found))


def _may_be_place(found: Values, evidence: Evidence) -> bool:
    """Whether what was taken for a source may be where a report comes from: "Port Ellis, 15 May – Some teachers …"."""
    if found.in_brackets or is_in_hosts(found.name, evidence.hosts):
        return False
    return is_place(found.name)


def _with_values_in_row(
    head: Head,
    place: int,
    row: Row,
    evidence: Evidence,
) -> Head:
    """The source and date that a row consists of, or that are behind its text."""
    if head.source and head.date:
        return head
    text = words_of(row)
    score = 2.0 + (_DIRECTLY_BELOW if place == head.end else 0.0)
    alone = _values_of_row(row, text, evidence)
    if alone is None:
        return _with_values_at_end(head, text, score, evidence)
    if _is_new(head, alone) or _is_name_beside(head, alone, place, row):
        return _with_row(head, place, alone, score)
    if _is_in_usual_place(head, alone, place, evidence):
        # Headlines are above other short rows as well, so it doesn't make this one clear.
        return _with_row(head, place, alone, 1.0)
    return head


def _values_of_row(
    row: Row,
    text: str,
    evidence: Evidence,
) -> Values | None:
    """The source and date that a row consists of, or that are all behind its address or a kind: "Statement, 3 May"."""
    kind = classify_kind(text)
    if kind and kind.date:
        return Values("", kind.date, has_date=True)
    # An arrow leads on, "Harbour Post, 3 May »", but the mark in "«Valley Radio»" belongs to the name.
    joints = JOINT.replace("»", "") if "«" in text else JOINT
    whole = values_alone(text.strip(joints), evidence)
    leads_on = ends_with_colon(text) and not row.links
    if whole and leads_on and whole.likely < LIKELY:
        # "The club demands:"
        return None
    return whole or values_alone(_behind_address(row), evidence)


def _with_values_at_end(
    head: Head,
    text: str,
    score: float,
    evidence: Evidence,
) -> Head:
    """A head with the source and date behind a text."""
    for found in values_beside(text, evidence):
        is_own = found.is_behind and not _is_other_headline(found.rest)
        if is_own and _is_new(head, found):
            return _filled(head, found, score)
    return head


def _is_other_headline(text: str) -> bool:
    """Whether words are a label and what may be another article's headline: "Background: How it began"."""
    label, words = split_label(text)
    is_unknown = bool(label) and not field_named(label)
    return is_unknown and not ends_sentence(words)


def _with_values_at_end_of_own_text(
    head: Head,
    evidence: Evidence,
) -> Head:
    """A head with the source and date behind the text in its own row, whose last sentence ends before them."""
    if not head.rest or head.source:
        return head
    for found in values_beside(head.rest, evidence):
        is_after_text = found.is_behind and ends_sentence(found.rest)
        if is_after_text and _is_new(head, found):
            return replace(_filled(head, found, 2.0), rest=found.rest)
    return head


def _with_values_within_text(
    head: Head, rows: Rows, evidence: Evidence
) -> Head:
    """A head with the source and date in brackets within the text, which stay there, if they lead to the only page:
    "The ferry stopped ([Harbour Post], 3 May). Nobody knows why."
    """
    if head.source or len(set(addresses_in(rows))) != 1:
        return head
    for row in rows:
        for brackets in BRACKETED.finditer(row.words):
            is_linked = any(link[0] in brackets[1] for link in row.links)
            found = values_alone(brackets[1], evidence)
            if is_linked and found and found.name and _is_new(head, found):
                return _filled(head, found, 2.0)
    return head


def _behind_address(row: Row) -> str:
    """What is behind a row's first address: "More: https://… (Harbour Post, 3 May)"."""
    bare = [text for text, address in row.links if same_address(text, address)]
    return row.words.partition(bare[0])[2].strip() if bare else ""


def _is_new(head: Head, found: Values) -> bool:
    """Whether a row says what the head doesn't say yet, clearly, and nothing that contradicts it."""
    if found.has_date and head.date not in {None, found.date}:
        return False
    if not found.name:
        return _is_new_date(head, found)
    is_clear = found.has_date or found.likely >= SURE
    return is_clear and not head.source


def _is_new_date(head: Head, found: Values) -> bool:
    """Whether a date without a source is clear, and the head has none yet."""
    if found.date is None or head.date:
        return False
    # A sentence may end with another date: "Cars were towed away on 3 May".
    return not found.is_behind or bool(found.in_brackets and head.source)


def _is_name_beside(head: Head, found: Values, place: int, row: Row) -> bool:
    """Whether a name alone is behind "via", beside the link, or directly below a headline with a date."""
    if not _is_missing_name(head, found):
        return False
    is_below = place == head.end and head.date is not None
    if is_below or _SAYS_VIA.fits(row.without_addresses):
        return found.likely >= CAPITALISED
    return bool(row.links) and found.likely >= LIKELY


def _is_missing_name(head: Head, found: Values) -> bool:
    """Whether a row is only a name, and the head has no source yet."""
    return not (found.has_date or head.source)


def _is_in_usual_place(
    head: Head,
    found: Values,
    place: int,
    evidence: Evidence,
) -> bool:
    """Whether a name alone is directly below a headline, where several other items have their source and date."""
    is_usual = place == head.end and bool(evidence.usual_arrangement(ROWS))
    is_likely = found.likely >= CASELESS
    return is_usual and is_likely and _is_missing_name(head, found)


def _filled(head: Head, found: Values, score: float) -> Head:
    """A head with values that it lacked."""
    return head.filled(found, score if found.name else 1.0)


def _with_row(head: Head, place: int, found: Values, score: float) -> Head:
    """A head with values from the row in a place, which belongs to it."""
    filled = _filled(head, found, score)
    return replace(filled, rows=head.rows | {place})


def _with_reporter(
    head: Head,
    rows: Rows,
    evidence: Evidence,
) -> Head:
    """The source and date in the first words of the text, which stays as it is: "Harbour Post reported on 6 June …"."""
    if head.source:
        return head
    below = _row_below(head, rows)
    text = head.rest or (words_of(below) if below else "")
    source = reported_source(text, evidence)
    return head.filled(source, 2) if source else head
