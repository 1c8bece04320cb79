"""What the page shows of an issue's parts: its sections and items as cards. No I/O."""

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date

from briefing.issue.edits import digest
from briefing.issue.model import Kind
from briefing.issue.parts import (
    START,
    NumberedItem,
    NumberedSection,
    Parts,
)

DATES = "en_GB"
"""The page is in English; dates as in Britain: 8 Oct 2020."""
NO_HEADLINE = "No headline"
"""Stands for the headline of an item without one."""


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item in the list."""

    id: str
    kind: str
    """Its kind in words; empty for articles, which most items are."""
    headline: str
    source: str
    date: str
    """In words; empty if it has none."""
    image: str
    """The name of its photo's file."""
    digest: str
    """Changes whenever a field does."""
    can_rise: bool
    can_sink: bool
    """Whether there is a place above and below it."""

    @property
    def name(self) -> str:
        """What the item is called in labels."""
        return self.headline or NO_HEADLINE


@dataclass(frozen=True, slots=True)
class SectionCards:
    """The items of a section. `title` is None for those above the first section."""

    id: str
    title: str | None
    items: tuple[ItemCard, ...]
    can_rise: bool
    can_sink: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """An issue as a list of cards."""

    title: str
    sections: tuple[SectionCards, ...]
    """Without the start of the issue if it has no items."""


def outline(parts: Parts) -> Outline:
    """Return the cards of an issue."""
    first, last = _first_and_last_places(parts)
    titled = [section.id for section in parts.sections if section.id != START]
    sections: list[SectionCards] = []
    for section in parts.sections:
        if section.id == START and not section.items:
            continue
        cards: list[ItemCard] = []
        for part in section.items:
            here = (section.id, part.id)
            cards.append(
                _card(part, can_rise=here != first, can_sink=here != last)
            )
        sections.append(_section_cards(section, tuple(cards), titled))
    return Outline(parts.head.title, tuple(sections))


def _first_and_last_places(
    parts: Parts,
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the section and item from which nothing can rise, and from which nothing can sink. An item can
    move into the section above or below, even if that has no items.
    """
    ids = [part.id for part in parts.items] or [""]
    shown = [
        section.id
        for section in parts.sections
        if section.items or section.id != START
    ]
    shown = shown or [START]
    return (shown[0], ids[0]), (shown[-1], ids[-1])


def _section_cards(
    section: NumberedSection,
    cards: tuple[ItemCard, ...],
    titled: list[str],
) -> SectionCards:
    is_start = section.id == START
    return SectionCards(
        id=section.id,
        title=None if is_start else section.title,
        items=cards,
        can_rise=not is_start and section.id != titled[0],
        can_sink=not is_start and section.id != titled[-1],
    )


def _card(part: NumberedItem, *, can_rise: bool, can_sink: bool) -> ItemCard:
    item = part.item
    return ItemCard(
        id=part.id,
        kind="" if item.kind is Kind.ARTICLE else kind_name(item.kind),
        headline=item.heading,
        source=item.source,
        date=short_date(item.date) if item.date else "",
        image=item.image,
        digest=digest(item),
        can_rise=can_rise,
        can_sink=can_sink,
    )


def kind_name(kind: Kind) -> str:
    """Return a kind in words: Press release."""
    return kind.words.capitalize()


def short_date(day: dt.date) -> str:
    """Return a date as the list shows it: 8 Oct 2020."""
    return format_date(day, "medium", locale=DATES)
