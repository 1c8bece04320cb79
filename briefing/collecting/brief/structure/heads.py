"""Read the first rows of an item in every arrangement."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from briefing.collecting.brief.contacts import classify_contact
from briefing.collecting.brief.credits import classify_credit
from briefing.collecting.brief.fields import field_of
from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.labels import classify_label
from briefing.collecting.brief.line import LONGEST as LONGEST_LINE
from briefing.collecting.brief.structure.head import CLEAR, Evidence, Head
from briefing.collecting.brief.structure.labelled import (
    labelled_rows,
    table_row,
)
from briefing.collecting.brief.structure.names import SURE, hosts_of
from briefing.collecting.brief.structure.on_one_row import (
    ON_ONE_ROW,
    is_sentence_with_source,
    is_title,
)
from briefing.collecting.brief.structure.on_several_rows import (
    title_and_source_rows,
)
from briefing.collecting.brief.structure.rows import Row, same_address
from briefing.collecting.brief.structure.source_line import (
    BRACKETED,
    LONGEST,
    SourceLine,
    date_alone,
    labelled_source,
    read_source,
)
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.written_dates import find_dates

_WITHOUT_SOURCE = frozenset({"title", "topic"})
_LONGEST_ANNOUNCEMENT = 40
_LONGEST_DATE = 60
_MOST_LABEL_WORDS = 2
_DASH = re.compile(r" [–—-] ")
_MOST_DASHES = 2
_HOST = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,10}")
_DIRECTLY_BELOW = 0.5
"""How much likelier a source is directly below the headline."""
_MOST_SEEN = 40
"""Rows of an item in which a source is looked for."""
_VIA = Form("(<via>|<read_more>[ <at>]) {name}")
_LEADS = Form("<read_more>|<address_label>|<source_label>|<more>|<at>")
_JOINT = " :：→»›>–—-([（"
_AROUND_SOURCE = " ,.:;()（）–—-|"
_REPORTED = Form("<according_to>[ ]{name}<reported>{rest}")
_AFTER_DATE = re.compile(r"\s*[|:：–—-]")


def best_head(rows: Sequence[Row], evidence: Evidence) -> Head | None:
    """The most convincing reading of an item's first rows; None for a table's row of headings."""
    rows = rows[:_MOST_SEEN]
    key = tuple(row.number for row in rows)
    if key not in evidence.heads:
        evidence.heads[key] = _read_head(rows, evidence)
    return evidence.heads[key]


def _read_head(rows: Sequence[Row], evidence: Evidence) -> Head | None:
    if rows[0].is_cell:
        return table_row(rows, evidence)
    if _is_below_headlines(rows[0]):
        return Head("title", rows[0].words, score=-3.0)
    dated = _below_date(rows, evidence)
    if dated:
        return dated
    labelled = labelled_rows(rows, evidence)
    if labelled:
        return labelled
    hosts = hosts_of(rows)
    rows = _until_list(rows)
    texts = list(map(_words_of, rows))
    found = list(title_and_source_rows(texts, hosts, evidence))
    is_labelled = classify_label(texts[0]) or field_of(texts[0])[0]
    for read in () if is_labelled else ON_ONE_ROW:
        found += read(texts[0], hosts, evidence)
    found += _linked_title(rows[0], texts[0], hosts, evidence)
    found.append(_title_alone(rows[0], texts[0]))
    completed = [_completed(head, rows, hosts, evidence) for head in found]
    return max(completed, key=lambda head: head.score)


def _words_of(row: Row) -> str:
    """The words of a row, without a dash that only led to its address."""
    words = row.without_addresses
    return words.rstrip(" –—|") if row.links else words


def _until_list(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows up to a list below them, or to the title of the next list: neither is part of their headline or source.

    Below a headline with an address, a row with another address isn't part of it either.
    """
    for place, (row, below) in enumerate(pairwise(rows), start=1):
        is_listed = below.mark and not row.mark
        if is_listed and row.block == below.block != rows[0].block:
            return rows[: max(1, place - 1)]
        if is_listed and not rows[0].mark:
            return rows[:place]
        if _has_address(rows[0]) and _has_address(below):
            return rows[:place]
    return rows


def _has_address(row: Row) -> bool:
    """Whether a row has words and an address."""
    return not row.is_address and any(same_address(*link) for link in row.links)


def _below_date(rows: Sequence[Row], evidence: Evidence) -> Head | None:
    """A head below a row with its date alone, if it is clear by itself."""
    text = rows[0].words[:_LONGEST_DATE]
    dates = find_dates(text, evidence.before)
    is_alone = len(dates) == 1 and dates[0].end - dates[0].start == len(
        rows[0].words
    )
    if not is_alone or len(rows) < 2:
        return None
    head = best_head(rows[1:], evidence)
    if head is None or head.date or head.score < CLEAR - 1 or not head.source:
        return None
    below = frozenset(row + 1 for row in head.rows)
    return replace(
        head, date=dates[0].date, rows=below | {0}, score=head.score + 1
    )


def _is_below_headlines(row: Row) -> bool:
    """Whether a row is what items have below their headline: an address, a contact, a credit."""
    words = row.words[:LONGEST_LINE]
    is_label = classify_contact(words) or classify_credit(words)
    return leads_elsewhere(row) or is_label is not None


def _linked_title(
    row: Row, text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """A headline that is a link, with source and date behind or before it: "Headline, Source, date. Text"."""
    title = row.links[0][0] if row.links else ""
    if not is_title(title) or len(title.split()) <= _MOST_LABEL_WORDS:
        return
    if text.endswith(title):
        yield from _linked_at_end(title, text, hosts, evidence)
    if not text.startswith(title):
        return
    behind = text.removeprefix(title).strip(_AROUND_SOURCE)
    dates = find_dates(behind[:LONGEST], evidence.before)
    end = dates[0].end if dates else len(behind)
    source = _likely_source(behind[:end], hosts, evidence)
    if source:
        rest = behind[end:].strip(_AROUND_SOURCE)
        likely = evidence.likelihood(source.name, hosts)
        score = 2.2 + likely + (1 if source.has_date else 0)
        yield Head("linked", title, source.name, source.date, rest, score=score)


def _linked_at_end(
    title: str, text: str, hosts: str, evidence: Evidence
) -> Iterator[Head]:
    """Date. Source. Headline"""
    before = text.removesuffix(title).strip(_AROUND_SOURCE)
    source = _likely_source(before, hosts, evidence)
    if source and source.has_date:
        likely = evidence.likelihood(source.name, hosts)
        score = 3.2 + likely
        yield Head("linked last", title, source.name, source.date, score=score)


def _likely_source(
    text: str, hosts: str, evidence: Evidence
) -> SourceLine | None:
    """The source in a text that says nothing else; None if it isn't likely to be one."""
    source = read_source(text, evidence.before)
    if source is None or source.further:
        return None
    return source if evidence.likelihood(source.name, hosts) else None


def _title_alone(row: Row, text: str) -> Head:
    """A headline without a source. A short link behind it leads to more: "… Tickets"."""
    for label, _ in row.links:
        if (
            text.endswith(f" {label}")
            and len(label.split()) <= _MOST_LABEL_WORDS
        ):
            text = text.removesuffix(label).rstrip(" :–—-")
    if is_title(text):
        return Head("title", text, score=0.7)
    if is_sentence_with_source(text):
        return Head("title", text, score=-1.0)
    return Head(
        "title", text, score=0.5 if row.links and len(text) <= 200 else -1.0
    )


def clear_head(
    rows: Sequence[Row], evidence: Evidence, least: float = CLEAR
) -> Head | None:
    """The head that rows begin with, if it names a source or date clearly."""
    if leads_elsewhere(rows[0]):
        return None
    head = best_head(rows[:3], evidence)
    if (
        head is None
        or head.arrangement in _WITHOUT_SOURCE
        or head.score < least
    ):
        return None
    return head


def leads_elsewhere(row: Row) -> bool:
    """Whether a row is only an address, or words that lead to it: "See also: https://…"."""
    words = row.without_addresses
    announces = len(words) <= _LONGEST_ANNOUNCEMENT and words.endswith(
        (":", "：")
    )
    return row.is_address or (bool(row.links) and announces and not row.mark)


def _completed(
    head: Head, rows: Sequence[Row], hosts: str, evidence: Evidence
) -> Head:
    """A head with the source and date that are further down."""
    texts = list(map(_words_of, rows))
    head = _with_dateline(head, texts, hosts, evidence)
    head = _with_reporter(head, texts, hosts, evidence)
    head = _with_date_below(head, texts, evidence)
    if not head.source:
        head = _with_source_below(head, texts, hosts, evidence)
    if not head.source:
        head = _with_linked_source(head, rows, hosts, evidence)
    return _with_labelled_date(head, texts, evidence)


def _with_dateline(
    head: Head, texts: Sequence[str], hosts: str, evidence: Evidence
) -> Head:
    """The source and date that begin the text below: "(Source) – 6 October – Some teachers …"."""
    is_bare = not (head.source or head.date or head.rest)
    if not is_bare or head.rows != {0} or len(texts) < 2:
        return head
    text = texts[1]
    for dash in islice(_DASH.finditer(text[:LONGEST]), _MOST_DASHES):
        words = re.sub(r"[()]", " ", text[: dash.start()])
        source = _likely_source(words, hosts, evidence)
        if source and source.has_date:
            return replace(
                head,
                source=source.name,
                date=source.date,
                rest=text[dash.end() :],
                rows=head.rows | {1},
                score=head.score + 2,
            )
    return head


def _with_reporter(
    head: Head, texts: Sequence[str], hosts: str, evidence: Evidence
) -> Head:
    """The source and date in the first words of the text, which stays as it is: "据《江口晚报》6月6日报道，…"."""
    is_bare = not (head.source or head.date or head.rest)
    if not is_bare or len(texts) <= head.end:
        return head
    reported = _REPORTED.match(texts[head.end])
    name = reported["name"] if reported else ""
    source = _likely_source(name, hosts, evidence)
    if source is None:
        return head
    return replace(
        head, source=source.name, date=source.date, score=head.score + 2
    )


def _with_linked_source(
    head: Head, rows: Sequence[Row], hosts: str, evidence: Evidence
) -> Head:
    """The source in the words of a link that ends a row, if its address confirms it: "Read more: Harbour Post"."""
    for place in range(head.end, len(rows)):
        row = rows[place]
        for words, address in row.links[-1:]:
            is_end = row.words.rstrip(" .)]）").endswith(words)
            if not is_end or same_address(words, address):
                continue
            if evidence.likelihood(words, hosts) >= SURE:
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


def _with_date_below(
    head: Head, texts: Sequence[str], evidence: Evidence
) -> Head:
    """The date that begins the text below: "27 June | Parents were told …"."""
    if head.date or head.rest or head.rows != {0} or len(texts) < 2:
        return head
    dates = find_dates(texts[1][:60], evidence.before)
    if not dates or dates[0].start > 1:
        return head
    rest = texts[1][dates[0].end :]
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
        words, is_whole = _words_of_source(texts[row], evidence)
        found = _sourced(head, words, hosts, evidence) if words else None
        if found:
            rows = head.rows | {row} if is_whole else head.rows
            nearness = _DIRECTLY_BELOW if row == head.end else 0.0
            return replace(found, rows=rows, score=found.score + nearness)
    return head


def _words_of_source(text: str, evidence: Evidence) -> tuple[str, bool]:
    """The words in a row that may name a source, and whether the row says nothing else."""
    via = _VIA.match(text.rstrip(_JOINT))
    if via:
        return via["name"], True
    bracket = BRACKETED.search(text[-100:])
    if bracket and text.endswith(bracket[0]):
        return bracket[1], False
    return (text, True) if _is_source_alone(text, evidence) else ("", False)


def _is_source_alone(text: str, evidence: Evidence) -> bool:
    """Whether a row says nothing but a name, perhaps with a date: "Harbour Post, 19 November"."""
    source = read_source(text, evidence.before)
    if source is None or not source.name or source.further:
        return False
    return not ends_sentence(text)


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
        score=head.score + 2,
    )


def _sourced(
    head: Head, text: str, hosts: str, evidence: Evidence
) -> Head | None:
    """The head with the source in a text; None if the text names no source with a date, or one that the link
    confirms.
    """
    source = read_source(text, evidence.before)
    likely = evidence.likelihood(source.name, hosts) if source else 0.0
    if source is None or not likely:
        return None
    if not source.has_date and likely < SURE:
        return None
    date = head.date or source.date
    return replace(head, source=source.name, date=date, score=head.score + 2)
