"""The item that is open while a brief is read by its words, and whether the next line begins another."""

from dataclasses import dataclass, field

from briefing.collecting.brief.lines.headlines import is_greeting, is_headline
from briefing.collecting.brief.lines.kinds import kind_of
from briefing.collecting.brief.lines.line import Line, Role, line_at
from briefing.collecting.brief.lines.sentences import contains_sentence_end

_NEVER_FIRST = frozenset(
    {
        Role.READ_MORE,
        Role.ADDRESS,
        Role.REFERENCE,
        Role.WORDLESS,
    }
)
_TITLE = frozenset(
    {
        Role.TITLE,
        Role.DATE,
        Role.WORDLESS,
    }
)
LONGEST_HEAD = 8
"""Lines. A longer group always belongs to an item."""


@dataclass(slots=True)
class OpenItem:
    """The lines of an item so far, and what they already contain."""

    is_first: bool = False
    """Whether it is the first item of the brief."""
    lines: list[Line] = field(default_factory=list)
    has_headline: bool = False
    has_text: bool = False
    roles: set[Role] = field(default_factory=set)
    has_photo: bool = False
    ended_by: Role | None = None

    def add(self, line: Line) -> None:
        """Add the next line."""
        self.lines.append(line)
        self.roles.add(line.role)
        self.has_photo |= bool(line.photo)
        match line.role:
            case Role.TITLE:
                self.has_headline = True
            case Role.TEXT:
                self._add_text(line)
            case Role.ADDRESS if not self.has_text:
                pass
            case Role.READ_MORE | Role.ADDRESS:
                self.ended_by = self.ended_by or line.role

    def _add_text(self, line: Line) -> None:
        if line.is_heading and not self.has_text and not self.has_headline:
            self.has_headline = True
        else:
            self.has_text |= not line.is_publisher

    def split(self, head: int) -> tuple[list[Line], "OpenItem"]:
        """Split off the last `head` lines, and begin the next item with them."""
        end = len(self.lines) - head
        item = OpenItem(is_first=not end)
        for line in self.lines[end:]:
            item.add(line)
        return self.lines[:end], item

    def end_at_separator(self) -> None:
        """End the item, unless the separator is only within its head."""
        is_head = self.has_head or Role.KIND in self.roles
        if self.has_text or (self.lines and not is_head):
            self.ended_by = Role.SEPARATOR

    @property
    def has_head(self) -> bool:
        """Whether it has a headline and a source line."""
        return self.has_headline and Role.SOURCE in self.roles

    @property
    def is_letter(self) -> bool:
        """Whether it is text that begins with a greeting."""
        return self.has_text and is_greeting(self.lines[0].text)


def begins_item(
    line: Line, below: Line, item: OpenItem, *, has_read_more: bool
) -> int | None:
    """Decide whether a line begins an item, given the line below it and the open item above it.

    Return None if it doesn't; else the number of lines directly above it that belong to the new item. Unless items
    end with "Read more", a headline that names a kind ("Joint statement on …") also begins one.
    """
    above = _begins_after_end(line, below, item)
    if above is not None or has_read_more:
        return above
    return 0 if item.has_text and _is_headline_of_kind(line, below) else None


def _begins_after_end(line: Line, below: Line, item: OpenItem) -> int | None:
    """An item begins after the end of another, at a kind, title, section, or source line."""
    if _belongs_to(line, item):
        return None
    if item.ended_by:
        return 0
    if _is_complete(item, line):
        return 0
    if line.is_source:
        return _begins_at_source(line, below, item)
    return 0 if _begins_by_itself(line, item) else None


def _belongs_to(line: Line, item: OpenItem) -> bool:
    """Whether a line can't begin an item, or continues one that seemed to have ended."""
    if line.role in _NEVER_FIRST:
        return True
    match item.ended_by, line.role:
        case Role.READ_MORE | Role.ADDRESS, Role.CREDIT:
            # "Photo: AFP" below the link is still the item's, unless it has a credit.
            return not item.has_photo
        case Role.SEPARATOR, Role.CONTACT:
            # "###" ends the text of a press release; its contact is below.
            return Role.KIND in item.roles
        case Role.ADDRESS, Role.TEXT:
            return not line.is_heading
    return False


def _is_complete(item: OpenItem, line: Line) -> bool:
    """Whether the lines so far are only section headings, contacts, or the title of the brief."""
    if item.roles <= {Role.SECTION, Role.WORDLESS}:
        return True
    if line.role is Role.CONTACT:
        return False
    if len(item.lines) > LONGEST_HEAD:
        return False
    return item.roles == {Role.CONTACT} or (
        item.is_first and _is_brief_title(item, line)
    )


def _is_brief_title(item: OpenItem, line: Line) -> bool:
    if item.roles <= _TITLE and line.role not in {Role.SOURCE, Role.DATE}:
        return True
    return is_greeting(line.text) and item.roles <= _TITLE | {Role.SOURCE}


def _begins_by_itself(line: Line, item: OpenItem) -> bool:
    """Whether a line that isn't a source line begins an item, whatever is below it."""
    match line.role:
        case Role.SECTION:
            return True
        case Role.TITLE:
            return item.roles != {Role.SOURCE}
        case Role.KIND:
            return item.has_text
        case Role.TEXT:
            return item.is_letter and _is_headline_below_letter(line)
    return False


def _is_headline_below_letter(line: Line) -> bool:
    if not line.is_heading:
        return False
    if line.begins_small:
        return False
    return not contains_sentence_end(line.text)


def _begins_at_source(line: Line, below: Line, item: OpenItem) -> int | None:
    """A source line is below its headline, or above it."""
    if not _may_be_next_source(line, item):
        return None
    is_above_headline = item.lines[0].is_source and below.is_heading
    head = _head_above(item)
    if head and not is_above_headline:
        return head
    is_whole = item.has_text and Role.SOURCE in item.roles
    return 0 if is_whole or below.is_heading else None


def _head_above(item: OpenItem) -> int:
    """The number of lines at the end of an item that are a headline, or a headline and the
    organisation below it.
    """
    count = 2 if item.lines[-1].is_publisher else 1
    headline = line_at(item.lines, len(item.lines) - count)
    return count if headline.is_heading else 0


def _may_be_next_source(line: Line, item: OpenItem) -> bool:
    """Whether the item above a source line is complete, so that the line may belong to the next."""
    if not item.has_text and not item.has_head:
        return False
    return not line.labelled or any(map(_names_publisher, item.lines))


def _names_publisher(line: Line) -> bool:
    return line.is_source and not line.is_dateline


def _is_headline_of_kind(line: Line, below: Line) -> bool:
    if not below.is_text:
        return False
    if is_headline(below.text):
        return False
    return line.is_heading and kind_of(line.text) is not None
