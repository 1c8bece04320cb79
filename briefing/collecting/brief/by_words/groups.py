"""Group the lines of a brief: one group for each item, and others for the lines between items."""

from collections.abc import Iterator

from briefing.collecting.brief.lines.headlines import is_greeting, is_headline
from briefing.collecting.brief.lines.line import Line, Lines, Role, with_next

from .open_items import LONGEST_HEAD, OpenItem, begins_item

_BETWEEN = frozenset(
    {
        Role.WORDLESS,
        Role.SECTION,
    }
)
_HEAD = frozenset(
    {
        Role.TITLE,
        Role.SOURCE,
        Role.DATE,
        Role.CONTACT,
    }
)


def group_lines(lines: Lines) -> Iterator[list[Line]]:
    """Group the lines of a brief, of which each headline and paragraph is one, and drop separators."""
    has_read_more = any(line.role is Role.READ_MORE for line in lines)
    item = OpenItem(is_first=True)
    for line, below in with_next(lines):
        if line.role is Role.SEPARATOR:
            item.end_at_separator()
            continue
        head = begins_item(line, below, item, has_read_more=has_read_more)
        if head is not None:
            above, item = item.split(head)
            if above:
                yield above
        item.add(line)
    if item.lines:
        yield item.lines


def is_item(lines: Lines) -> bool:
    """Whether a group is an item, not the brief's title, a section heading or a single line."""
    own = _own(lines)
    if len(own) > LONGEST_HEAD:
        return True
    if _has_links(lines):
        return True
    if len(own) < 2:
        return any(line.is_text and not is_headline(line.text) for line in own)
    return not _HEAD.issuperset(line.role for line in own)


def is_introduction(lines: Lines) -> bool:
    """Whether the first group of a brief addresses the readers: text without an item's head."""
    own = _own(lines)
    if {line.role for line in own} != {Role.TEXT}:
        return False
    if is_greeting(own[0].text):
        return True
    return not own[0].is_heading and not _has_links(own)


def _own(lines: Lines) -> list[Line]:
    return [line for line in lines if line.role not in _BETWEEN]


def _has_links(lines: Lines) -> bool:
    return any(line.links for line in lines)
