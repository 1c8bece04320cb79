"""Whether a brief is read by what repeats in it, or by its words."""

import datetime as dt
from dataclasses import replace

from briefing.collecting.brief.assemble import Brief
from briefing.collecting.brief.choose import repeats
from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.line import Line, Role
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


def test_of_two_readings_with_the_same_items_that_with_sections_is_better() -> (
    None
):
    in_sections = brief(ITEMS, ("The valley", "The valley", "The coast"))
    in_one = brief(ITEMS, ("The valley", "The valley", "The valley"))
    assert repeats(in_sections, brief(ITEMS), [])
    assert not repeats(in_one, brief(ITEMS), [])
    assert not repeats(brief(ITEMS), brief(ITEMS), [])


def test_of_two_readings_with_the_same_items_that_which_ends_the_last_text_is_better() -> (
    None
):
    goes_on = replace(ITEMS[2], text=f"{ITEMS[2].text} Vacancies: none.")
    by_words = brief([*ITEMS[:2], goes_on])
    assert repeats(brief(ITEMS), by_words, [])
    assert not repeats(brief(ITEMS[:1], ("",)), brief([goes_on], ("",)), [])


def test_a_single_item_needs_a_link_and_no_fewer_fields_than_by_words() -> None:
    linked = replace(ITEMS[0], link="https://example.org/1")
    in_one = brief([replace(linked, heading="")], ("",))
    assert repeats(brief([linked], ("",)), in_one, [])
    assert not repeats(brief(ITEMS[:1], ("",)), brief([], ()), [])
    undated = replace(linked, heading=HEADLINES[1], date=None)
    assert not repeats(brief([undated], ("",)), brief([linked], ("",)), [])


def test_items_that_repeat_are_better_if_they_have_as_many_texts_and_links() -> (
    None
):
    in_one = brief([replace(ITEMS[0], text="\n".join(HEADLINES))], ("",))
    assert repeats(brief(ITEMS), in_one, [])
    bare = brief([replace(item, text="") for item in ITEMS[:2]], ("", ""))
    assert not repeats(bare, in_one, [])


def test_items_that_repeat_may_lack_texts_except_in_briefs_of_releases() -> (
    None
):
    bare = brief([replace(item, text="") for item in ITEMS])
    texts = brief([replace(item, source="") for item in ITEMS])
    label = Line(Role.LABEL, "Press release")
    contact = Line(Role.CONTACT, "Contact: Press desk")
    assert repeats(bare, texts, [label])
    assert not repeats(bare, texts, [label, contact])


def test_two_items_without_a_text_or_any_link_may_be_a_coincidence() -> None:
    pair = [replace(item, text="") for item in ITEMS[:2]]
    linked = replace(pair[0], link="https://example.org/1")
    in_one = brief([ITEMS[2]], ("",))
    assert repeats(brief([linked, pair[1]], ("", "")), in_one, [])
    assert not repeats(brief(pair, ("", "")), in_one, [])
