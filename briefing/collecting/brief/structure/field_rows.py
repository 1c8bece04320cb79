"""Find which field of an item a row with a label has: "Published in: Harbour Post", "Access: https://…"."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from briefing.collecting.brief.lines.fields import (
    field_named,
    repeated_labels,
    split_fields,
    split_label,
)
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import find_dates

from .publisher_hosts import hosts_of, is_in_hosts
from .row import OTHER, Row, Rows
from .source_line import ANOTHER_DATE, date_alone

_LEAST_FIELDS = 2
"""Fields of an item in a paragraph whose other labels are its own as well."""
_MOST = 0.6
"""The share of the values behind an unknown label that must be of one kind."""


def with_fields(rows: Rows) -> list[Row]:
    """Rows with the fields that their labels name, and without these labels, where items repeat them.

    What an unknown label leads to is recognised by its values: addresses, or names that the links' hosts have. Any
    other stays in its row, which belongs to the text of the item.
    """
    blocks = [
        list(block) for _, block in groupby(rows, key=lambda row: row.block)
    ]
    labels = repeated_labels(map(_words_outside_tables, blocks))
    fields = _fields(labels, blocks)
    found: list[Row] = []
    for block in blocks:
        parts = [part for row in block for part in _parts(row, fields)]
        found += _with_labels_between(parts)
    # Divided rows need numbers of their own, since heads are remembered by them.
    return [replace(row, number=number) for number, row in enumerate(found)]


def _words_outside_tables(block: Rows) -> Sequence[str]:
    return [row.words for row in block if not row.is_cell]


def _with_labels_between(block: Rows) -> Iterable[Row]:
    """Rows of a paragraph in which others with a label, between those with fields, have a field by their value as well,
    or belong to the text: "Pages: 84".
    """
    places = [place for place, row in enumerate(block) if row.field]
    names = {block[place].field for place in places}
    if len(names - {OTHER}) < _LEAST_FIELDS:
        return block
    # A headline without a label, above the first field, may have a colon of its own:
    # "Court: the lists were never public".
    start = 0 if "title" in names else places[0]
    last = places[-1]
    around = _around(block)
    between = [_with_own_field(row, names, around) for row in block[start:last]]
    return [*block[:start], *between, *block[last:]]


def _fields(labels: Collection[str], blocks: Sequence[Rows]) -> dict[str, str]:
    """The field that each label leads to."""
    if not labels:
        return {}
    fields = {label: field_named(label) for label in labels}
    known = set(fields.values())
    kinds = {label: Counter[str]() for label in labels}
    for block in blocks:
        around = _around(block)
        for row in block:
            label = _label_of(row)
            if label in kinds:
                kinds[label][_kind_of_value(row, around)] += 1
    for label, count in kinds.items():
        kind = _usual(count)
        # A known label is clearer than values: beside "Source: …", no unknown label leads to a source.
        fields[label] = fields[label] or (OTHER if kind in known else kind)
    return fields


class _Around(NamedTuple):
    """What is known of the paragraph around a label."""

    hosts: str
    dates: int
    """How many of its rows are dates, or contain one."""


def _around(block: Rows) -> _Around:
    dated = [row for row in block if find_dates(row.words, None)]
    return _Around(hosts_of(block), len(dated))


def _with_own_field(row: Row, names: Collection[str], around: _Around) -> Row:
    """A row with a label that has no field yet, with the field of its value, unless another row has it."""
    if row.field or not _label_of(row):
        return row
    kind = _kind_of_value(row, around)
    return _with_field(row, OTHER if kind in names else kind)


def _kind_of_value(row: Row, around: _Around) -> str:
    """What a row has behind its label: an address, a name that a link's host has, the only date, or something else."""
    label, value = split_label(row.words)
    if row.links:
        # "Harbour Post: https://harbourpost.example.org/…" names the publisher before its link.
        leads_to_link = value.lstrip("<(").startswith(row.links[0][0])
        is_name = is_in_hosts(label, around.hosts)
        return "link" if leads_to_link and not is_name else OTHER
    is_date = around.dates == 1 and date_alone(value, None) is not None
    # Not "Deadline: 3 May"
    if is_date and not ANOTHER_DATE.fits(label):
        return "date"
    return "source" if is_in_hosts(value, around.hosts) else OTHER


def _usual(count: Counter[str]) -> str:
    """The kind that most values behind a label have."""
    ((kind, number),) = count.most_common(1) or [(OTHER, 0)]
    return kind if number > _MOST * count.total() else OTHER


def _parts(row: Row, fields: Mapping[str, str]) -> Iterator[Row]:
    """A row with its field; one with several fields is divided: "Source: Harbour Post | Date: 3 May"."""
    if row.is_cell or row.field:
        yield row
        return
    parts = split_fields(row.words)
    if len(parts) == 1:
        yield _with_field(row, fields.get(_label_of(row), ""))
        return
    for part in parts:
        links = tuple(link for link in row.links if link[0] in part)
        bare = replace(row, raw=part, words=part, links=links)
        yield _with_field(bare, fields.get(_label_of(bare), ""))


def _label_of(row: Row) -> str:
    """The label at the start of a row, for comparing; "" without one."""
    label, _ = split_label(row.words)
    return fold(label)


def _with_field(row: Row, field: str) -> Row:
    """A row with a field, without the label that names it; one without a field keeps its words."""
    if field == "link" and not row.links:
        field = OTHER  # "Access: print only"
    if not field or field == OTHER:
        return replace(row, field=field)
    # A bullet before another field doesn't begin an item: "- Source: Harbour Post".
    mark = row.mark if field == "title" else ""
    _, value = split_label(row.words)
    return replace(row, words=value, mark=mark, field=field)
