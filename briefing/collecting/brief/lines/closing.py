"""Recognise the end of a brief: a sign-off below the last link to a page, with the names, events or jobs below it."""

from .addresses import leads_to_page
from .line import Line, Lines, Role
from .marks import without_mark, without_ornaments

_LONGEST_BUTTON = 3
"""Words."""
_MOST_LINES = 15
"""A sign-off with more lines below it is rather that of a letter in the brief."""


def start_of_closing(lines: Lines) -> int:
    """The number of the sign-off that ends a brief, or of the lines without one; nothing ends a brief without links."""
    linked = [
        number for number, line in enumerate(lines) if _leads_to_page(line)
    ]
    if not linked:
        return len(lines)
    news = [number for number in linked if not _is_button(lines[number])]
    # A button, "Not for me", may be below the sign-off that ends the brief; the link of a headline may not.
    first = max([linked[0], *news[-1:], _lowest(lines)]) + 1
    sign_offs = (
        number
        for number in range(first, len(lines))
        if lines[number].role is Role.SIGN_OFF
    )
    return next(sign_offs, len(lines))


def _lowest(lines: Lines) -> int:
    """The number of the last line that is too far up for a closing to begin at; -1 if none is."""
    own = [number for number, line in enumerate(lines) if not line.is_footer]
    return own[-_MOST_LINES - 2] if len(own) > _MOST_LINES + 1 else -1


def _leads_to_page(line: Line) -> bool:
    """Whether a line has a link to more than the front page of a site."""
    return any(leads_to_page(address) for _, address in line.links)


def _is_button(line: Line) -> bool:
    """Whether a line is nothing but a link that is too short for a headline: "Not for me"."""
    return _is_link(line) and len(_words(line).split()) <= _LONGEST_BUTTON


def is_linked_headline(line: Line) -> bool:
    """Whether a line is nothing but a link to a page that is long enough for a headline."""
    return _is_link(line) and _leads_to_page(line) and not _is_button(line)


def _is_link(line: Line) -> bool:
    return any(
        _words(line) == without_ornaments(text) for text, _ in line.links
    )


def _words(line: Line) -> str:
    return without_ornaments(without_mark(line.text))
