"""Recognise what a line is from the lines around it: a section heading, an item of a list, the
publisher of a release.
"""

from dataclasses import replace

from briefing.collecting.brief.lines.line import (
    NO_LINE,
    Line,
    Lines,
    Role,
    line_at,
    lines_in_list,
    with_next,
)
from briefing.collecting.brief.lines.names import (
    is_organisation,
    is_proper_name,
)
from briefing.collecting.brief.lines.titles import (
    is_usual_section,
    may_be_section,
)

_PARAGRAPHS_BELOW = 2
_LINES_ABOVE = 4
_BESIDE_HEAD = frozenset(
    {
        Role.CREDIT,
        Role.CONTACT,
        Role.WORDLESS,
    }
)


def mark_context(lines: list[Line]) -> list[Line]:
    """Mark section headings, lists and publishers; each headline and paragraph must be one line."""
    for number, line in enumerate(lines):
        paragraph = line.paragraph
        above = line_at(lines, number - 1)
        below = line_at(lines, number + 1)
        is_alone = (
            above.paragraph
            < paragraph
            < below.paragraph
            <= paragraph + _PARAGRAPHS_BELOW
        )
        if is_alone and _is_section(line, below):
            lines[number] = replace(line, role=Role.SECTION)
    _mark_lists(lines)
    _mark_publishers(lines)
    return lines


def _is_section(line: Line, below: Line) -> bool:
    if not line.is_text:
        return False
    if below.is_source:
        return False
    return is_usual_section(line.text) or (
        may_be_section(line.text) and _may_begin_section(below)
    )


def _may_begin_section(line: Line) -> bool:
    return line.is_heading or line.role in {Role.KIND, Role.TITLE}


def _mark_lists(lines: list[Line]) -> None:
    text = [line if line.is_text else NO_LINE for line in lines]
    for number in lines_in_list(text) | _introduced_items(text):
        lines[number] = replace(lines[number], in_list=True)


def _introduced_items(lines: Lines) -> set[int]:
    """The numbers of the lines with a bullet or number below a colon, even if there is only one."""
    introduced: set[int] = set()
    for number, (line, below) in enumerate(with_next(lines)):
        if below.has_mark and line.text.endswith(":"):
            introduced.add(number + 1)
    return introduced


def _mark_publishers(lines: list[Line]) -> None:
    for number, line in enumerate(lines):
        if line.is_text and _is_publisher(lines, number):
            lines[number] = replace(line, is_publisher=True)


def _is_publisher(lines: Lines, number: int) -> bool:
    """Whether a line is the organisation that publishes the item: below its kind, or between
    headline and dateline.
    """
    above = lines[max(0, number - _LINES_ABOVE) : number]
    name = lines[number].text
    is_dated = line_at(lines, number + 1).is_dateline
    is_below_kind = _head(above).role is Role.KIND
    if is_organisation(name):
        return is_below_kind or (is_dated and _last(above).is_heading)
    has_headline_below = line_at(lines, number + 2).is_heading
    return (
        is_below_kind
        and is_dated
        and has_headline_below
        and is_proper_name(name)
    )


def _head(above: Lines) -> Line:
    """The last line above that isn't a credit, contact or dateline; else the first."""
    for line in reversed(above):
        if line.role not in _BESIDE_HEAD and not line.is_dateline:
            return line
    return _last(above[:1])


def _last(above: Lines) -> Line:
    """The last line with words."""
    return next(
        (line for line in reversed(above) if line.role is not Role.WORDLESS),
        NO_LINE,
    )
