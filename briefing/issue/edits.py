"""What an editor does to an issue, as values: each edit names what it changes and what was there
before, and applying it returns the edit that undoes it.

An edit, or an undo, of something that someone else has changed in the meantime is a conflict and
changes nothing. What can't be in an issue file is refused.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .fields import (
    ITEM_FIELDS,
    as_stored,
    value_of,
    values_of,
    with_value,
)
from .model import TEXTS, Item, Section
from .parts import START, ItemPlace, NumberedItem, NumberedSection, Parts


@dataclass(frozen=True, slots=True)
class SetField:
    """Replace the value of a field; see `fields` for the names and the form of values."""

    part: str
    field: str
    before: str
    after: str

    @property
    def changes_nothing(self) -> bool:
        return self.before == self.after

    def applied_to(self, parts: Parts) -> "EditOutcome":
        part = parts.part(self.part)
        if part is None:
            return _gone(self.part, self.field, self.after)
        try:
            changed = with_value(part, self.field, self.after)
        except ValueError as error:
            return Refusal(self.part, self.field, str(error))
        now = value_of(part, self.field)
        mine = value_of(changed, self.field)
        # It isn't a conflict if the file already has these words, or what it made of those that were there before.
        expected = {mine, self.before, as_stored(part, self.field, self.before)}
        if now not in expected:
            return Conflict(self.part, Reason.CHANGED, self.field, now, mine)
        inverse = SetField(self.part, self.field, before=mine, after=now)
        return Applied(parts.with_part(self.part, changed), inverse)


@dataclass(frozen=True, slots=True)
class MoveItem:
    """Move an item into a section (START: above the first title), below another item of it ("": to
    its start).

    `before`: where it must be still, if that matters.
    """

    item: str
    section: str
    after: str = ""
    before: ItemPlace | None = None

    def applied_to(self, parts: Parts) -> "EditOutcome":
        item = parts.item(self.item)
        place = parts.place_of(self.item)
        if item is None or place is None:
            return _gone(self.item)
        if parts.section(self.section) is None:
            return _gone(self.section)
        if self.before and not _is_still(self.item, self.before, parts):
            return Conflict(self.item, Reason.MOVED)
        # An item that was dropped on itself stays where it is.
        if self.after == self.item:
            return Applied(parts, self)
        new_place = ItemPlace(self.section, self.after)
        numbered = NumberedItem(self.item, item)
        moved = parts.without_item(self.item).with_item(numbered, new_place)
        inverse = MoveItem(
            self.item, place.section, place.after, moved.place_of(self.item)
        )
        return Applied(moved, inverse)


@dataclass(frozen=True, slots=True)
class MoveSection:
    """Move a section below another one (START: make it the first)."""

    section: str
    after: str = START

    def applied_to(self, parts: Parts) -> "EditOutcome":
        section = parts.section(self.section)
        if section is None or self.section == START:
            return _gone(self.section)
        if self.after == self.section:
            return Applied(parts, self)
        above = parts.section_above(self.section)
        others = parts.without_section(self.section)
        moved = others.with_section(section, self.after)
        return Applied(moved, MoveSection(self.section, above))


@dataclass(frozen=True, slots=True)
class AddItem:
    """Add an item with these values by name; `id` is the one it had before it was removed."""

    item: Mapping[str, str]
    section: str
    after: str = ""
    id: str = ""
    inbox: bool = False
    """Whether it comes out of the inbox."""

    def applied_to(self, parts: Parts) -> "EditOutcome":
        item = Item()
        for name, value in self.item.items():
            try:
                item = with_value(item, name, value)
            except ValueError as error:
                return Refusal(self.id, name, str(error))
        if self.id and parts.item(self.id):
            return Conflict(self.id, Reason.CHANGED)
        part_id = (
            self.id if parts.has_given("i", self.id) else parts.new_id("i")
        )
        # Words must not be lost because their section was removed: the last one is as good.
        sections = [section.id for section in parts.sections]
        section = self.section if self.section in sections else sections[-1]
        added = parts.with_item(
            NumberedItem(part_id, item), ItemPlace(section, self.after)
        )
        return Applied(added, RemoveItem(part_id, digest(item), self.inbox))


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """Remove an item; `before` is the `digest` of what it said."""

    item: str
    before: str
    inbox: bool = False
    """Whether it goes into the inbox."""

    def applied_to(self, parts: Parts) -> "EditOutcome":
        item = parts.item(self.item)
        place = parts.place_of(self.item)
        if item is None or place is None:
            return _gone(self.item)
        if digest(item) != self.before:
            return Conflict(self.item, Reason.CHANGED)
        inverse = AddItem(
            values_of(item), place.section, place.after, self.item, self.inbox
        )
        return Applied(parts.without_item(self.item), inverse)


@dataclass(frozen=True, slots=True)
class AddSection:
    """Add a section without items; `id` is the one it had before it was removed."""

    title: str
    after: str = START
    id: str = ""

    def applied_to(self, parts: Parts) -> "EditOutcome":
        if self.id and parts.section(self.id):
            return Conflict(self.id, Reason.CHANGED)
        part_id = (
            self.id if parts.has_given("s", self.id) else parts.new_id("s")
        )
        titled = with_value(Section(title=""), "title", self.title)
        added = parts.with_section(NumberedSection(part_id, titled), self.after)
        return Applied(added, RemoveSection(part_id))


@dataclass(frozen=True, slots=True)
class RemoveSection:
    """Remove a section without items."""

    section: str

    def applied_to(self, parts: Parts) -> "EditOutcome":
        section = parts.section(self.section)
        if section is None or self.section == START:
            return _gone(self.section)
        if section.items:
            return Refusal(
                self.section,
                "",
                "the section has items; move them out of it first",
            )
        above = parts.section_above(self.section)
        inverse = AddSection(section.title, above, self.section)
        return Applied(parts.without_section(self.section), inverse)


Edit = (
    SetField
    | MoveItem
    | MoveSection
    | AddItem
    | RemoveItem
    | AddSection
    | RemoveSection
)


class Reason(StrEnum):
    """Why an edit conflicts with what someone else did."""

    CHANGED = "changed"
    GONE = "gone"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Applied:
    """The parts after an edit, which may be the same as before, and the edit that undoes it."""

    parts: Parts
    inverse: Edit


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit that would overwrite what someone else did."""

    part: str
    reason: Reason
    field: str = ""
    """The field that both set."""
    theirs: str = ""
    """Its value in the issue."""
    mine: str = ""
    """The value of the edit, as the issue would have it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that no issue can take, and why; `field` is empty unless one field is the reason."""

    part: str
    field: str
    why: str


EditOutcome = Applied | Conflict | Refusal


def digest(item: Item) -> str:
    """Return hexadecimal digits that change whenever any field of an item does."""
    values = [value_of(item, name) for name in ITEM_FIELDS]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def _is_still(item: str, place: ItemPlace, parts: Parts) -> bool:
    """Whether an item is in the section, and below the item, that it was put below."""
    now = parts.place_of(item)
    section = parts.section(place.section)
    if now is None or section is None or now.section != place.section:
        return False
    ids = [part.id for part in section.items]
    return place.after not in ids or ids.index(place.after) < ids.index(item)


def _gone(part: str, field: str = "", mine: str = "") -> Conflict:
    return Conflict(part, Reason.GONE, field, mine=mine)


def continue_typing(
    edits: Sequence[Edit],
    further: Sequence[Edit],
) -> SetField | None:
    """Return one edit for two that each set a field, if the second continues in the same field where
    the first ended; None otherwise.
    """
    match edits, further:
        case [SetField() as edit], [SetField() as more]:
            is_same_field = (edit.part, edit.field) == (more.part, more.field)
            if is_same_field and edit.after == more.before:
                return replace(edit, after=more.after)
    return None


_NAMES = {
    "alt": "description of the photo",
    "lang": "language",
    "action": "button",
    "photo": "credit of the photo",
    "heading": "headline",
    "image": "photo",
}


_LABELS: dict[type, str] = {
    MoveItem: "move of an item",
    MoveSection: "move of a section",
    AddItem: "new item",
    RemoveItem: "removal of an item",
    AddSection: "new section",
    RemoveSection: "removal of a section",
}


_INBOX_LABELS: dict[type, str] = {
    AddItem: "item from the inbox",
    RemoveItem: "move into the inbox",
}


def label(edit: Edit) -> str:
    """Return what an edit does, in words that follow "Undo: "."""
    if isinstance(edit, AddItem | RemoveItem) and edit.inbox:
        return _INBOX_LABELS[type(edit)]
    if not isinstance(edit, SetField):
        return _LABELS[type(edit)]
    what = "typing in" if edit.field in TEXTS else "change of"
    return f"{what} the {_NAMES.get(edit.field, edit.field)}"
