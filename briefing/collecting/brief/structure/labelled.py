"""Read the head of an item whose rows have labels: "Title: Ferry returns" above "Source: Harbour Post, 3 May"."""

from dataclasses import replace

from briefing.collecting.text.written_dates import find_dates

from .evidence import Evidence
from .head import Head
from .headline_words import IN_BRACKETS_AT_END, can_be_headline
from .publisher_names import IN_USUAL_PLACE
from .row import Rows
from .source_line import (
    is_when,
    source_behind_label,
)

_ONCE = frozenset({"title", "source"})
"""Fields that an item has only once."""
_IN_HEAD = frozenset({"title", "source", "date"})
_NONE = -3.0
"""The score of what isn't a headline."""
_LABELLED = "labels"
_ABOVE_LABELS = "above labels"
"""The arrangements with a label before the headline, and without."""


def labelled_rows(rows: Rows, evidence: Evidence) -> Head | None:
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
    brackets = IN_BRACKETS_AT_END.search(head.headline)
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
        headline=head.headline[: brackets.start()],
        source=brackets[1],
    )


def _places_of_fields(rows: Rows) -> dict[str, int]:
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


def _is_above_fields(rows: Rows) -> bool:
    """Whether the first row can be a headline without a label above rows with the source or date of its item."""
    fields = {row.field for row in rows}
    if rows[0].field or "title" in fields or fields.isdisjoint(_IN_HEAD):
        return False
    words = rows[0].words
    # The date above "Source: Harbour Post" belongs to the headline above both.
    may_be_title = can_be_headline(words) and not is_when(words, None)
    return may_be_title and _are_fields_next(rows)


def _are_fields_next(rows: Rows) -> bool:
    """Whether the next row is a field: in the paragraph of the first, or in one of only fields."""
    block = rows[1].block
    below = [row for row in rows[1:] if row.block == block]
    is_beside = rows[0].block == block or all(row.field for row in below)
    return is_beside and bool(rows[1].field)
