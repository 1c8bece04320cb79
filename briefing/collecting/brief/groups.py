"""Group the lines of a brief: one group for each item, and for what is between items."""

from collections.abc import Iterator, Sequence

from briefing.collecting.brief.context import is_heading
from briefing.collecting.brief.headlines import is_greeting, is_headline
from briefing.collecting.brief.layouts import LONGEST_HEAD, Layout, OpenItem
from briefing.collecting.brief.roles import Line, Role, with_next

_BETWEEN = frozenset({Role.WORDLESS, Role.FOOTER, Role.SECTION})
_HEAD = frozenset({Role.TITLE, Role.SOURCE, Role.DATE, Role.CONTACT})


def group_lines(lines: Sequence[Line], layout: Layout) -> Iterator[list[Line]]:
    """The lines of a brief (arranged by `layout`) in groups, without separators."""
    item = OpenItem()
    at_top = True
    for line, below in with_next(lines):
        if line.role is Role.SEPARATOR:
            item.end_at_separator()
            continue
        head = layout.begins_item(line, below, item, at_top) if item.lines else None
        if head is not None:
            end = len(item.lines) - head
            above, next_lines = item.lines[:end], item.lines[end:]
            if above:
                yield above
                at_top = False
            item = OpenItem()
            for its_line in next_lines:
                item.add(its_line)
        item.add(line)
    if item.lines:
        yield item.lines


def is_item(lines: Sequence[Line]) -> bool:
    """Whether a group is an item, and not the brief's own title, the heading of a section, or a single line."""
    own = _own(lines)
    if len(own) > LONGEST_HEAD or any(line.links for line in lines if line.role is not Role.FOOTER):
        return True
    roles = {line.role for line in own}
    if Role.TEXT in roles:
        return len(own) > 1 or not is_headline(own[0].text)
    return len(own) > 1 and not roles <= _HEAD


def is_introduction(lines: Sequence[Line]) -> bool:
    """Whether the first group of a brief is what the editor says to the readers: text without the head of an item."""
    own = _own(lines)
    if not own or any(line.role is not Role.TEXT for line in own):
        return False
    return is_greeting(own[0].text) or not (is_heading(own[0]) or any(line.links for line in own))


def _own(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.role not in _BETWEEN]
