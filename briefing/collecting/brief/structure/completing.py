"""Complete the head of an item with the source and date that stand further down, or in its first words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.names import is_place
from briefing.collecting.brief.read_more import read_more_start
from briefing.collecting.brief.structure.head import (
    Evidence,
    Head,
)
from briefing.collecting.brief.structure.names import (
    CAPITALISED,
    LIKELY,
    SURE,
    is_in_hosts,
)
from briefing.collecting.brief.structure.on_several_rows import ROWS
from briefing.collecting.brief.structure.reported import reported_source
from briefing.collecting.brief.structure.rows import Row, same_address
from briefing.collecting.brief.structure.source_line import (
    labelled_source,
    read_source,
)
from briefing.collecting.brief.structure.values import (
    Values,
    values_alone,
    values_beside,
)
from briefing.collecting.brief.vocabulary import Form

_IN_USUAL_PLACE = 0.8
"""How likely a name at least is, in any script, where several other items have a source."""
_HOST = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,10}")
_QUOTED = re.compile(r"(?:\w{1,15} ?: ?)?[\"“«„][^\"“”«»„]{3,200}[\"”»“] ?\.")
"""A headline before a text: the words of a person rather end with a comma, or with a stop within the marks."""
_DIRECTLY_BELOW = 0.5
"""How much likelier a source is directly below the headline."""
_SAYS_VIA = Form("<via> {name}")
_LEADS = Form("<read_more>|<address_label>|<source_label>|<more>|<at>")
_JOINT = " :：→»›>–—-([（"


def completed(
    head: Head, rows: Sequence[Row], hosts: str, evidence: Evidence
) -> Head:
    """A head with the source and date that are further down."""
    texts = list(map(words_of, rows))
    is_whole = head.rows == set(range(head.end))
    for place in range(head.end, len(texts)):
        # Where a row says that it is the source, no other row is.
        if not head.source and labelled_source(texts[place]):
            head = _labelled(head, place, texts[place], evidence)
    if head.end < len(texts) and is_whole and not rows[head.end].field:
        head = _with_values_before_text(head, texts[head.end], hosts, evidence)
    head = _with_reporter(head, texts, hosts, evidence)
    for place in range(head.end, len(texts)):
        if not (head.source and head.date):
            head = _with_values_in_row(
                head, place, rows[place], hosts, evidence
            )
    return head


def words_of(row: Row) -> str:
    """The words of a row, without a dash or comma that only led to its address."""
    words = row.without_addresses
    if not row.links:
        return words
    return words.removesuffix(" -").rstrip(" –—|,،，;").lstrip(" –—|:")


def _with_values_before_text(
    head: Head, text: str, hosts: str, evidence: Evidence
) -> Head:
    """The source and date before the text below: "(Source) – 6 October – Some teachers …"; "27 June | Parents …"."""
    if head.rest:
        return head
    for found in values_beside(text, hosts, evidence):
        if found.is_behind or not _is_new(head, found):
            continue
        leads_on = _LEADS.fits(found.rest.strip(_JOINT))
        end = read_more_start(found.rest)
        is_headline = _QUOTED.match(found.rest) is not None
        is_sentence = ends_sentence(found.rest[:end]) and not is_headline
        is_text = leads_on or is_sentence
        if found.source and not is_text:
            continue
        if found.source and _may_be_place(found, hosts):
            # A report begins with its place and date, which stay in the text.
            return replace(head, date=head.date or found.date)
        rest = "" if leads_on else found.rest[:end]
        filled = _filled(head, found, 2.0 + found.likely)
        return replace(filled, rest=rest, rows=head.rows | {head.end})
    return head


def _may_be_place(found: Values, hosts: str) -> bool:
    """Whether what was taken for a source may be where a report comes from: "Port Ellis, 15 May – Some teachers …"."""
    if found.in_brackets or is_in_hosts(found.source, hosts):
        return False
    return is_place(found.source)


def _with_values_in_row(
    head: Head, place: int, row: Row, hosts: str, evidence: Evidence
) -> Head:
    """The source and date that a row consists of, or that are behind its text."""
    text = words_of(row)
    is_labelled = row.field == "source" or labelled_source(text)
    if not head.source and (is_labelled or _HOST.fullmatch(text)):
        return _labelled(head, place, text, evidence)
    score = 2.0 + (_DIRECTLY_BELOW if place == head.end else 0.0)
    joints = _JOINT.replace("»", "") if "«" in text else _JOINT
    alone = values_alone(text.strip(joints), hosts, evidence)
    alone = alone or values_alone(_behind_address(row), hosts, evidence)
    if alone is None:
        for found in values_beside(text, hosts, evidence):
            if found.is_behind and _is_new(head, found):
                return _filled(head, found, score)
    elif _is_new(head, alone) or _is_name_beside(head, alone, place, row):
        return replace(_filled(head, alone, score), rows=head.rows | {place})
    elif _is_in_usual_place(head, alone, place, evidence):
        # Headlines are above other short rows as well, so it doesn't make this one clear.
        return replace(_filled(head, alone, 1.0), rows=head.rows | {place})
    return head


def _behind_address(row: Row) -> str:
    """What is behind a row's first address: "More: https://… (Harbour Post, 3 May)"."""
    bare = [text for text, address in row.links if same_address(text, address)]
    return row.words.partition(bare[0])[2].strip() if bare else ""


def _is_new(head: Head, found: Values) -> bool:
    """Whether a row says what the head doesn't say yet, clearly, and nothing that contradicts it."""
    if found.has_date and head.date and found.date != head.date:
        return False
    if found.source:
        is_clear = found.has_date or found.likely >= SURE
        return is_clear and not head.source
    is_clear = not found.is_behind or bool(found.in_brackets and head.source)
    return is_clear and found.date is not None and not head.date


def _is_name_beside(head: Head, found: Values, place: int, row: Row) -> bool:
    """Whether a name alone is behind "via", beside the link, or directly below a headline with a date."""
    if head.source or not found.source or found.has_date:
        return False
    is_below = place == head.end and head.date is not None
    is_below |= _SAYS_VIA.fits(row.without_addresses)
    least = CAPITALISED if is_below else LIKELY
    return (is_below or bool(row.links)) and found.likely >= least


def _is_in_usual_place(
    head: Head, found: Values, place: int, evidence: Evidence
) -> bool:
    """Whether a name alone is directly below a headline, where several other items have their source and date."""
    is_usual = place == head.end and bool(evidence.usual(ROWS))
    is_name = found.likely >= _IN_USUAL_PLACE and not found.has_date
    return is_usual and is_name and not head.source


def _filled(head: Head, found: Values, score: float) -> Head:
    """A head with values that it lacked."""
    return replace(
        head,
        source=head.source or found.source,
        date=head.date or found.date,
        further=(*head.further, *found.further),
        score=head.score + (score if found.source else 1.0),
    )


def _with_reporter(
    head: Head, texts: Sequence[str], hosts: str, evidence: Evidence
) -> Head:
    """The source and date in the first words of the text, which stays as it is: "Harbour Post reported on 6 June …"."""
    below = texts[head.end] if head.end < len(texts) else ""
    text = head.rest or below
    source = None if head.source else reported_source(text, hosts, evidence)
    if source is None:
        return head
    date = head.date or source.date
    return replace(head, source=source.name, date=date, score=head.score + 2)


def _labelled(head: Head, row: int, text: str, evidence: Evidence) -> Head:
    """The head with the source, and perhaps the date, in a row "Source: Name, date"."""
    source = read_source(text, evidence.before)
    assert source, "a row with a label and a name, or with a host, is short"
    return replace(
        head,
        source=source.name or text,
        date=head.date or source.date,
        rows=head.rows | {row},
        further=(*head.further, *source.further),
        score=head.score + (3 if source.has_date else 2),
    )
