"""Whether a brief is read by what repeats in it, or by its words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.choose import repeats
from briefing.collecting.brief.lines.line import Line, Role
from briefing.collecting.brief.model import Brief, ParsedItem
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


def brief(items: Sequence[Item], sections: Sequence[str] = ()) -> Brief:
    titles = sections or [""] * len(items)
    titled = zip(items, titles, strict=True)
    return Brief([ParsedItem(item, section=title) for item, title in titled])


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


def test_a_headline_is_found_in_a_text_in_which_some_of_its_words_are_a_link() -> (
    None
):
    linked = [
        ParsedItem(Item(heading=heading, link="https://example.org/1"))
        for heading in HEADLINES
    ]
    text = "\n\n".join(
        heading.replace(" ", " [", 1) + "](https://example.org/1)"
        for heading in HEADLINES
    )
    in_one = Brief([ParsedItem(Item(heading="The week", text=text))])
    assert repeats(Brief(linked), in_one, [])


def test_one_complete_item_is_better_than_one_that_lacks_something() -> None:
    complete = replace(ITEMS[0], link="https://example.org/1")
    assert repeats(brief([complete]), brief([ITEMS[0]]), [])
    assert not repeats(
        brief([replace(complete, heading="")]), brief([ITEMS[0]]), []
    )
    assert not repeats(
        brief([complete]), brief([replace(complete, heading="Court")]), []
    )


def test_one_item_is_not_better_than_two_that_say_where_or_when() -> None:
    complete = replace(ITEMS[0], link="https://example.org/1")
    title = Item(heading="Harbour news", date=dt.date(2026, 5, 8))
    dated = replace(title, text="The bell is sold.")
    linked = Item(heading="Bell is sold", link="https://example.org/2")
    assert repeats(brief([complete]), brief([title, ITEMS[0]]), [])
    assert not repeats(brief([complete]), brief([dated, ITEMS[0]]), [])
    assert not repeats(brief([complete]), brief([ITEMS[0], linked]), [])


def test_items_may_begin_further_above_by_words_with_the_briefs_title() -> None:
    notices = [Line(Role.NOTICE, "Below is an article by Tidal")] * 2
    first, *others = ITEMS
    with_title = replace(first, heading=f"Harbour news {first.heading}")
    assert repeats(brief(ITEMS), brief([with_title, *others]), notices)
    other = replace(first, heading="Harbour news")
    assert not repeats(brief(ITEMS), brief([other, *others]), notices)


def test_a_label_with_its_value_is_not_a_headline() -> None:
    linked = [replace(item, link="https://example.org/1") for item in ITEMS]

    def with_headlines(heading: str) -> Brief:
        items = [replace(item, heading=heading) for item in linked[:2]]
        return brief([*items, replace(linked[2], date=None)])

    assert repeats(brief(ITEMS), with_headlines("Outlet: Harbour Post"), [])
    assert not repeats(brief(ITEMS), with_headlines("Bells: one is sold"), [])


def test_a_label_of_a_field_in_a_text_has_been_overlooked() -> None:
    linked = [replace(item, link="https://example.org/1") for item in ITEMS]

    def with_line(line: str) -> Brief:
        text = f"Nobody says why.\n\n{line}"
        items = [replace(item, text=text) for item in linked]
        return brief([*items[:2], replace(items[2], date=None)])

    assert repeats(brief(ITEMS), with_line("Outlet: what is new"), [])
    assert not repeats(brief(ITEMS), with_line("Filed under: what is new"), [])
    assert not repeats(brief(ITEMS), with_line("Outlet:"), [])


def test_each_line_left_out_above_an_item_counts_a_little() -> None:
    first, *others = brief(ITEMS).items
    with_line = first.with_notes(["left out above it: “News of the valley”"])
    by_words = brief([replace(ITEMS[0], heading="Court"), *ITEMS[1:]])
    assert repeats(Brief([first, *others]), by_words, [])
    assert not repeats(Brief([with_line, *others]), by_words, [])


def test_an_item_of_the_briefs_own_day_with_a_link_is_not_its_title() -> None:
    before = ITEMS[0].date
    title = replace(ITEMS[0], heading="Harbour news")
    others = [
        replace(item, heading=f"{item.heading} again") for item in ITEMS[1:]
    ]
    repeating = brief(ITEMS)
    assert repeats(repeating, brief([title, *others]), [], before)
    linked = replace(title, link="https://example.org/1")
    assert not repeats(repeating, brief([linked, *others]), [], before)


def test_a_little_better_is_not_enough_where_lines_say_read_more() -> None:
    lacks_date = brief([*ITEMS[:2], replace(ITEMS[2], date=None)])
    before = dt.date(2026, 5, 8)
    read_more = [Line(Role.READ_MORE, "Read more")] * 2
    assert repeats(brief(ITEMS), lacks_date, [], before)
    assert not repeats(brief(ITEMS), lacks_date, read_more, before)


def test_without_a_date_of_the_brief_a_first_item_without_one_counts_too() -> (
    None
):
    undated = brief([replace(ITEMS[0], date=None), *ITEMS[1:]])
    lacks_source = brief([replace(ITEMS[0], source=""), *ITEMS[1:]])
    assert not repeats(lacks_source, undated, [])
