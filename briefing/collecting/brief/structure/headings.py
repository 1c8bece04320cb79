"""Divide a brief at its headings: each is a headline or the title of a section, which shows in what is below it."""

from collections.abc import Iterable, Iterator

from briefing.collecting.brief.lines.marks import without_ornaments
from briefing.collecting.brief.lines.titles import is_usual_section

from .best_head import clear_head
from .evidence import Evidence
from .row import Row, Rows
from .sections import is_clear_section
from .segments import SECTION, Divider, Segment
from .stories import is_story

_LEAST_LISTED = 2
_JOINTS = (":", "—", "–", "|")
_LABEL = 3
"""Words. A longer link is a headline, even with nothing behind it."""


def by_headings(rows: Rows, evidence: Evidence) -> Iterable[Segment]:
    """Each heading begins an item, or is the title of a section: above a heading of a lower level, above a list of
    items, or with nothing below.
    """
    if not any(row.level for row in rows):
        return []
    parts = list(_parts(rows))
    headings = [heading for heading, _ in parts]
    divider = Divider()
    for part, following in zip(parts, [*headings[1:], None], strict=True):
        heading, below = part
        listed = _listed(heading, below, evidence)
        if heading and (listed or _is_section_title(heading, below, following)):
            divider.add_alone(SECTION, heading)
        elif heading:
            divider.begin(heading)
        _divide_list(below, listed, divider, evidence)
    return divider.finish()


def _divide_list(
    rows: Rows, listed: Rows, divider: Divider, evidence: Evidence
) -> None:
    """Divide the rows below a heading at those with which the items of a list begin."""
    numbers = {row.number for row in listed}
    for row in rows:
        if row.number in numbers:
            divider.begin(row)
        elif numbers and is_clear_section(row, evidence):
            divider.add_alone(SECTION, row)
        else:
            divider.add(row)


def _parts(rows: Rows) -> Iterator[tuple[Row | None, list[Row]]]:
    """Each heading with the rows below it, without rules; the first part may have no heading."""
    heading: Row | None = None
    below: list[Row] = []
    for row in rows:
        if row.level:
            if heading or below:
                yield heading, below
            heading = row
            below = []
        elif not row.is_rule:
            below.append(row)
    yield heading, below


def _is_section_title(heading: Row, below: Rows, following: Row | None) -> bool:
    """Whether a heading is the title of a section: nothing is below it, or next a heading of a lower level."""
    if heading.is_link:
        return False
    is_above = following is not None and following.level > heading.level
    return not below or is_above or is_usual_section(heading.words)


def _listed(heading: Row | None, below: Rows, evidence: Evidence) -> Rows:
    """The rows with which the items of a list below a heading begin: links, each to a page of its own, or bullets with
    a source. None of them if the heading has a source or link itself.
    """
    if heading and (_has_own_head(heading, below, evidence) or is_story(below)):
        return []
    # Bullets that begin an item by themselves.
    marked = [row for row in below if row.mark and clear_head([row], evidence)]
    linked = list(filter(_begins_with_link, below))
    if not _are_items(linked) or len(linked) < len(marked):
        return marked
    return linked if _are_bullets_apart(below) else _with_bullets(below)


def _are_bullets_apart(rows: Rows) -> bool:
    """Whether at most half of the bullets with a link begin with it: the others aren't like them."""
    bullets = [row for row in rows if row.mark and row.links]
    return sum(map(_begins_with_link, bullets)) * 2 <= len(bullets)


def _with_bullets(rows: Rows) -> list[Row]:
    """The rows that begin with a link, and the bullets that have one."""
    return [
        row
        for row in rows
        if _begins_with_link(row) or (row.mark and row.links)
    ]


def _has_own_head(heading: Row, below: Rows, evidence: Evidence) -> bool:
    """Whether a heading has a link or source itself."""
    if heading.is_link:
        return True
    if any(map(_begins_with_link, below[:1])):
        return False
    return clear_head([heading, *below[:2]], evidence) is not None


def _are_items(linked: Rows) -> bool:
    """Whether rows that begin with links are several items: each leads to a page of its own, and most aren't labels."""
    # Several links to one page are those of one story; "Loved it" and "Not for me" are buttons.
    pages = {row.addresses[0] for row in linked}
    long = [row for row in linked if _says_more(row)]
    return (
        len(linked) >= _LEAST_LISTED
        and len(pages) == len(linked)
        and len(long) * 2 >= len(linked)
    )


def _begins_with_link(row: Row) -> bool:
    """Whether a row begins with a link, perhaps behind a label: "On stage: The reeds dance"."""
    # A link may be only a space.
    link = without_ornaments(row.links[0][0]) if row.links else ""
    if not link or row.is_address:
        return False
    label = row.words.partition(link)[0]
    is_label = len(label.split()) <= _LABEL + 1 and label.rstrip().endswith(
        _JOINTS
    )
    return not label or is_label


def _says_more(row: Row) -> bool:
    """Whether a row that begins with a link is more than a label."""
    return not row.is_link or len(row.words.split()) > _LABEL
