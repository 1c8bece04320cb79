"""What the lines around a line say about it: a section's heading, a list, the publisher of a release."""

from dataclasses import replace

from briefing.collecting.brief.labels import is_usual_section, may_be_section
from briefing.collecting.brief.line import Line, Lines, Role, line_at
from briefing.collecting.brief.names import is_organisation, is_proper_name
from briefing.collecting.brief.unwrap import is_dateline

_PARAGRAPHS_BELOW = 2
_LINES_ABOVE = 4


def mark_context(lines: list[Line]) -> list[Line]:
    """The lines of a brief, each headline and paragraph in one, marked with what their neighbours say about them."""
    for number, line in enumerate(lines):
        paragraph = line.paragraph
        above, below = line_at(lines, number - 1), line_at(lines, number + 1)
        is_alone = above.paragraph < paragraph < below.paragraph <= paragraph + _PARAGRAPHS_BELOW
        if is_alone and _is_section(line, below):
            lines[number] = replace(line, role=Role.SECTION)
    _mark_lists(lines)
    _mark_publishers(lines)
    return lines


def _is_section(line: Line, below: Line) -> bool:
    if not line.is_text or below.is_source:
        return False
    if is_usual_section(line.text):
        return True
    return may_be_section(line.text) and (below.is_heading or below.role in {Role.LABEL, Role.TITLE})


def _mark_lists(lines: list[Line]) -> None:
    marked = [line.is_text and line.has_mark for line in lines]
    for number, line in enumerate(lines):
        if marked[number]:
            above = line_at(lines, number - 1)
            is_introduced = above.is_text and above.text.endswith(":")
            in_list = is_introduced or sum(marked[max(0, number - 1) : number + 2]) > 1
            lines[number] = replace(line, in_list=in_list)


def _mark_publishers(lines: list[Line]) -> None:
    for number, line in enumerate(lines):
        if line.is_text and not line.has_mark and _is_publisher(lines, number):
            lines[number] = replace(line, is_publisher=True)


def _is_publisher(lines: Lines, number: int) -> bool:
    """Whether a line is the organisation that publishes the item: below a label, or between headline and dateline."""
    above = [line for line in lines[max(0, number - _LINES_ABOVE) : number] if line.role is not Role.WORDLESS]
    name = lines[number].text
    dated = is_dateline(line_at(lines, number + 1))
    if _head(above).role is Role.LABEL:
        has_headline_below = dated and line_at(lines, number + 2).is_heading
        return is_organisation(name) or (has_headline_below and is_proper_name(name))
    return dated and line_at(above, len(above) - 1).is_heading and is_organisation(name)


def _head(above: Lines) -> Line:
    """The last of the lines above that isn't a credit, contact or dateline; else the first."""
    for line in reversed(above):
        if line.role not in {Role.CREDIT, Role.CONTACT} and not is_dateline(line):
            return line
    return line_at(above, 0)
