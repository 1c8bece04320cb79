"""A link or source that may belong to the item above or below is left out, with a note."""

import datetime as dt

from briefing.collecting.brief.assemble import Brief
from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.shift import without_shifted
from briefing.collecting.brief.structure.rows import rows_of
from briefing.issue.model import Item

DAY = dt.date(2024, 3, 8)
LINKS = [f"https://example.com/{number}" for number in range(3)]


def brief_of(**values: list[str]) -> Brief:
    """Items with these headlines, links and sources."""
    empty = [""] * len(values["heading"])
    items = [
        Item(heading=heading, link=link, source=source)
        for heading, link, source in zip(
            values["heading"],
            values.get("link", empty),
            values.get("source", empty),
            strict=True,
        )
    ]
    return Brief(list(map(ParsedItem, items)))


def guarded(brief: Brief, text: str) -> Brief:
    return without_shifted(brief, rows_of(split_paragraphs(text)), DAY)


def test_links_above_their_headlines_are_not_taken_from_below() -> None:
    text = f"{LINKS[0]}\nPilots meet\n{LINKS[1]}\nCourt sits"
    shifted = brief_of(
        heading=["Pilots meet", "Court sits"], link=[LINKS[1], ""]
    )
    first, second = guarded(shifted, text).items
    assert (first.item.link, second.item.link) == ("", "")
    assert first.notes == (
        f"left out, as it may be another item's link: {LINKS[1]}",
    )


def test_links_below_their_headlines_stay() -> None:
    text = f"Pilots meet\n{LINKS[0]}\nCourt sits\n{LINKS[1]}"
    right = brief_of(heading=["Pilots meet", "Court sits"], link=LINKS[:2])
    assert guarded(right, text) == right


def test_sources_below_their_headlines_are_not_taken_from_above() -> None:
    text = (
        "Pilots meet\nHarbour Post, 4 March 2024\n"
        "Court sits\nRadio Karsa, 5 March 2024"
    )
    shifted = brief_of(
        heading=["Pilots meet", "Court sits"], source=["", "Harbour Post"]
    )
    first, second = guarded(shifted, text).items
    assert (first.item.source, second.item.source) == ("", "")
    assert second.notes == (
        "left out, as it may be another item's source: “Harbour Post”",
    )


def test_links_that_lead_to_the_publisher_beside_are_left_out() -> None:
    text = "Pilots meet\nCourt sits"
    links = ["https://karsa.example.com/1", "https://harbour.example.com/2"]
    sources = ["Harbour Post", "Radio Karsa"]
    headings = ["Pilots meet", "Court sits"]
    shifted = brief_of(heading=headings, link=links, source=sources)
    found = guarded(shifted, text).items
    assert [parsed.item.link for parsed in found] == ["", ""]
    right = brief_of(heading=headings, link=links[::-1], source=sources)
    assert guarded(right, text) == right


def test_a_headline_that_is_not_found_leaves_everything_as_it_is() -> None:
    brief = brief_of(heading=["Pilots meet", "Elsewhere"], link=LINKS[:2])
    assert guarded(brief, f"{LINKS[2]}\nPilots meet\n{LINKS[0]}") == brief
