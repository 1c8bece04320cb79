"""Read the head of an item in a row of a table: by the headings of its columns, and without them by what is in its
cells and where other rows have their source.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.text.written_dates import WrittenDate

from .evidence import Evidence
from .head import Head
from .link_labels import may_be_label
from .row import Row, Rows
from .source_line import date_alone, read_source

_LEAST_LETTERS = 2

Dates = Sequence[WrittenDate | None]
"""The date that each cell of a row consists of."""


def head_of_table_row(rows: Rows, evidence: Evidence) -> Head | None:
    """Read the cells of a table's row by what is in them; None for the row of headings."""
    dates = [date_alone(row.words, evidence.before) for row in rows]
    if not _is_article(rows, dates, evidence):
        return None
    texts = _texts(rows, dates)
    if not texts:
        return None
    date, cells = _first_date(dates)
    head = _head_of_cells(rows, texts, evidence)
    dated = replace(head, date=date, rows=head.rows | cells)
    return _with_date_beside(dated, evidence)


def _is_article(
    rows: Rows,
    dates: Dates,
    evidence: Evidence,
) -> bool:
    """Whether a table's row has a headline by the heading of its column, a link, or a date as other rows have."""
    has_title = any(row.field == "title" for row in rows)
    if has_title or evidence.hosts:
        return True
    return any(dates) and bool(evidence.usual_arrangement("table "))


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
    rows: Rows,
    texts: Sequence[int],
    evidence: Evidence,
) -> Head:
    """The head in a table's row, but for its date; `texts` are the cells with a text."""
    columns: dict[str, int] = {}
    for place, row in enumerate(rows):
        columns.setdefault(row.field, place)
    title = columns.get("title")
    names = [
        place for place in texts if place != title and _may_be_name(rows[place])
    ]
    if title is None:
        # One of the names is the headline.
        source = _likeliest(names if len(names) > 1 else [], rows, evidence)
        title = _headline_by_looks(rows, texts, source)
        below = {*texts} - {title, source}
        own = {*range(len(rows))} - below
    else:
        source = columns.get("source", _likeliest(names, rows, evidence))
        own = {place for place, row in enumerate(rows) if _is_label(row)}
    return _table_head(rows, title, source, own)


def _may_be_name(row: Row) -> bool:
    """Whether a cell may name a source: it neither leads on nor ends like a sentence."""
    return not (_is_label(row) or ends_sentence(row.words))


def _headline_by_looks(
    rows: Rows,
    texts: Sequence[int],
    source: int | None,
) -> int:
    """The cell with the headline, if no column is that of the headlines: a linked one of those with a text."""
    others = [place for place in texts if place != source]
    return max(others, key=lambda place: _headline_likelihood(rows[place]))


def _table_head(
    rows: Rows, title: int, source: int | None, own: set[int]
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


def _texts(rows: Rows, dates: Dates) -> list[int]:
    """The cells with a text; a link that only says "Read more" is one only if there are no others."""
    texts = [
        place
        for place, row in enumerate(rows)
        if not dates[place] and _has_words(row)
    ]
    others = [place for place in texts if not _is_label(rows[place])]
    return others if len(others) > 1 else texts


def _has_words(row: Row) -> bool:
    """Whether a cell is more than an address, a number or a mark."""
    letters = sum(map(str.isalpha, row.words))
    return letters >= _LEAST_LETTERS and not row.is_address


def _likeliest(
    places: Sequence[int],
    rows: Rows,
    evidence: Evidence,
) -> int | None:
    """The cell that is most likely a source; only one in the column in which most rows have it."""
    usual = evidence.usual_arrangement("table ")
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


def _headline_likelihood(row: Row) -> tuple[bool, bool]:
    return row.is_link, not ends_sentence(row.words)


def _is_label(row: Row) -> bool:
    """Whether a cell only leads on: "Read more"."""
    return row.is_link and may_be_label(row.words)
