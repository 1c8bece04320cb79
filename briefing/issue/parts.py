"""An issue whose parts have ids, so that an edit can say which part it means.

The ids are never written to the issue's file. When the file was changed elsewhere, `follow` finds
the same parts in it again.
"""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import count
from types import MappingProxyType
from typing import Generic, TypeVar

from .model import Issue, Item, Part, Section

ISSUE = "issue"
"""The id of the issue itself: of its title, subject, introduction, …"""
START = ""
"""The id of the start of an issue: the items above the first section's title."""
END = "end"
"""The id of no part: what is put below it comes last."""

Value = TypeVar("Value", Item, str)


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where an item is: in a section, below another item of it ("": at its start)."""

    section: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class NumberedItem:
    """An item with its id: "i" and a number."""

    id: str
    item: Item


@dataclass(frozen=True, slots=True)
class NumberedSection:
    """A section with its id: "s" and a number, or START. Its items stand apart from it."""

    id: str
    section: Section
    items: tuple[NumberedItem, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "section", replace(self.section, items=()))

    @property
    def title(self) -> str:
        """The title; empty for the start of the issue."""
        return self.section.title or ""


@dataclass(frozen=True, slots=True)
class Parts:
    """An issue in numbered parts. There is always a START, which may have no items."""

    head: Issue
    """The issue without its sections."""
    sections: tuple[NumberedSection, ...]
    given: int
    """The highest number in any id so far. No number is given twice."""

    @staticmethod
    def number(issue: Issue, given: int = 0) -> "Parts":
        """Give an id to each part of an issue; `given`: the highest number that was given before."""
        return follow(replace(NOTHING, given=given), issue)

    @property
    def issue(self) -> Issue:
        """The issue without ids."""
        sections: list[Section] = []
        for numbered in self.sections:
            items = tuple(part.item for part in numbered.items)
            sections.append(replace(numbered.section, items=items))
        # A start without items is left out by the model.
        return replace(self.head, sections=tuple(sections))

    @property
    def items(self) -> Iterator[NumberedItem]:
        """All items, in reading order."""
        for section in self.sections:
            yield from section.items

    def item(self, part_id: str) -> Item | None:
        """Return an item; None if it is gone."""
        return next(
            (part.item for part in self.items if part.id == part_id), None
        )

    def section(self, part_id: str) -> NumberedSection | None:
        """Return a section; None if it is gone."""
        return next(
            (part for part in self.sections if part.id == part_id), None
        )

    def part(self, part_id: str) -> Part | None:
        """Return any part that has fields; None if it is gone, and for START, which has none."""
        if part_id == ISSUE:
            return self.head
        section = self.section(part_id) if part_id != START else None
        return section.section if section else self.item(part_id)

    def place_of(self, part_id: str) -> ItemPlace | None:
        """Return where an item is; None if it is gone."""
        for section in self.sections:
            after = ""
            for part in section.items:
                if part.id == part_id:
                    return ItemPlace(section.id, after)
                after = part.id
        return None

    def section_above(self, part_id: str) -> str:
        """Return the id of the section that a section follows: START for the first one."""
        ids = [section.id for section in self.sections]
        return ids[ids.index(part_id) - 1]

    def has_given(self, letter: str, part_id: str) -> bool:
        """Whether an id with this letter was given to some part, which may be gone now."""
        match = _ID.fullmatch(part_id)
        if not match or match[1] != letter:
            return False
        return int(match[2]) <= self.given

    @property
    def ids(self) -> list[tuple[str, list[str]]]:
        """All ids in reading order: each section's, with those of its items."""
        return [
            (section.id, [part.id for part in section.items])
            for section in self.sections
        ]

    # Changes. Each returns the parts after it.

    def with_part(self, part_id: str, part: Part) -> "Parts":
        """Replace a part by another version of it, which isn't gone."""
        if isinstance(part, Issue):
            return replace(self, head=part)

        def change(section: NumberedSection) -> NumberedSection:
            if isinstance(part, Section):
                is_this = section.id == part_id
                return replace(section, section=part) if is_this else section
            items = [
                NumberedItem(part_id, part) if known.id == part_id else known
                for known in section.items
            ]
            return replace(section, items=tuple(items))

        return replace(self, sections=tuple(map(change, self.sections)))

    def with_item(self, new: NumberedItem, place: ItemPlace) -> "Parts":
        """Put in an item that isn't there: below another one, at the start of a section, or at its
        end if the other item isn't in it.
        """

        def change(section: NumberedSection) -> NumberedSection:
            if section.id != place.section:
                return section
            items = _inserted(section.items, new, place.after)
            return replace(section, items=items)

        sections = tuple(map(change, self.sections))
        return replace(self, sections=sections, given=self._including(new.id))

    def without_item(self, part_id: str) -> "Parts":
        """Take out an item."""

        def change(section: NumberedSection) -> NumberedSection:
            items = tuple(part for part in section.items if part.id != part_id)
            return replace(section, items=items)

        return replace(self, sections=tuple(map(change, self.sections)))

    def with_section(self, new: NumberedSection, after: str) -> "Parts":
        """Put in a section below another one, below START, or last if the other one is gone."""
        first, *others = self.sections
        sections = _inserted(tuple(others), new, after)
        given = self._including(new.id)
        return replace(self, sections=(first, *sections), given=given)

    def without_section(self, part_id: str) -> "Parts":
        """Take out a section with its items."""
        others = tuple(part for part in self.sections if part.id != part_id)
        return replace(self, sections=others)

    def new_id(self, letter: str) -> str:
        """Return an id that no part has had yet."""
        return f"{letter}{self.given + 1}"

    def _including(self, part_id: str) -> int:
        return max(self.given, int(part_id[1:]))


NOTHING = Parts(Issue(), (NumberedSection(START, Section()),), 0)
"""What is known of an issue before it is read."""

_ID = re.compile(r"([is])([1-9][0-9]{0,15})")


def is_item_id(part_id: str) -> bool:
    """Whether an id is that of an item, which may be gone."""
    return part_id.startswith("i") and part_id != ISSUE


def is_section_id(part_id: str) -> bool:
    """Whether an id is that of a section with a title, which may be gone."""
    return part_id.startswith("s")


Numbered = TypeVar("Numbered", bound=NumberedItem | NumberedSection)


def _inserted(
    parts: tuple[Numbered, ...],
    new: Numbered,
    after: str,
) -> tuple[Numbered, ...]:
    """Put in a part below another one ("": as the first), or as the last if that isn't there."""
    ids = ["", *(part.id for part in parts)]
    index = ids.index(after) if after in ids else len(parts)
    return (*parts[:index], new, *parts[index:])


# Finding the same parts again


def follow(
    known: Parts,
    now: Issue,
    gone: Mapping[str, Item] = MappingProxyType({}),
) -> Parts:
    """Return the parts of an issue that was read again: those that `known` has, even in
    another version, keep their ids, and items that were gone and are back get theirs again.

    Items are recognised if they are equal, else if they are the same news (`Item.same_as`), else if
    they have the same neighbours as before, and a headline, link or text in common. Sections are
    recognised by their titles, else by their items.
    """
    # The surest matches first: what is matched is no longer available for a guess.
    before = {part.id: part.item for part in known.items}
    items = list(now.items)
    matching = _Matching(list(before.values()), items)
    matching.match_equal()
    matching.match_left(Item.same_as)
    matching.match_between_neighbours(_have_common)
    # An item that was gone may be back already; then a newer version of it has its id.
    others = {key: item for key, item in gone.items() if key not in before}
    matching.before += others.values()
    matching.match_left(operator.eq)
    matching.match_left(Item.same_as)
    known_ids = [*before, *others]
    same = matching.same
    new_numbers = count(known.given + 1)
    item_ids = [
        known_ids[same[index]] if index in same else f"i{next(new_numbers)}"
        for index in range(len(items))
    ]
    sections = _number_sections(known, now, iter(item_ids), new_numbers)
    head = replace(now, sections=())
    return Parts(head, tuple(sections), next(new_numbers) - 1)


def _number_sections(
    known: Parts,
    now: Issue,
    item_ids: Iterator[str],
    new_numbers: Iterator[int],
) -> Iterator[NumberedSection]:
    sections = list(now.sections)
    if not sections or sections[0].title is not None:
        sections.insert(0, Section())
    numbered: list[tuple[NumberedItem, ...]] = []
    for section in sections:
        pairs = zip(section.items, item_ids, strict=False)
        items = [NumberedItem(part_id, item) for item, part_id in pairs]
        numbered.append(tuple(items))
    yield NumberedSection(START, sections[0], numbered[0])
    same = _match_sections(known, sections[1:], numbered[1:])
    titled = zip(sections[1:], numbered[1:], same, strict=True)
    for section, below, found in titled:
        yield NumberedSection(found or f"s{next(new_numbers)}", section, below)


class _Matching(Generic[Value]):
    """Finds out which values of one list are those of another one, each once."""

    def __init__(self, before: list[Value], now: list[Value]) -> None:
        self.before: list[Value] = before
        self._now: list[Value] = now
        self.same: dict[int, int] = {}
        """The indexes in `before` of the values of `now`, by their own."""

    def match_equal(self) -> None:
        """Match what is equal: what stayed in order first, so that of two equal ones each keeps its
        place.
        """
        # "autojunk" would ignore what is frequent among 200 or more.
        matcher = SequenceMatcher(a=self.before, b=self._now, autojunk=False)
        for start, new_start, length in matcher.get_matching_blocks():
            for offset in range(length):
                self.same[new_start + offset] = start + offset
        self.match_left(operator.eq)

    def match_left(self, is_same: Callable[[Value, Value], bool]) -> None:
        """Match what isn't matched yet, each with the first that is the same."""
        for index in range(len(self._now)):
            self._match(index, range(len(self.before)), is_same)

    def match_between_neighbours(
        self,
        is_same: Callable[[Value, Value], bool],
    ) -> None:
        """Match what isn't matched yet, each with the first that is the same and was between its
        nearest neighbours that are matched.
        """
        for index in range(len(self._now)):
            self._match(index, self._between_neighbours(index), is_same)

    def _match(
        self,
        index: int,
        candidates: Iterable[int],
        is_same: Callable[[Value, Value], bool],
    ) -> None:
        if index in self.same:
            return
        matched = set(self.same.values())
        for candidate in candidates:
            if candidate in matched:
                continue
            if is_same(self.before[candidate], self._now[index]):
                self.same[index] = candidate
                return

    def _between_neighbours(self, index: int) -> range:
        same = self.same
        places = range(len(self._now))
        above = (same[place] for place in places[index::-1] if place in same)
        below = (same[place] for place in places[index:] if place in same)
        return range(next(above, -1) + 1, next(below, len(self.before)))


def _have_common(item: Item, other: Item) -> bool:
    """Whether two items have their headline, link or text in common."""
    return any(
        getattr(item, name) and getattr(item, name) == getattr(other, name)
        for name in ("heading", "link", "text")
    )


def _match_sections(
    known: Parts,
    sections: Sequence[Section],
    items: Sequence[tuple[NumberedItem, ...]],
) -> list[str]:
    """Return the ids of sections with a title as `known` has them; empty for a new one."""
    before = known.sections[1:]
    titles = [section.title or "" for section in sections]
    matching = _Matching([section.title for section in before], titles)
    matching.match_equal()
    found = {index: before[place].id for index, place in matching.same.items()}
    for index, below in enumerate(items):
        if index not in found:
            left = [part for part in before if part.id not in found.values()]
            found[index] = _with_most_of(left, {part.id for part in below})
    return list(map(found.__getitem__, range(len(sections))))


def _with_most_of(sections: Sequence[NumberedSection], items: set[str]) -> str:
    """Return the id of the section that has the most of some items; empty if none has any."""
    best = ""
    most = 0
    for section in sections:
        shared = sum(part.id in items for part in section.items)
        if shared > most:
            best = section.id
            most = shared
    return best
