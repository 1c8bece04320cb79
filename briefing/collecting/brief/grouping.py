"""The lines of a brief, item by item.

An item begins behind a "Read more" or a separating line, at a label ("Press release"), at a brief's title, or at a
source line: with it ("BBC, 8 October 2020", then the headline) or with the headline right above it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from briefing.collecting.brief import contacts
from briefing.collecting.brief import vocabulary as phrases
from briefing.collecting.brief.headlines import greets, holds_sentence, is_headline, listed
from briefing.collecting.brief.lines import is_dateline
from briefing.collecting.brief.roles import Line, Role

# What belongs to no item is no longer than this.
_LONGEST_HEAD = 8
_BETWEEN = {Role.EMPTY, Role.ENDING, Role.PART}


# --- What the lines around a line tell of it ---------------------------------------------------------------------


def in_order(paragraphs: Sequence[Sequence[Line]]) -> list[Line]:
    """All lines of a brief, with what their neighbours tell: lists, headings of parts, who publishes a release."""
    lines: list[Line] = []
    for number, paragraph in enumerate(paragraphs):
        below = next((line for one in paragraphs[number + 1 : number + 3] for line in one), None)
        part = len(paragraph) == 1 and paragraph[0].role is Role.TEXT and _is_part(paragraph[0], below)
        lines += [replace(paragraph[0], role=Role.PART)] if part else paragraph
    marked = [line.role is Role.TEXT and listed(line.text) is not None for line in lines]
    for number, line in enumerate(lines):
        if marked[number]:
            above = lines[number - 1] if number else None
            introduced = above is not None and above.role is Role.TEXT and above.text.endswith(":")
            beside = any(marked[number + 1 : number + 2]) or (number > 0 and marked[number - 1])
            lines[number] = replace(line, listed=introduced or beside)
        elif line.role is Role.TEXT and _publishes(lines, number):
            lines[number] = replace(line, organisation=True)
    return lines


def is_heading(line: Line) -> bool:
    """Whether a line may be the headline of an item."""
    return line.role is Role.TEXT and not line.listed and not line.organisation and is_headline(line.text)


def _is_part(line: Line, below: Line | None) -> bool:
    if below is None or below.role is Role.SOURCE:
        return False
    if phrases.is_known_part(line.text):
        return True
    return phrases.may_be_part(line.text) and (below.role in {Role.LABEL, Role.TITLE} or is_heading(below))


def _publishes(lines: Sequence[Line], number: int) -> bool:
    """Whether a line is no headline, but the organisation that publishes what follows.

    Its name stands below a label, or between a headline and a line of place and date.
    """
    text = lines[number].text
    dated = any(map(is_dateline, lines[number + 1 : number + 2]))
    above = [line for line in lines[max(0, number - 4) : number] if line.role is not Role.EMPTY]
    if not above:
        return False
    beside = {Role.CREDIT, Role.CONTACT}
    head = next((line for line in reversed(above) if line.role not in beside and not is_dateline(line)), above[0])
    if head.role is Role.LABEL:
        headline_below = dated and any(map(is_heading, lines[number + 2 : number + 3]))
        return contacts.is_organisation(text) or (headline_below and contacts.is_proper(text))
    return dated and is_heading(above[-1]) and contacts.is_organisation(text)


# --- Groups of lines: one item each ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """The lines of one item as far as they are known, and what they hold already."""

    lines: list[Line] = field(default_factory=list)
    heading: bool = False
    text: bool = False
    source: bool = False
    photo: bool = False
    label: bool = False
    ended: Role | None = None

    def add(self, line: Line) -> None:
        """Put `line` below the others."""
        self.lines.append(line)
        headline = not self.text and not self.heading and is_heading(line)
        self.heading |= line.role is Role.TITLE or headline
        self.text |= line.role is Role.TEXT and not headline and not line.organisation
        self.source |= line.role is Role.SOURCE
        self.label |= line.role is Role.LABEL
        self.photo |= bool(line.photo)
        if line.role is Role.MORE or (line.role is Role.ADDRESS and self.text):
            self.ended = self.ended or line.role

    def end(self) -> None:
        """End the item at a separating line, unless that only stands in its head."""
        if self.text or not (self.label or (self.heading and self.source)):
            self.ended = Role.BREAK

    def holds_only(self, *roles: Role) -> bool:
        """Whether there are lines, and none of another role."""
        return bool(self.lines) and all(line.role in roles for line in self.lines)


def grouped(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines, item by item; those that only separate are left out."""
    group = _Group()
    top = True
    marked = any(line.role is Role.MORE for line in lines)
    for number, line in enumerate(lines):
        if line.role is Role.BREAK:
            if group.lines:
                group.end()
            continue
        below = lines[number + 1] if number + 1 < len(lines) else None
        taken = _new_item_at(line, group, below, top=top, marked=marked) if group.lines else None
        if taken is not None:
            cut = len(group.lines) - taken
            above, head = group.lines[:cut], group.lines[cut:]
            if above:
                yield above
                top = False
            group = _Group()
            for one in head:
                group.add(one)
        group.add(line)
    if group.lines:
        yield group.lines


def _new_item_at(line: Line, group: _Group, below: Line | None, *, top: bool, marked: bool) -> int | None:
    """None if `line` belongs to `group`; else how many of the lines right above it go with it to a new item.

    `below` is the line after it; `top`: no item was found before; `marked`: items of this brief end with "Read more".
    """
    if _goes_on(line, group):
        return None
    if group.ended or _is_complete(group, line, top=top):
        return 0
    begins = False
    match line.role:
        case Role.SOURCE:
            return _new_item_at_source(line, group, below)
        case Role.PART:
            begins = True
        case Role.TITLE:
            begins = not group.holds_only(Role.SOURCE)
        case Role.LABEL:
            begins = group.text
        case Role.TEXT if group.text and greets(group.lines[0].text):
            begins = is_heading(line) and not holds_sentence(line.text) and not line.text[:1].islower()
        case Role.TEXT if group.text and not marked and below is not None:
            named = is_heading(line) and phrases.kind_of(line.text) is not None
            begins = named and below.role is Role.TEXT and not is_headline(below.text)
    return 0 if begins else None


def _goes_on(line: Line, group: _Group) -> bool:
    """Whether `line` can't begin an item, or goes on with one that seemed to have ended."""
    match line.role:
        case Role.MORE | Role.ADDRESS | Role.EMPTY | Role.ENDING:
            return True
        case Role.CREDIT:
            return group.ended in {Role.MORE, Role.ADDRESS} and not group.photo
        case Role.CONTACT:
            return group.ended is Role.BREAK and group.label
        case Role.TEXT:
            return group.ended is Role.ADDRESS and not is_heading(line)
    return False


def _is_complete(group: _Group, line: Line, *, top: bool) -> bool:
    """Whether nothing more can belong to `group`: contacts or a part's heading, and the title at the top of a brief."""
    if group.holds_only(Role.PART, Role.EMPTY):
        return True
    if line.role is Role.CONTACT or len(group.lines) > _LONGEST_HEAD:
        return False
    title = top and line.role not in {Role.SOURCE, Role.DATE} and group.holds_only(Role.TITLE, Role.DATE, Role.EMPTY)
    dated = top and group.holds_only(Role.TITLE, Role.SOURCE, Role.DATE, Role.EMPTY)
    greeted = dated and line.role is Role.TEXT and greets(line.text)
    return title or greeted or group.holds_only(Role.CONTACT)


def _new_item_at_source(line: Line, group: _Group, below: Line | None) -> int | None:
    """A source line stands below its headline (and the organisation), or above it; see `_new_item_at`."""
    organisation = int(group.lines[-1].organisation)
    headline_above = any(map(is_heading, group.lines[: len(group.lines) - organisation][-1:]))
    headline_below = below is not None and is_heading(below)
    published = any(one.role is Role.SOURCE and not is_dateline(one) for one in group.lines)
    if not (group.text or (group.heading and group.source)) or (line.explicit and not published):
        return None
    if headline_above and not (group.lines[0].role is Role.SOURCE and headline_below):
        return 1 + organisation
    return 0 if headline_below or (group.source and group.text) else None


# --- What is an item ---------------------------------------------------------------------------------------------


def is_an_item(lines: Sequence[Line]) -> bool:
    """Whether the lines make an item: not the brief's own title, a heading of its parts, or a line on its own."""
    own = [line for line in lines if line.role not in _BETWEEN]
    if any(line.links for line in lines if line.role is not Role.ENDING) or len(own) > _LONGEST_HEAD:
        return True
    roles = {line.role for line in own}
    if Role.TEXT in roles:
        return len(own) > 1 or not is_headline(own[0].text)
    return len(own) > 1 and not roles <= {Role.TITLE, Role.SOURCE, Role.DATE, Role.CONTACT}


def introduces(lines: Sequence[Line]) -> bool:
    """Whether the lines, the first in a brief, are the editor's words to the readers: text, and no head of an item."""
    own = [line for line in lines if line.role not in _BETWEEN]
    if not own or own[0].role is not Role.TEXT or any(line.role is not Role.TEXT for line in own):
        return False
    return greets(own[0].text) or not (is_heading(own[0]) or any(line.links for line in own))
