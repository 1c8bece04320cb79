"""What an editor does to an issue, as values: each edit names what it changes and what was there
before, and applying it returns the edit that takes it back.

An edit of something that someone else has changed meanwhile is a conflict and changes nothing, and
so is taking one back. What can't be in an issue file is refused.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import singledispatch

from .fields import (
    ITEM_FIELDS,
    TEXTS,
    stored,
    value_of,
    values_of,
    with_value,
)
from .model import Item, Section
from .parts import START, NumberedItem, NumberedSection, Parts, Place


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


@dataclass(frozen=True, slots=True)
class MoveItem:
    """Move an item into a section (START: above the first title), below another item of it ("": to
    its start).

    `before`: where it must be still, if that matters.
    """

    item: str
    section: str
    after: str = ""
    before: Place | None = None


@dataclass(frozen=True, slots=True)
class MoveSection:
    """Move a section below another one (START: make it the first)."""

    section: str
    after: str = START


@dataclass(frozen=True, slots=True)
class AddItem:
    """Add an item with these values by name; `id` is the one it had before it was removed."""

    item: Mapping[str, str]
    section: str
    after: str = ""
    id: str = ""
    inbox: bool = False
    """Whether it comes out of the inbox."""


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """Remove an item; `before` is the `digest` of what it said."""

    item: str
    before: str
    inbox: bool = False
    """Whether it goes into the inbox."""


@dataclass(frozen=True, slots=True)
class AddSection:
    """Add a section without items; `id` is the one it had before it was removed."""

    title: str
    after: str = START
    id: str = ""


@dataclass(frozen=True, slots=True)
class RemoveSection:
    """Remove a section without items."""

    section: str


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
    """The parts after an edit, and the edit that takes it back."""

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
    """An edit that no issue can take, and why, for its field; "" if it isn't about a field."""

    part: str
    field: str
    why: str


Outcome = Applied | Conflict | Refusal


def digest(item: Item) -> str:
    """Return hexadecimal digits that change whenever any field of an item does."""
    values = [value_of(item, name) for name in ITEM_FIELDS]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def apply(parts: Parts, edit: Edit) -> Outcome:
    """Apply an edit to an issue, which is unchanged if it already is as the edit wants it."""
    return _apply(edit, parts)


@singledispatch
def _apply(edit: object, parts: Parts) -> Outcome:
    raise TypeError(f"{edit!r} isn't an edit of {parts!r}")


@_apply.register
def _set_field(edit: SetField, parts: Parts) -> Outcome:
    part = parts.part(edit.part)
    if part is None:
        return _gone(edit.part, edit.field, edit.after)
    try:
        changed = with_value(part, edit.field, edit.after)
    except ValueError as error:
        return Refusal(edit.part, edit.field, str(error))
    now, mine = value_of(part, edit.field), value_of(changed, edit.field)
    expected = {mine, edit.before, stored(part, edit.field, edit.before)}
    if now not in expected:
        return Conflict(edit.part, Reason.CHANGED, edit.field, now, mine)
    inverse = SetField(edit.part, edit.field, before=mine, after=now)
    return Applied(parts.with_part(edit.part, changed), inverse)


@_apply.register
def _move_item(edit: MoveItem, parts: Parts) -> Outcome:
    item, place = parts.item(edit.item), parts.place_of(edit.item)
    if item is None or place is None:
        return _gone(edit.item)
    if parts.section(edit.section) is None:
        return _gone(edit.section)
    if edit.before and not _is_still(edit.item, edit.before, parts):
        return Conflict(edit.item, Reason.MOVED)
    if edit.after == edit.item:
        return Applied(parts, edit)
    new_place = Place(edit.section, edit.after)
    numbered = NumberedItem(edit.item, item)
    moved = parts.without_item(edit.item).with_item(numbered, new_place)
    inverse = MoveItem(
        edit.item, place.section, place.after, moved.place_of(edit.item)
    )
    return Applied(moved, inverse)


def _is_still(item: str, place: Place, parts: Parts) -> bool:
    """Whether an item is in the section, and below the item, that it was put below."""
    now = parts.place_of(item)
    section = parts.section(place.section)
    if now is None or section is None or now.section != place.section:
        return False
    ids = [part.id for part in section.items]
    return place.after not in ids or ids.index(place.after) < ids.index(item)


@_apply.register
def _move_section(edit: MoveSection, parts: Parts) -> Outcome:
    section = parts.section(edit.section)
    if section is None or edit.section == START:
        return _gone(edit.section)
    if edit.after == edit.section:
        return Applied(parts, edit)
    above = parts.section_above(edit.section)
    others = parts.without_section(edit.section)
    moved = others.with_section(section, edit.after)
    return Applied(moved, MoveSection(edit.section, above))


@_apply.register
def _add_item(edit: AddItem, parts: Parts) -> Outcome:
    item = Item()
    for name, value in edit.item.items():
        try:
            item = with_value(item, name, value)
        except ValueError as error:
            return Refusal(edit.id, name, str(error))
    if edit.id and parts.item(edit.id):
        return Conflict(edit.id, Reason.CHANGED)
    part_id = edit.id if parts.has_given("i", edit.id) else parts.new_id("i")
    # Words must not be lost because their section was removed: the last one is as good.
    sections = [section.id for section in parts.sections]
    section = edit.section if edit.section in sections else sections[-1]
    added = parts.with_item(
        NumberedItem(part_id, item), Place(section, edit.after)
    )
    return Applied(added, RemoveItem(part_id, digest(item), edit.inbox))


@_apply.register
def _remove_item(edit: RemoveItem, parts: Parts) -> Outcome:
    item, place = parts.item(edit.item), parts.place_of(edit.item)
    if item is None or place is None:
        return _gone(edit.item)
    if digest(item) != edit.before:
        return Conflict(edit.item, Reason.CHANGED)
    inverse = AddItem(
        values_of(item), place.section, place.after, edit.item, edit.inbox
    )
    return Applied(parts.without_item(edit.item), inverse)


@_apply.register
def _add_section(edit: AddSection, parts: Parts) -> Outcome:
    if edit.id and parts.section(edit.id):
        return Conflict(edit.id, Reason.CHANGED)
    part_id = edit.id if parts.has_given("s", edit.id) else parts.new_id("s")
    titled = with_value(Section(title=""), "title", edit.title)
    added = parts.with_section(NumberedSection(part_id, titled), edit.after)
    return Applied(added, RemoveSection(part_id))


@_apply.register
def _remove_section(edit: RemoveSection, parts: Parts) -> Outcome:
    section = parts.section(edit.section)
    if section is None or edit.section == START:
        return _gone(edit.section)
    if section.items:
        return Refusal(
            edit.section, "", "the section has items; move them out of it first"
        )
    above = parts.section_above(edit.section)
    inverse = AddSection(section.title, above, edit.section)
    return Applied(parts.without_section(edit.section), inverse)


def _gone(part: str, field: str = "", mine: str = "") -> Conflict:
    return Conflict(part, Reason.GONE, field, mine=mine)


def continue_typing(
    edits: Sequence[Edit], further: Sequence[Edit]
) -> SetField | None:
    """Return a single edit of a field and another one that goes on with it as one; None if they are
    anything else.
    """
    match [*edits], [*further]:
        case [SetField() as edit], [SetField() as more]:
            same = (edit.part, edit.field) == (more.part, more.field)
            goes_on = same and edit.after == more.before
            return replace(edit, after=more.after) if goes_on else None
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
