"""Recognise the end of a brief: a sign-off below the last link to a page, with the names, events or jobs below it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from briefing.collecting.brief.footers import classify_footer
from briefing.collecting.brief.line import Role
from briefing.collecting.brief.structure.rows import Row

_LONGEST_BUTTON = 3
"""Words."""
_MOST_ROWS = 15
"""A sign-off with more rows below it is rather that of a letter in the brief."""


def split_closing(
    rows: Sequence[Row],
) -> tuple[Sequence[Row], Sequence[Row]]:
    """Split the rows of a brief into its items and its end; nothing ends a brief without links."""
    linked = [place for place, row in enumerate(rows) if _leads_to_page(row)]
    if not linked:
        return rows, ()
    news = [place for place in linked if not _is_button(rows[place])]
    first = max([linked[0], *news[-1:], len(rows) - _MOST_ROWS - 1]) + 1
    for place in range(first, len(rows)):
        if _is_sign_off(rows[place]):
            return rows[:place], rows[place:]
    return rows, ()


def _leads_to_page(row: Row) -> bool:
    """Whether a row has a link to more than the front page of a site."""
    return not all(map(_is_front_page, row.addresses))


def _is_button(row: Row) -> bool:
    """Whether a row is nothing but a link that is too short for a headline: "Not for me"."""
    return row.is_link and len(row.words.split()) <= _LONGEST_BUTTON


def _is_front_page(address: str) -> bool:
    """Whether an address names only a site, as in a signature."""
    parts = urlsplit(address)
    return not (parts.path.strip("/") or parts.query or parts.fragment)


def _is_sign_off(row: Row) -> bool:
    found = classify_footer(row.raw)
    return found is not None and found.role is Role.SIGN_OFF
