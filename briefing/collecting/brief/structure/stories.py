"""Recognise stories, whose headline is a heading of the document with prose below it: "## Ferry returns" above "The
ferry has returned to the harbour after a year."
"""

from briefing.collecting.brief.lines.sentences import ends_sentence

from .row import Row, Rows

_LEAST_OF_PROSE = 8
"""Words."""


def is_text_below(heading: Row, row: Row) -> bool:
    """Whether a row below another is prose, and the other a heading: it is the headline of the prose."""
    return heading.level > 0 and ends_sentence(row.words) and not row.mark


def is_story(rows: Rows) -> bool:
    """Whether rows below a heading are a text with a list in it: prose is above and below the list."""
    marked = [place for place, row in enumerate(rows) if row.mark]
    if not marked:
        return False
    above = rows[: marked[0]]
    below = rows[marked[-1] + 1 :]
    return any(map(_is_prose, above)) and any(map(_is_prose, below))


def _is_prose(row: Row) -> bool:
    is_long = len(row.words.split()) >= _LEAST_OF_PROSE
    return is_long and ends_sentence(row.words)
