"""Whether a brief is read by what repeats in it, or by its words."""

import datetime as dt
from dataclasses import replace

from briefing.collecting.brief.choose import repeats
from briefing.collecting.brief.lines.line import Line, Role
from briefing.collecting.brief.model import CARDS, Brief, ParsedItem
from briefing.issue.model import Item

HEADLINES = ("Court opens at night", "School sells its bell", "Map is found")
ITEMS = [
    Item(
        heading=heading,
        source="Harbour Post",
        date=dt.date(2026, 5, 3),
        text="Nobody says why.",
    )
    for heading in HEADLINES
]


def brief(items: list[Item], sections: tuple[str, ...] = ("", "", "")) -> Brief:
    return Brief(
        [
            ParsedItem(item, section=section)
            for item, section in zip(items, sections, strict=True)
        ]
    )


def labelled(label: str) -> list[Line]:
    """The lines of three items, each with a label below its headline."""
    return [
        Line(Role.TEXT, text, paragraph=number)
        for number, heading in enumerate(HEADLINES)
        for text in (heading, f"{label}: what is new")
    ]


def test_of_two_readings_with_the_same_items_that_with_sections_is_better() -> (
    None
):
    in_sections = brief(ITEMS, ("The valley", "The valley", "The coast"))
    in_one = brief(ITEMS, ("The valley", "The valley", "The valley"))
    assert repeats(in_sections, brief(ITEMS), [])
    assert not repeats(in_one, brief(ITEMS), [])
    assert not repeats(brief(ITEMS), brief(ITEMS), [])


def test_any_headlines_are_better_than_none() -> None:
    without_source = [
        ParsedItem(Item(heading=f"{heading} {place}"))
        for heading in HEADLINES
        for place in ("in Karsa", "in Velmar")
    ]
    in_one = Brief([ParsedItem(replace(ITEMS[0], heading=""))])
    assert repeats(Brief(without_source), in_one, [])
    assert not repeats(Brief(without_source[:2]), in_one, [])


def test_items_with_links_may_be_in_the_text_of_another() -> None:
    linked = [
        ParsedItem(Item(heading=heading, link="https://example.org/1"))
        for heading in HEADLINES
    ]
    whole = replace(ITEMS[0], link="https://example.org/1")
    with_others = replace(whole, text="\n\n".join(HEADLINES[1:]))
    by_words = Brief([ParsedItem(with_others)])
    for count in (2, 3):
        assert repeats(Brief(linked[:count]), by_words, [])
        assert not repeats(
            Brief(linked[:count]), Brief([ParsedItem(whole)]), []
        )
    unlinked = [ParsedItem(Item(heading=heading)) for heading in HEADLINES]
    assert not repeats(Brief(unlinked), by_words, [])


def test_a_label_of_a_field_in_a_text_has_been_overlooked() -> None:
    linked = [replace(item, link="https://example.org/1") for item in ITEMS]
    by_words = brief(
        [replace(item, text="Outlet: what is new") for item in linked[:2]]
        + [replace(linked[2], date=None, text="Outlet: what is new")]
    )
    assert repeats(brief(ITEMS), by_words, labelled("Outlet"))
    assert not repeats(brief(ITEMS), by_words, labelled("Filed under"))


def test_a_label_that_items_repeat_is_not_a_headline() -> None:
    linked = [replace(item, link="https://example.org/1") for item in ITEMS]
    by_words = brief(
        [replace(item, heading="Filed under: news") for item in linked[:2]]
        + [replace(linked[2], date=None)]
    )
    assert repeats(brief(ITEMS), by_words, labelled("Filed under"))
    assert not repeats(brief(ITEMS), by_words, [])


def test_a_little_better_is_not_enough_where_lines_say_read_more() -> None:
    lacks_date = brief([*ITEMS[:2], replace(ITEMS[2], date=None)])
    before = dt.date(2026, 5, 8)
    read_more = [Line(Role.READ_MORE, "Read more")] * 2
    assert repeats(brief(ITEMS), lacks_date, [], before)
    assert not repeats(brief(ITEMS), lacks_date, read_more, before)


def test_the_cards_of_a_page_may_be_a_little_worse() -> None:
    lacks_date = brief([*ITEMS[:2], replace(ITEMS[2], date=None)])
    before = dt.date(2026, 5, 8)
    assert not repeats(lacks_date, brief(ITEMS), [], before)
    assert repeats(replace(lacks_date, layout=CARDS), brief(ITEMS), [], before)


def test_without_a_date_of_the_brief_a_first_item_without_one_counts_too() -> (
    None
):
    undated = brief([replace(ITEMS[0], date=None), *ITEMS[1:]])
    lacks_source = brief([replace(ITEMS[0], source=""), *ITEMS[1:]])
    assert not repeats(lacks_source, undated, [])
