"""Another edition beside the first one: what each part was translated from, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.issue.edits import AddItem, Edit, SetField, digest
from briefing.issue.fields import value_of, values_of
from briefing.issue.model import Issue, Item
from briefing.issue.parts import ISSUE, START, Parts
from briefing.issue.translation import (
    TranslationState,
    pairs,
    prepare_item,
    state_of,
)


@dataclass(frozen=True, slots=True)
class MissingItem:
    """An item of the first edition that the other one lacks."""

    id: str
    """The digest of the item."""
    item: Item
    section: str
    """The id of the section that it belongs to."""
    after: str
    """The id of the item above it; "" if it comes first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An edition compared with the first one."""

    lang: str
    """The edition's language."""
    first: Issue
    originals: Mapping[str, Item]
    """The first edition's items by the ids of their translations."""
    progress: Mapping[str, TranslationState]
    """By the ids of items."""
    missing: tuple[MissingItem, ...]

    def original_values(self, part: str) -> dict[str, str]:
        """Return the fields that the part was translated from, except empty ones."""
        original = self._original(part)
        if original is None:
            return {}
        names = (
            ("title", "subject", "preheader", "introduction")
            if isinstance(original, Issue)
            else ("heading", "source", "alt", "photo", "action", "text")
        )
        values = {name: value_of(original, name) for name in names}
        return {name: value for name, value in values.items() if value}

    def _original(self, part: str) -> Issue | Item | None:
        if part == ISSUE:
            return self.first
        return self.originals.get(part)


def compare(first: Issue, parts: Parts, lang: str) -> Comparison:
    """Compare the parts of an edition in a language with the first edition."""
    ids = iter([numbered.id for numbered in parts.items])
    originals: dict[str, Item] = {}
    states: dict[str, TranslationState] = {}
    missing: list[MissingItem] = []
    above = ""
    for original, item in pairs(first, parts.issue):
        if item is not None:
            above = next(ids)
            states[above] = state_of(original, item)
            if original is not None:
                originals[above] = original
        elif original is not None:
            section = _counterpart(first, parts, original)
            missing.append(
                MissingItem(digest(original), original, section, above)
            )
    return Comparison(lang, first, originals, states, tuple(missing))


def _counterpart(first: Issue, parts: Parts, original: Item) -> str:
    """Return the id of the section in the same position as an item's section in the first edition; the
    last one, if there are fewer.
    """
    sections = list(first.sections)
    place = next(
        place
        for place, section in enumerate(sections)
        if original in section.items
    )
    if sections[0].title is None:
        place -= 1
    titled = [section.id for section in parts.sections if section.id != START]
    if place < 0 or not titled:
        return START
    return titled[min(place, len(titled) - 1)]


def add_missing(
    comparison: Comparison, _parts: Parts, wanted: str
) -> list[Edit]:
    """Return the edit that adds a missing item, as its translator gets it; none if it isn't missing
    any more.
    """
    for missing in comparison.missing:
        if missing.id == wanted:
            prepared = prepare_item(missing.item, comparison.lang)
            values = values_of(prepared)
            return [AddItem(values, missing.section, missing.after)]
    return []


def mark_current(comparison: Comparison, parts: Parts, part: str) -> list[Edit]:
    """Return the edit that says that a translation agrees with the original as it is now."""
    item = parts.item(part)
    original = comparison.originals.get(part)
    if item is None or original is None:
        return []
    return [SetField(part, "original", item.original, original.fingerprint)]
