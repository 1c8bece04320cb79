"""Complete the head of an item with the source and date that stand further down, or in its first words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from briefing.collecting.brief.fields import field_of
from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.structure.head import (
    Evidence,
    Head,
    likely_source,
)
from briefing.collecting.brief.structure.names import SURE
from briefing.collecting.brief.structure.reported import reported_source
from briefing.collecting.brief.structure.rows import Row, same_address
from briefing.collecting.brief.structure.source_line import (
    BRACKETED,
    LONGEST,
    attributed_to,
    date_alone,
    labelled_source,
    read_source,
)
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

_BEFORE_TEXT = re.compile(r" [–—-] |[:：] ")
_MOST_PIECES = 2
_STOP = re.compile(r"(?:\.|(?<=\.)) +(?=\S)")
_HOST = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,10}")
_DIRECTLY_BELOW = 0.5
"""How much likelier a source is directly below the headline."""
_SAYS_VIA = Form("<via> {name}")
_NAME = 1.0
"""How likely a name must be in a row that only says "via Harbour Post"; in other words, its link must confirm it."""
_VIA = Form("(<via>|<read_more>[ <at>]) {name}")
_LEADS = Form("<read_more>|<address_label>|<source_label>|<more>|<at>")
_JOINT = " :：→»›>–—-([（"
_LONGEST_BRACKETS = 60
_AFTER_DATE = re.compile(r"\s*[|:：–—-]")


def completed(
    head: Head, rows: Sequence[Row], hosts: str, evidence: Evidence
) -> Head:
    """A head with the source and date that are further down."""
    texts = list(map(words_of, rows))
    head = _with_dateline(head, texts, hosts, evidence)
    head = _with_reporter(head, texts, hosts, evidence)
    head = _with_date_below(head, texts, evidence)
    if not head.source:
        head = _with_source_below(head, texts, hosts, evidence)
    if not head.source:
        head = _with_linked_source(head, rows, hosts, evidence)
    head = _with_labelled_date(head, texts, evidence)
    return _with_bracketed_date(head, texts, evidence)


def words_of(row: Row) -> str:
    """The words of a row, without a dash or comma that only led to its address."""
    words = row.without_addresses
    return words.rstrip(" –—|,،，;").lstrip(" –—|:") if row.links else words


def _with_dateline(
    head: Head, texts: Sequence[str], hosts: str, evidence: Evidence
) -> Head:
    """The source and date that begin the text below: "(Source) – 6 October – Some teachers …"."""
    is_bare = not (head.source or head.date or head.rest)
    if not is_bare or head.rows != {0} or len(texts) < 2:
        return head
    text = texts[1]
    for end, start in _ends_of_dateline(text[:LONGEST], evidence):
        words = re.sub(r"[()]", " ", text[:end])
        source = likely_source(words, hosts, evidence)
        rest = text[start:]
        if source and source.has_date:
            return replace(
                head,
                source=source.name,
                date=source.date,
                rest="" if _LEADS.fits(rest.strip(_JOINT)) else rest,
                rows=head.rows | {1},
                score=head.score + 2 + evidence.likelihood(source.name, hosts),
            )
    return head


def _ends_of_dateline(
    text: str, evidence: Evidence
) -> Iterator[tuple[int, int]]:
    """Where what begins a text may end, and where the text then begins: at a dash, a colon, a stop behind a date."""
    for match in islice(_BEFORE_TEXT.finditer(text), _MOST_PIECES):
        yield match.span()
    for found in find_dates(text, evidence.before)[:1]:
        stop = _STOP.match(text, found.end)
        if stop:
            yield found.end, stop.end()


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


def _with_linked_source(
    head: Head, rows: Sequence[Row], hosts: str, evidence: Evidence
) -> Head:
    """The source in the words of a link that ends a row, if its address confirms it: "Read more: Harbour Post".
    It is the item's first link, which is its own.
    """
    first = next((row.addresses[0] for row in rows if row.links), "")
    for place in range(head.end, len(rows)):
        row = rows[place]
        for words, address in row.links[-1:]:
            is_end = row.words.rstrip(" .)]）").endswith(words)
            if not is_end or same_address(words, address):
                continue
            if address == first and evidence.likelihood(words, hosts) >= SURE:
                before = row.words.rstrip(" .)]）").removesuffix(words)
                is_whole = not before.strip(_JOINT) or _LEADS.fits(
                    before.strip(_JOINT)
                )
                found = head.rows | {place} if is_whole else head.rows
                return replace(
                    head, source=words, rows=found, score=head.score + 1
                )
    return head


def _with_labelled_date(
    head: Head, texts: Sequence[str], evidence: Evidence
) -> Head:
    """The date in a row "Date: 5 October" further down."""
    if head.date:
        return head
    for place in range(head.end, len(texts)):
        name, value = field_of(texts[place])
        found = date_alone(value, evidence.before) if name == "date" else None
        if found:
            rows = head.rows | {place}
            return replace(
                head, date=found.date, rows=rows, score=head.score + 1
            )
    return head


def _with_bracketed_date(
    head: Head, texts: Sequence[str], evidence: Evidence
) -> Head:
    """The date alone in brackets behind the text of an item with a source."""
    if head.date or not head.source:
        return head
    for text in texts[head.end :]:
        bracket = BRACKETED.search(text[-_LONGEST_BRACKETS:])
        if bracket is None or not text.endswith(bracket[0]):
            continue
        found = date_alone(bracket[1], evidence.before)
        if found:
            return replace(head, date=found.date, score=head.score + 1)
    return head


def _with_date_below(
    head: Head, texts: Sequence[str], evidence: Evidence
) -> Head:
    """The date that begins the text below: "27 June | Parents were told …"."""
    if head.date or head.rest or head.rows != {0} or len(texts) < 2:
        return head
    dates = find_dates(texts[1][:60], evidence.before)
    if not dates or dates[0].start > 1:
        return head
    is_alone = date_alone(texts[1], evidence.before) is not None
    rest = "" if is_alone else texts[1][dates[0].end :]
    if rest and not _AFTER_DATE.match(rest):
        return head
    return replace(
        head,
        date=dates[0].date,
        rest=rest.strip(" |:：–—-"),
        rows=head.rows | {1},
        score=head.score + 1,
    )


def _with_source_below(
    head: Head, texts: Sequence[str], hosts: str, evidence: Evidence
) -> Head:
    """The source in a row "Source: Name" or "via Name (date)", or in brackets behind the text."""
    for row in range(head.end, len(texts)):
        if labelled_source(texts[row]):
            return _labelled(head, row, texts[row], evidence)
        if _HOST.fullmatch(texts[row]):
            rows = head.rows | {row}
            return replace(
                head, source=texts[row], rows=rows, score=head.score + 2
            )
        words, is_whole = _words_of_source(texts[row], hosts, evidence)
        least = _NAME if _SAYS_VIA.fits(texts[row]) else SURE
        found = _sourced(head, words, hosts, evidence, least)
        if found:
            rows = head.rows | {row} if is_whole else head.rows
            nearness = _DIRECTLY_BELOW if row == head.end else 0.0
            return replace(found, rows=rows, score=found.score + nearness)
    return head


def _words_of_source(
    text: str, hosts: str, evidence: Evidence
) -> tuple[str, bool]:
    """The words in a row that may name a source, and whether the row says nothing else."""
    via = _VIA.match(text.rstrip(_JOINT))
    if via:
        return via["name"], True
    bracket = BRACKETED.search(text[-100:])
    if bracket and text.endswith(bracket[0]):
        return bracket[1], False
    name = attributed_to(text)
    if name:
        return name, False
    is_whole = _is_source_alone(text, hosts, evidence)
    return (text, True) if is_whole else ("", False)


def _is_source_alone(text: str, hosts: str, evidence: Evidence) -> bool:
    """Whether a row says nothing but a name, perhaps with a date: "Harbour Post, 19 November"; or more, if the link
    confirms the name: "Harbour Post, 19 November, 9 minutes".
    """
    source = read_source(text, evidence.before)
    if source is None or not source.name or ends_sentence(text):
        return False
    likely = evidence.likelihood(source.name, hosts)
    return not source.further or (source.has_date and likely >= SURE)


def _labelled(head: Head, row: int, text: str, evidence: Evidence) -> Head:
    """The head with the source, and perhaps the date, in a row "Source: Name, date"."""
    source = read_source(text, evidence.before)
    assert source, "a row with a label and a name is short enough"
    return replace(
        head,
        source=source.name,
        date=head.date or source.date,
        rows=head.rows | {row},
        further=(*head.further, *source.further),
        score=head.score + (3 if source.has_date else 2),
    )


def _sourced(
    head: Head, text: str, hosts: str, evidence: Evidence, least: float
) -> Head | None:
    """The head with the source in a text; None if the text names none with a date, and none that is likely enough."""
    source = read_source(text, evidence.before) if text else None
    likely = evidence.likelihood(source.name, hosts) if source else 0.0
    if source is None or not likely:
        return None
    if not source.has_date and likely < least:
        return None
    date = head.date or source.date
    return replace(head, source=source.name, date=date, score=head.score + 2)
