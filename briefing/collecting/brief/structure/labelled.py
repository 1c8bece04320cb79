"""Rows that say what they are ("Title: …", "Source: …"), and the cells of tables."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.text.written_dates import WrittenDate, find_dates

from .evidence import Evidence
from .head import Head
from .link_labels import may_be_label
from .names import IN_USUAL_PLACE
from .row import Row
from .source_line import (
    date_alone,
    is_when,
    read_source,
    source_behind_label,
)
from .title import IN_BRACKETS_AT_END, is_title

_ONCE = frozenset({"title", "source"})
"""Fields that an item has only once."""
_IN_HEAD = frozenset({"title", "source", "date"})
_NONE = -3.0
"""The score of what isn't a headline."""
_LABELLED = "labels"
_ABOVE_LABELS = "above labels"
"""The arrangements with a label before the headline, and without."""
_LEAST_LETTERS = 2

Dates = Sequence[WrittenDate | None]
"""The date that each cell of a row consists of."""


def labelled_rows(rows: Sequence[Row], evidence: Evidence) -> Head | None:
    """Read rows with labels, "Title: …", "Source: …", "Date: …", in any order; the headline above them may have none.

    None without a headline and another field. What has no label isn't a headline if those of several items have one.
    """
    places = _places_of_fields(rows)
    if "title" not in places or len(places) < 2:
        return None
    is_labelled = bool(rows[places["title"]].field)
    if not is_labelled and evidence.is_usual(_LABELLED):
        return Head(_ABOVE_LABELS, rows[0].words, score=_NONE)
    values = {field: rows[place].words for field, place in places.items()}
    own = {places[field] for field in _IN_HEAD & places.keys()}
    # Rows above the headline, such as "Number: 5", can't be its text.
    above = range(places["title"])
    dates = find_dates(values.get("date", ""), evidence.before)
    source = source_behind_label(values.get("source", ""), evidence.before)
    head = Head(
        _LABELLED if is_labelled else _ABOVE_LABELS,
        values["title"],
        date=dates[0].date if dates else None,
        rows=frozenset(own.union(above)),
    )
    return _with_source_of_title(head.filled(source, 5.0), evidence)


def _with_source_of_title(
    head: Head,
    evidence: Evidence,
) -> Head:
    """A head with the name in brackets at the end of its headline as source, if several items have such brackets."""
    brackets = IN_BRACKETS_AT_END.search(head.title)
    arrangement = "labels ("
    # Before any item was read, nothing is known of the others.
    may_be = not evidence.arrangements or evidence.is_repeated(arrangement)
    if head.source or brackets is None or not may_be:
        return head
    if evidence.likelihood(brackets[1]) < IN_USUAL_PLACE:
        return head
    return replace(
        head,
        arrangement=arrangement,
        title=head.title[: brackets.start()],
        source=brackets[1],
    )


def _places_of_fields(rows: Sequence[Row]) -> dict[str, int]:
    """Where the fields of an item are, up to the next item; none if its headline has no label and may be none."""
    places: dict[str, int] = {}
    if _is_above_fields(rows):
        places["title"] = 0
    elif not rows[0].field:
        return {}
    for place, row in enumerate(rows):
        if row.field in _ONCE & places.keys():
            break
        if row.field:
            places.setdefault(row.field, place)
    return places


def _is_above_fields(rows: Sequence[Row]) -> bool:
    """Whether the first row can be a headline without a label above rows with the source or date of its item."""
    fields = {row.field for row in rows}
    if rows[0].field or "title" in fields or fields.isdisjoint(_IN_HEAD):
        return False
    words = rows[0].words
    # The date above "Source: Harbour Post" belongs to the headline above both.
    may_be_title = is_title(words) and not is_when(words, None)
    return may_be_title and _are_fields_next(rows)


def _are_fields_next(rows: Sequence[Row]) -> bool:
    """Whether the next row is a field: in the paragraph of the first, or in one of only fields."""
    block = rows[1].block
    below = [row for row in rows[1:] if row.block == block]
    is_beside = rows[0].block == block or all(row.field for row in below)
    return is_beside and bool(rows[1].field)


def table_row(rows: Sequence[Row], evidence: Evidence) -> Head | None:
    """Read the cells of a table's row by what is in them; None for the row of headings."""
    dates = [date_alone(row.words, evidence.before) for row in rows]
    if not _is_article(rows, dates, evidence):
        return None
    texts, names = _texts_and_names(rows, dates)
    if not texts:
        return None
    date, cells = _first_date(dates)
    head = _head_of_cells(rows, texts, names, evidence)
    dated = replace(head, date=date, rows=head.rows | cells)
    return _with_date_beside(dated, evidence)


def _is_article(
    rows: Sequence[Row],
    dates: Dates,
    evidence: Evidence,
) -> bool:
    """Whether a table's row has a headline by the heading of its column, a link, or a date as other rows have."""
    has_title = any(row.field == "title" for row in rows)
    if has_title or evidence.hosts:
        return True
    return any(dates) and bool(evidence.usual("table "))


def _first_date(
    dates: Dates,
) -> tuple[dt.date | None, set[int]]:
    """The first date that can be known, and the cells that have it."""
    known = [found.date if found else None for found in dates]
    first = next(filter(None, known), None)
    if first is None:
        return None, set()
    return first, {place for place, date in enumerate(known) if date == first}


def _head_of_cells(
    rows: Sequence[Row],
    texts: Sequence[int],
    names: Sequence[int],
    evidence: Evidence,
) -> Head:
    """The head in a table's row, but for its date; `texts` and `names` come from `_texts_and_names`."""
    columns: dict[str, int] = {}
    for place, row in enumerate(rows):
        columns.setdefault(row.field, place)
    title = columns.get("title")
    names = [
        place
        for place in names
        if place != title and not ends_sentence(rows[place].words)
    ]
    if title is None:
        # One of the names is the headline.
        source = _likeliest(names if len(names) > 1 else [], rows, evidence)
        title = _title_by_looks(rows, texts, source)
        below = {*texts} - {title, source}
        own = {*range(len(rows))} - below
    else:
        source = columns.get("source", _likeliest(names, rows, evidence))
        own = {place for place, row in enumerate(rows) if _is_label(row)}
    return _table_head(rows, title, source, own)


def _title_by_looks(
    rows: Sequence[Row],
    texts: Sequence[int],
    source: int | None,
) -> int:
    """The cell with the headline, if no column is that of the headlines: a linked one of those with a text."""
    others = [place for place in texts if place != source]
    return max(others, key=lambda place: _title_likelihood(rows[place]))


def _table_head(
    rows: Sequence[Row], title: int, source: int | None, own: set[int]
) -> Head:
    """The head with a headline and perhaps a source in two cells of a table's row; `own` are further cells of it."""
    cells = frozenset(own | {title})
    head = Head("table", rows[title].words, rows=cells, score=4.0)
    if source is None:
        return head
    return replace(
        head,
        arrangement=_arrangement(rows[source]),
        source=rows[source].words,
        rows=cells | {source},
    )


def _with_date_beside(head: Head, evidence: Evidence) -> Head:
    """A head without the date in the cell of its source: "Harbour Post, 3 May"."""
    found = read_source(head.source, evidence.before)
    if found is None or not (found.name and found.has_date):
        return head
    # `filled` changes only what a head lacks.
    return replace(head, source="").filled(found, 0)


def _texts_and_names(
    rows: Sequence[Row], dates: Dates
) -> tuple[list[int], list[int]]:
    """The cells with a text, and those of them that can be a source. A link that only says "Read more" is neither."""
    texts = [
        place
        for place, row in enumerate(rows)
        if not dates[place] and _has_words(row)
    ]
    names = [place for place in texts if not _is_label(rows[place])]
    return (names, names) if len(names) > 1 else (texts, names)


def _has_words(row: Row) -> bool:
    """Whether a cell is more than an address, a number or a mark."""
    letters = sum(map(str.isalpha, row.words))
    return letters >= _LEAST_LETTERS and not row.is_address


def _likeliest(
    places: Sequence[int],
    rows: Sequence[Row],
    evidence: Evidence,
) -> int | None:
    """The cell that is most likely a source; only one in the column in which most rows have it."""
    usual = evidence.usual("table ")
    likely = {
        place: evidence.likelihood(rows[place].words)
        for place in places
        if usual in {"", _arrangement(rows[place])}
    }
    # Scripts without capitals leave only the length to tell names from headlines.
    return max(
        filter(likely.get, likely),
        key=lambda place: (likely[place], -len(rows[place].words)),
        default=None,
    )


def _arrangement(source: Row) -> str:
    return f"table {source.cell}"


def _title_likelihood(row: Row) -> tuple[bool, bool]:
    return row.is_link, not ends_sentence(row.words)


def _is_label(row: Row) -> bool:
    """Whether a cell only leads on: "Read more"."""
    return row.is_link and may_be_label(row.words)
