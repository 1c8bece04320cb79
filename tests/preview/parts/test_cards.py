"""An issue as a list of cards."""

import datetime as dt

from briefing.issue.model import Issue, Item, Kind, Section
from briefing.issue.parts import Parts
from briefing.preview.parts.cards import Outline, outline


def cards(*sections: Section) -> Outline:
    return outline(Parts.number(Issue(title="T", sections=sections)))


def test_a_card_says_what_an_item_is_and_where_it_is_from() -> None:
    item = Item(
        heading="A ruling",
        kind=Kind.PRESS_RELEASE,
        source="BBC",
        date=dt.date(2020, 10, 8),
        image="map.jpg",
    )
    card = cards(Section(items=(item,))).sections[0].items[0]
    assert (card.kind, card.name) == ("Press release", "A ruling")
    assert (card.source, card.date) == ("BBC", "8 Oct 2020")
    assert card.image == "map.jpg"


def test_an_article_without_anything_has_a_name_in_labels() -> None:
    card = cards(Section(items=(Item(),))).sections[0].items[0]
    assert (card.kind, card.headline, card.date) == ("", "", "")
    assert card.name == "No headline"


def test_items_above_the_first_title_are_a_section_without_one() -> None:
    found = cards(
        Section(items=(Item(heading="A"),)),
        Section(title="News", items=(Item(heading="B"), Item(heading="C"))),
    )
    assert [section.title for section in found.sections] == [None, "News"]
    assert [len(section.items) for section in found.sections] == [1, 2]


def test_an_issue_without_items_has_no_sections() -> None:
    assert cards().sections == ()


def test_only_the_first_item_of_all_cannot_rise_and_only_the_last_cannot_sink() -> (
    None
):
    found = cards(
        Section(title="News", items=(Item(heading="A"), Item(heading="B"))),
        Section(title="Releases", items=(Item(heading="C"),)),
    )
    items = [item for section in found.sections for item in section.items]
    assert [item.can_rise for item in items] == [False, True, True]
    assert [item.can_sink for item in items] == [True, True, False]


def test_an_item_can_go_into_an_empty_section_above_or_below() -> None:
    found = cards(
        Section(title="News"),
        Section(title="Releases", items=(Item(heading="A"),)),
        Section(title="Appeals"),
    )
    item = found.sections[1].items[0]
    assert item.can_rise
    assert item.can_sink


def test_the_start_of_the_issue_stays_above_all_sections() -> None:
    found = cards(
        Section(items=(Item(heading="A"),)),
        Section(title="News"),
        Section(title="Releases"),
    )
    assert [section.can_rise for section in found.sections] == [
        False,
        False,
        True,
    ]
    assert [section.can_sink for section in found.sections] == [
        False,
        True,
        False,
    ]
