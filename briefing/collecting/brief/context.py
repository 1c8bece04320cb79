"""What the lines around a line say about it: a section's heading, a list, the publisher of a release."""

from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.headlines import is_headline
from briefing.collecting.brief.labels import is_usual_section, may_be_section
from briefing.collecting.brief.lists import is_listed
from briefing.collecting.brief.names import is_organisation, is_proper_name
from briefing.collecting.brief.roles import Line, Role
from briefing.collecting.brief.unwrap import is_dateline

_PARAGRAPHS_BELOW = 2
_LINES_ABOVE = 4


def mark_context(paragraphs: Sequence[Sequence[Line]]) -> list[Line]:
    """All lines of a brief, marked with what their neighbours say about them."""
    return _mark_publishers(_mark_lists(_mark_sections(paragraphs)))


def is_heading(line: Line) -> bool:
    """Whether a line may be an item's headline."""
    return line.role is Role.TEXT and not line.listed and not line.is_publisher and is_headline(line.text)


def _mark_sections(paragraphs: Sequence[Sequence[Line]]) -> list[Line]:
    lines: list[Line] = []
    for number, paragraph in enumerate(paragraphs):
        below = _first_line(paragraphs[number + 1 : number + 1 + _PARAGRAPHS_BELOW])
        if len(paragraph) == 1 and _is_section(paragraph[0], below):
            lines.append(replace(paragraph[0], role=Role.SECTION))
        else:
            lines += paragraph
    return lines


def _first_line(paragraphs: Sequence[Sequence[Line]]) -> Line | None:
    return next((paragraph[0] for paragraph in paragraphs if paragraph), None)


def _is_section(line: Line, below: Line | None) -> bool:
    if line.role is not Role.TEXT or below is None or below.role is Role.SOURCE:
        return False
    if is_usual_section(line.text):
        return True
    return may_be_section(line.text) and (below.role in {Role.LABEL, Role.TITLE} or is_heading(below))


def _mark_lists(lines: Sequence[Line]) -> list[Line]:
    marked = [False, *(line.role is Role.TEXT and is_listed(line.text) for line in lines), False]
    with_lists = list(lines)
    for number, line in enumerate(lines):
        if marked[number + 1]:
            beside_another = marked[number] or marked[number + 2]
            in_list = beside_another or _introduces_list(lines[max(0, number - 1) : number])
            with_lists[number] = replace(line, listed=in_list)
    return with_lists


def _introduces_list(above: Sequence[Line]) -> bool:
    return any(line.role is Role.TEXT and line.text.endswith(":") for line in above)


def _mark_publishers(lines: Sequence[Line]) -> list[Line]:
    marked = list(lines)
    for number, line in enumerate(lines):
        if line.role is Role.TEXT and not is_listed(line.text):
            above = [line for line in marked[max(0, number - _LINES_ABOVE) : number] if line.role is not Role.WORDLESS]
            is_publisher = _is_publisher(line.text, above, lines[number + 1 : number + 3])
            marked[number] = replace(line, is_publisher=is_publisher)
    return marked


def _is_publisher(text: str, above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether a line is the organisation that publishes the item: below a label, or between headline and dateline."""
    if not above:
        return False
    dated = any(map(is_dateline, below[:1]))
    if _head(above).role is not Role.LABEL:
        return dated and is_heading(above[-1]) and is_organisation(text)
    return is_organisation(text) or (dated and any(map(is_heading, below[1:])) and is_proper_name(text))


def _head(above: Sequence[Line]) -> Line:
    """The last of the lines above that isn't a credit, contact or dateline; else the first."""
    for line in reversed(above):
        if line.role not in {Role.CREDIT, Role.CONTACT} and not is_dateline(line):
            return line
    return above[0]
