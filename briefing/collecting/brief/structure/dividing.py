"""Ways to divide the rows of a brief into items: by paragraphs, bullets, rules, headings, …

Each goes through all rows and decides whether each is part of an item, the title of a section, or neither.
`reading` then finds out which of them fits the brief.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise, zip_longest

from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.lines.titles import is_usual_section

from .best_head import best_head, clear_head, leads_elsewhere
from .evidence import Evidence
from .head import CLEAR, Head
from .headings import by_headings
from .headline_words import can_be_headline
from .row import Row, Rows
from .row_paragraphs import paragraphs, places_alone
from .sections import is_clear_section, is_written_like_section, may_be_section
from .segments import ITEM, OTHER, SECTION, Divider, Segment

_LEAST_OF_SECTION_LIKE = 4.5
"""The score of a head that begins an item although it is written like the title of a section."""

Divide = Callable[[Rows, Evidence], Iterable[Segment]]


def by_paragraphs(rows: Rows, evidence: Evidence) -> Iterator[Segment]:
    """Each paragraph is an item; the title of a section is above one, or in its first row."""
    for paragraph in paragraphs(rows):
        rows_of_item = paragraph
        if _begins_with_section(paragraph, evidence):
            title, *rows_of_item = paragraph
            yield Segment(SECTION, (title,))
        if rows_of_item:
            yield Segment(ITEM, tuple(rows_of_item))


def _begins_with_section(paragraph: Rows, evidence: Evidence) -> bool:
    first = paragraph[0]
    below = paragraph[1:]
    if not may_be_section(first, evidence):
        return False
    if not below or is_usual_section(first.words):
        return True
    return _score(below, evidence) > _score(paragraph, evidence) + 0.5


def _score(rows: Rows, evidence: Evidence) -> float:
    head = best_head(rows, evidence)
    return head.score if head else -2.0


def by_marks(mark: str) -> Divide:
    """Each bullet, or each number, begins an item; over several paragraphs if each is alone in its own."""

    def divide(rows: Rows, evidence: Evidence) -> Iterable[Segment]:
        divider = Divider()
        # "1. Ferry returns" may be all of its paragraph, and the text of the item the next one.
        is_spread = _are_alone(rows, mark)
        for row in rows:
            if row.is_rule:
                divider.end()
            elif row.mark == mark:
                divider.begin(row)
            elif divider.item and (
                _continues(divider.item, row, evidence)
                or (is_spread and not row.is_strong)
            ):
                divider.item.append(row)
            else:
                divider.add_alone(_kind_between(row, evidence), row)
        return divider.finish()

    return divide


def _kind_between(row: Row, evidence: Evidence) -> str:
    """What a row that belongs to no item is."""
    return SECTION if may_be_section(row, evidence) else OTHER


def _are_alone(rows: Rows, mark: str) -> bool:
    """Whether the rows with a mark are paragraphs of one row, with others between them."""
    marked = [n for n, row in enumerate(rows) if row.mark == mark]
    is_between = all(below > above + 1 for above, below in pairwise(marked))
    return is_between and places_alone(rows).issuperset(marked)


def _continues(item: Rows, row: Row, evidence: Evidence) -> bool:
    """Whether a row continues a bullet: in the same paragraph, or as its address."""
    if row.block == item[-1].block:
        return not is_clear_section(row, evidence)
    return row.is_address and not any(above.links for above in item)


def by_rows(rows: Rows, evidence: Evidence) -> Iterator[Segment]:
    """Each row is an item."""
    for row in rows:
        if row.is_rule:
            continue
        is_section = (
            may_be_section(row, evidence) and _score([row], evidence) < 1.5
        )
        yield Segment(SECTION if is_section else ITEM, (row,))


def by_heads(rows: Rows, evidence: Evidence) -> Iterable[Segment]:
    """Each headline with a source begins an item, within its paragraph."""
    return _by_heads(list(paragraphs(rows)), evidence)


def by_heads_across(rows: Rows, evidence: Evidence) -> Iterable[Segment]:
    """As by_heads, where each row is a paragraph: in documents."""
    return _by_heads([[row for row in rows if not row.is_rule]], evidence)


def _by_heads(
    groups: Sequence[list[Row]], evidence: Evidence
) -> Iterable[Segment]:
    divider = Divider()
    for group in groups:
        end_of_head = 0
        for place, row in enumerate(group):
            rows = group[place : place + 3]
            head = None
            if place >= end_of_head:
                head = _head_of_next(rows, evidence, is_first=not divider.item)
            if head:
                end_of_head = place + max(1, head.end)
                divider.begin(row)
            elif _is_section_here(group, place, evidence):
                divider.add_alone(SECTION, row)
            else:
                divider.add(row)
    return divider.finish()


def _head_of_next(
    rows: Rows, evidence: Evidence, *, is_first: bool
) -> Head | None:
    """The head of an item that begins here; the first of a section may be only a link."""
    row = rows[0]
    head = clear_head(rows, evidence, _least_of_head(rows, evidence))
    if head is None and is_first and row.is_linked:
        head = best_head(rows, evidence)
    return head


def _least_of_head(rows: Rows, evidence: Evidence) -> float:
    """The score that the head of rows needs to begin an item; above what reads better, a title of a section begins
    none.
    """
    title = rows[0]
    below = rows[1:]
    if not is_written_like_section(title):
        return CLEAR
    head = clear_head(below, evidence) if below else None
    if head is None:
        return _LEAST_OF_SECTION_LIKE
    return max(_LEAST_OF_SECTION_LIKE, head.score)


def _is_section_here(group: Rows, place: int, evidence: Evidence) -> bool:
    row = group[place]
    if is_clear_section(row, evidence):
        return True
    if row.level and may_be_section(row, evidence):
        return True
    below = group[place + 1 : place + 4]
    if not below or not may_be_section(row, evidence):
        return False
    return clear_head(below, evidence) is not None


def by_rules(rows: Rows, evidence: Evidence) -> Iterator[Segment]:  # noqa: ARG001  # one signature
    """The rows between two rules are an item."""
    for is_rule, group in groupby(rows, key=lambda row: row.is_rule):
        if not is_rule:
            yield Segment(ITEM, tuple(group))


def by_addresses(rows: Rows, evidence: Evidence) -> Iterable[Segment]:
    """Each address on a row of its own ends an item, unless addresses are above the headlines."""
    if any(map(_begins_with_address, paragraphs(rows))):
        return []
    divider = Divider()
    for row in rows:
        if row.is_rule:
            divider.end(OTHER)
        elif not divider.item and is_clear_section(row, evidence):
            divider.add_alone(SECTION, row)
        elif not divider.item and leads_elsewhere(row):
            divider.add_alone(OTHER, row)
        else:
            divider.item.append(row)
            if row.is_address:
                divider.end()
    divider.end(OTHER)
    return divider.segments


def _begins_with_address(paragraph: Rows) -> bool:
    return len(paragraph) > 1 and paragraph[0].is_address


def by_emphasis(rows: Rows, evidence: Evidence) -> Iterable[Segment]:
    """Each row that is emphasised as a whole begins an item; above another one it is the title of a section."""
    divider = Divider()
    own = [row for row in rows if not row.is_rule]
    for row, below in zip_longest(own, own[1:]):
        if not row.is_strong:
            divider.add(row)
        elif _is_emphasised_section(row, below, evidence):
            divider.add_alone(SECTION, row)
        else:
            divider.begin(row)
    return divider.finish()


def _is_emphasised_section(
    row: Row, below: Row | None, evidence: Evidence
) -> bool:
    is_above = below is not None and below.is_strong and not below.links
    is_title = is_above and may_be_section(row, evidence)
    # "# At the town hall", where headlines are only bold.
    return is_title or bool(row.level) or is_written_like_section(row)


def by_titles(rows: Rows, evidence: Evidence) -> Iterable[Segment]:
    """Each paragraph of one row that may be a headline, and has a text below it, begins an item."""
    groups = list(paragraphs(rows))
    divider = Divider()
    for place, group in enumerate(groups):
        row = group[0]
        below = groups[place + 1 : place + 2]
        if len(group) > 1 or not _may_be_headline(row):
            for other in group:
                divider.add(other)
        elif below and not _may_be_headline(below[0][0]):
            divider.begin(row)
        else:
            divider.add_alone(_kind_between(row, evidence), row)
    return divider.finish()


def _may_be_headline(row: Row) -> bool:
    if row.links or row.is_cell or row.mark:
        return False
    return can_be_headline(row.words) and not ends_sentence(row.words)


def by_table(rows: Rows, evidence: Evidence) -> Iterator[Segment]:  # noqa: ARG001  # one signature
    """Each row of a table is an item."""
    for paragraph in paragraphs(rows):
        yield Segment(ITEM if paragraph[0].is_cell else OTHER, tuple(paragraph))


def by_cards(rows: Rows, evidence: Evidence) -> Iterator[Segment]:
    """Each part of a page that has one item, like others, is one."""
    for card, group in groupby(rows, key=lambda row: row.card):
        part = tuple(row for row in group if not row.is_rule)
        if card < 0:
            for row in part:
                yield Segment(_kind_between(row, evidence), (row,))
        elif part:
            yield from _below_label(part, evidence)


def _below_label(
    card: tuple[Row, ...], evidence: Evidence
) -> Iterator[Segment]:
    """An item, without a label above its headline that says what it is about: "Opinion"."""
    label = card[0]
    below = card[1:]
    is_labelled = bool(below) and _is_label_above(label, below, evidence)
    if is_labelled:
        yield Segment(OTHER, (label,))
    yield Segment(ITEM, below if is_labelled else card)


def _is_label_above(label: Row, below: Rows, evidence: Evidence) -> bool:
    """Whether rows read better as an item without the row above them, or as well and begin with emphasis."""
    is_heading = label.level and not below[0].level
    if label.links or is_heading or not can_be_headline(label.words):
        return False
    more = _score(below, evidence) - _score((label, *below), evidence)
    is_emphasised = below[0].is_strong and not label.is_strong
    return more > 0 or (is_emphasised and not more)


DIVISIONS: Mapping[str, Divide] = {
    "bullets": by_marks("*"),
    "numbers": by_marks("1"),
    "rules": by_rules,
    "headings": by_headings,
    "paragraphs": by_paragraphs,
    "headlines": by_heads,
    "document": by_heads_across,
    "addresses": by_addresses,
    "rows": by_rows,
    "emphasis": by_emphasis,
    "table": by_table,
    "titles": by_titles,
    "cards": by_cards,
}
"""By name; the first of equally good ones is used."""
