"""How a brief is laid out: which of its lines begin an item.

A layout first arranges a brief's classified lines, so that each headline, paragraph and source line is one line of its
own; then it says line by line where the next item begins. To read briefs in another layout (bullets, numbers, a table,
a chat), write its three functions and put it in `LAYOUTS`: no other stage knows of layouts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from briefing.collecting.brief.context import is_heading, mark_context
from briefing.collecting.brief.headlines import contains_sentence_end, is_greeting, is_headline
from briefing.collecting.brief.labels import kind_of
from briefing.collecting.brief.roles import Line, Role
from briefing.collecting.brief.unwrap import is_dateline, join_wrapped_lines

LONGEST_HEAD = 8
"""Lines. What belongs to no item is no longer."""

Paragraphs = Sequence[Sequence[Line]]


@dataclass(slots=True)
class OpenItem:
    """The lines of an item so far, and what they already contain."""

    lines: list[Line] = field(default_factory=list)
    has_headline: bool = False
    has_text: bool = False
    has_source: bool = False
    has_photo: bool = False
    has_label: bool = False
    ended_by: Role | None = None

    def add(self, line: Line) -> None:
        """Add the next line."""
        self.lines.append(line)
        is_first_heading = not self.has_text and not self.has_headline and is_heading(line)
        if line.role is Role.TITLE or is_first_heading:
            self.has_headline = True
        elif line.role is Role.TEXT and not line.is_publisher:
            self.has_text = True
        self.has_source |= line.role is Role.SOURCE
        self.has_label |= line.role is Role.LABEL
        self.has_photo |= bool(line.photo)
        if line.role is Role.READ_MORE or (line.role is Role.ADDRESS and self.has_text):
            self.ended_by = self.ended_by or line.role

    def end_at_separator(self) -> None:
        """End the item, unless the separator is only within its head."""
        if self.lines and (self.has_text or not self._is_head()):
            self.ended_by = Role.SEPARATOR

    def _is_head(self) -> bool:
        return self.has_label or (self.has_headline and self.has_source)

    def consists_of(self, *roles: Role) -> bool:
        """Whether there are lines, and only of these roles."""
        return bool(self.lines) and all(line.role in roles for line in self.lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the items of a brief are set out."""

    name: str
    fits: Callable[[Paragraphs], bool]
    """Whether a brief, of which only the words of each line are known so far, is laid out like this."""
    arrange: Callable[[Paragraphs], list[Line]]
    """A brief's lines as headlines, paragraphs, source lines…, one line each."""
    begins_item: Callable[[Line, Line | None, OpenItem, bool], int | None]
    """Whether a line (then the line after it, the lines above it, whether these are the brief's first) begins an item.

    None if not; else how many of the lines right above it belong to the new item with it.
    """


def find_layout(paragraphs: Paragraphs) -> Layout:
    """The first layout that fits; the last one fits every brief."""
    return next(layout for layout in LAYOUTS if layout.fits(paragraphs))


def _arrange(paragraphs: Paragraphs) -> list[Line]:
    return mark_context(list(map(join_wrapped_lines, paragraphs)))


# --- Items that end with "Read more" -----------------------------------------------------------------------------


def _has_read_more(paragraphs: Paragraphs) -> bool:
    return any(line.role is Role.READ_MORE for paragraph in paragraphs for line in paragraph)


def _begins_after_end(line: Line, below: Line | None, item: OpenItem, at_top: bool) -> int | None:
    """An item begins after the end of another, at a label, title, section, or source line; see Layout.begins_item."""
    if _belongs_to(line, item):
        return None
    if item.ended_by or _is_complete(item, line, at_top=at_top):
        return 0
    if line.role is Role.SOURCE:
        return _begins_at_source(line, below, item)
    return 0 if _begins_by_itself(line, item) else None


def _belongs_to(line: Line, item: OpenItem) -> bool:
    """Whether a line can't begin an item, or continues one that seemed to have ended."""
    match line.role:
        case Role.READ_MORE | Role.ADDRESS | Role.WORDLESS | Role.FOOTER:
            return True
        case Role.CREDIT:
            return item.ended_by in {Role.READ_MORE, Role.ADDRESS} and not item.has_photo
        case Role.CONTACT:
            return item.ended_by is Role.SEPARATOR and item.has_label
        case Role.TEXT:
            return item.ended_by is Role.ADDRESS and not is_heading(line)
    return False


def _is_complete(item: OpenItem, line: Line, *, at_top: bool) -> bool:
    """Whether only a section's heading, contacts, or the title of the brief itself are above the line."""
    if item.consists_of(Role.SECTION, Role.WORDLESS):
        return True
    if line.role is Role.CONTACT or len(item.lines) > LONGEST_HEAD:
        return False
    return item.consists_of(Role.CONTACT) or (at_top and _is_brief_title(item, line))


def _is_brief_title(item: OpenItem, line: Line) -> bool:
    if line.role not in {Role.SOURCE, Role.DATE} and item.consists_of(Role.TITLE, Role.DATE, Role.WORDLESS):
        return True
    is_greeting_below = line.role is Role.TEXT and is_greeting(line.text)
    return is_greeting_below and item.consists_of(Role.TITLE, Role.SOURCE, Role.DATE, Role.WORDLESS)


def _begins_by_itself(line: Line, item: OpenItem) -> bool:
    """Whether a line that isn't a source line begins an item, whatever is below it."""
    match line.role:
        case Role.SECTION:
            return True
        case Role.TITLE:
            return not item.consists_of(Role.SOURCE)
        case Role.LABEL:
            return item.has_text
        case Role.TEXT if item.has_text and is_greeting(item.lines[0].text):
            return is_heading(line) and not contains_sentence_end(line.text) and not line.text[:1].islower()
    return False


def _begins_at_source(line: Line, below: Line | None, item: OpenItem) -> int | None:
    """A source line is below its headline (and the organisation), or above it; see Layout.begins_item."""
    is_known = item.has_text or (item.has_headline and item.has_source)
    if not is_known or (line.labelled and not _has_publisher(item)):
        return None
    headline_below = below is not None and is_heading(below)
    source_first = item.lines[0].role is Role.SOURCE and headline_below
    head = 2 if item.lines[-1].is_publisher else 1
    if not source_first and any(map(is_heading, item.lines[-head:][:1])):
        return head
    return 0 if headline_below or (item.has_source and item.has_text) else None


def _has_publisher(item: OpenItem) -> bool:
    return any(line.role is Role.SOURCE and not is_dateline(line) for line in item.lines)


# --- Items that only their source lines and headlines show -------------------------------------------------------


def _begins_at_source_or_headline(line: Line, below: Line | None, item: OpenItem, at_top: bool) -> int | None:
    """As above; and a headline begins an item if it names a kind ("Joint statement on …") and text follows it."""
    above = _begins_after_end(line, below, item, at_top)
    if above is not None or not item.has_text or below is None or is_greeting(item.lines[0].text):
        return above
    is_named = is_heading(line) and kind_of(line.text) is not None
    return 0 if is_named and below.role is Role.TEXT and not is_headline(below.text) else None


LAYOUTS = (
    Layout("items that end with Read more", _has_read_more, _arrange, _begins_after_end),
    Layout("items with source lines", lambda _: True, _arrange, _begins_at_source_or_headline),
)
