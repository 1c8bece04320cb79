"""A link or source that may belong to the item above or below is left out, with a note."""

import datetime as dt
from dataclasses import replace

import pytest

from briefing.collecting.brief.model import Brief, ParsedItem
from briefing.collecting.brief.pairing.guard import without_doubtful
from briefing.collecting.brief.paragraphs import Paragraph, split_paragraphs
from briefing.collecting.brief.structure.rows import rows_of
from briefing.issue.model import Item
from tests.collecting.brief import pasting

DAY = dt.date(2024, 3, 8)
LINKS = [f"https://example.com/{number}" for number in range(3)]
HEADINGS = ["Pilots meet", "Court sits", "Dockers win"]


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
    return without_doubtful(brief, rows_of(split_paragraphs(text)), DAY)


def remaining_links(brief: Brief, text: str) -> list[str]:
    """What remains of the links of items that were read from a text."""
    return [parsed.item.link for parsed in guarded(brief, text).items]


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
        "left out, as it may be another item's source: “Harbour Post, 4 March 2024”",
    )


def test_links_that_lead_to_the_publisher_beside_are_left_out() -> None:
    links = ["https://karsa.example.com/1", "https://harbour.example.com/2"]
    sources = ["Harbour Post", "Radio Karsa"]
    headings = ["Pilots meet", "Court sits"]
    shifted = brief_of(heading=headings, link=links, source=sources)
    text = "Pilots meet, {0}, {2}\nCourt sits, {1}, {3}"
    found = remaining_links(shifted, text.format(*sources, *links))
    assert found == ["", ""]
    links.reverse()
    right = brief_of(heading=headings, link=links, source=sources)
    assert guarded(right, text.format(*sources, *links)) == right


def test_a_publisher_whose_own_link_leads_to_it_lacks_none() -> None:
    links = [f"https://news.harbour.example.com/{n}" for n in range(3)]
    headings = ["Pilots meet", "Court sits", "Mill opens"]
    sources = ["", "Harbour Post", ""]
    brief = brief_of(heading=headings, link=links, source=sources)
    rows = zip(headings, links, sources, strict=True)
    text = "\n".join(", ".join(filter(None, row)) for row in rows)
    assert guarded(brief, text) == brief


def test_a_link_above_a_headline_is_not_replaced_by_that_of_the_next_paragraph() -> (
    None
):
    text = """\
Mill opens its doors again (Tidal, 4 March) https://tidal.example.org/mill – It was closed for a year.

School stays where it is (Lowland Courier, 4 March) https://lowland.example.com/school

[Bram]

https://karsa.example.net/pilots
Pilots meet in the cellar
Radio Karsa, 5.3.
Three hours, no chairs. The owner, too, was there.

https://saltmarsh.example.org/smith
Interview: the smith of the harbour
Saltmarsh Times
He is old, so the bells ring only on Sundays.

[Chidi]

Harbour Post: Dockers win back their canteen
>> https://harbour-post.example.com/dockers

Northern Ledger, 6 March: Bridge toll doubled for outsiders
Visitors pay twice.
>> https://northern-ledger.example.com/toll
"""
    items = pasting.read(text, DAY)
    links = {parsed.item.heading: parsed.item.link for parsed in items}
    assert links["Pilots meet in the cellar"] != (
        "https://saltmarsh.example.org/smith"
    )


@pytest.mark.parametrize(
    "heading", ["UR -", "Link", "Online:", "https://example.com"]
)
def test_words_that_only_lead_to_a_link_have_none(heading: str) -> None:
    text = f"Pilots meet\n{heading} {LINKS[0]}\nCourt sits\n{LINKS[1]}"
    read = brief_of(
        heading=["Pilots meet", heading, "Court sits"],
        link=["", LINKS[0], LINKS[1]],
    )
    assert guarded(read, text).items[1].item.link == ""


def test_a_list_below_a_numbered_headline_hides_no_other_headline() -> None:
    text = (
        f"1. Pilots meet\n(1) some by boat,\n(2) some by letter.\n{LINKS[0]}"
        f"\n\n2. Court sits\n{LINKS[1]}"
    )
    right = brief_of(heading=["Pilots meet", "Court sits"], link=LINKS[:2])
    assert guarded(right, text) == right


def test_only_a_source_makes_an_entry_of_a_row_of_short_parts() -> None:
    """Without one, the row of a link may be a list of other headlines."""
    others = "Ferry back, Mill open, Bell sold, Choir sings, School shut"
    text = f"Pilots meet\n{others} {LINKS[0]}\n\nCourt sits\n{LINKS[1]}"
    read = brief_of(heading=["Pilots meet", "Court sits"], link=LINKS[:2])
    assert remaining_links(read, text) == ["", LINKS[1]]


def test_a_list_of_the_links_of_all_items_belongs_to_none() -> None:
    text = "# Pilots meet\n\n# Court sits\n\n" + "\n".join(LINKS[:2])
    read = brief_of(heading=["Pilots meet", "Court sits"], link=["", LINKS[0]])
    assert remaining_links(read, text) == ["", ""]


def test_an_item_whose_headline_is_not_found_stays_as_it_is() -> None:
    brief = brief_of(heading=["Elsewhere", "Nowhere"], link=LINKS[:2])
    assert guarded(brief, f"{LINKS[0]}\nPilots meet\n{LINKS[1]}") == brief


def test_a_headline_between_another_and_a_link_hides_whose_link_it_is() -> None:
    text = f"Pilots meet\nCourt sits\n{LINKS[0]}\n\nDockers win\n{LINKS[1]}"
    read = brief_of(heading=["Pilots meet", "Dockers win"], link=LINKS[:2])
    first, last = guarded(read, text).items
    assert (first.item.link, last.item.link) == ("", LINKS[1])


def test_where_half_of_the_headlines_are_bold_a_plain_row_may_be_one() -> None:
    head = Paragraph(
        ("Pilots meet in the harbour", "Court sits at night", LINKS[0]),
        ((LINKS[0], LINKS[0]),),
        strong=frozenset({0}),
    )
    plain = Paragraph(("Bell rings at noon",))
    bold = replace(plain, strong=frozenset({0}))
    brief = brief_of(
        heading=[head.lines[0], plain.lines[0]], link=[LINKS[0], ""]
    )
    doubtful = without_doubtful(brief, rows_of([head, plain]), DAY)
    assert doubtful.items[0].item.link == ""
    assert without_doubtful(brief, rows_of([head, bold]), DAY) == brief


def test_links_between_all_headlines_belong_to_either_side() -> None:
    text = f"Pilots meet\n{LINKS[0]}\nCourt sits\n{LINKS[1]}\nDockers win"
    below = brief_of(heading=HEADINGS, link=[*LINKS[:2], ""])
    above = brief_of(heading=HEADINGS, link=["", *LINKS[:2]])
    for brief in (below, above):
        assert remaining_links(brief, text) == ["", "", ""]


def test_a_paragraph_of_its_own_shows_whose_link_it_is() -> None:
    text = f"Pilots meet\n{LINKS[0]}\n\nCourt sits\n{LINKS[1]}\n\nDockers win"
    brief = brief_of(heading=HEADINGS, link=[*LINKS[:2], ""])
    assert guarded(brief, text) == brief


def test_a_link_alone_below_all_items_is_not_that_of_the_last() -> None:
    text = (
        f"Pilots meet {LINKS[0]}\n\nCourt sits {LINKS[1]}\n\n"
        f"Dockers win\n\n{LINKS[2]}"
    )
    brief = brief_of(heading=HEADINGS, link=LINKS)
    assert remaining_links(brief, text) == [*LINKS[:2], ""]


def test_a_headline_with_its_source_is_not_a_source() -> None:
    wrong = "Court sits · Radio Karsa"
    brief = brief_of(heading=["Pilots meet", "Dockers win"], source=[wrong, ""])
    first, _ = guarded(brief, f"Pilots meet\n{wrong}\nDockers win").items
    assert first.item.source == ""
    assert wrong in first.notes[0]


def test_the_title_of_a_section_has_no_link() -> None:
    text = f"Opinion\n{LINKS[0]}\n\nPilots meet\n{LINKS[1]}"
    brief = brief_of(heading=["Opinion", "Pilots meet"], link=LINKS[:2])
    first, second = guarded(brief, text).items
    assert (first.item.link, second.item.link) == ("", LINKS[1])


def test_a_link_isnt_that_of_an_item_that_has_its_own() -> None:
    text = (
        f"Pilots meet\n\nThey talked.\n\n{LINKS[0]}\n\n"
        f"Court sits\n\nIt heard four.\n\n{LINKS[1]}\n\n"
        f"Ferry stops {LINKS[2]}"
    )
    right = brief_of(
        heading=["Pilots meet", "Court sits", "Ferry stops"], link=LINKS
    )
    assert guarded(right, text) == right


def test_a_link_above_a_paragraph_that_has_its_own_is_not_taken() -> None:
    text = (
        f"Pilots meet\n{LINKS[0]}\n\n"
        f"Court sits\n{LINKS[1]}\n\n"
        f"Ferry stops\n{LINKS[2]}"
    )
    wrong = brief_of(heading=["Pilots meet", "Ferry stops"], link=LINKS[:2])
    first, second = guarded(wrong, text).items
    assert (first.item.link, second.item.link) == (LINKS[0], "")


def test_an_address_as_a_heading_belongs_to_the_headline_below_it() -> None:
    text = f"# {LINKS[0]}\nPilots meet\n# {LINKS[1]}\nCourt sits"
    shifted = brief_of(heading=["Pilots meet"], link=[LINKS[1]])
    assert guarded(shifted, text).items[0].item.link == ""


def test_a_source_in_a_paragraph_with_another_link_is_not_taken() -> None:
    text = (
        "Nobody answered.\n\n"
        f"{LINKS[0]}\nRadio Karsa\n\nPilots meet\n{LINKS[1]}"
    )
    shifted = brief_of(
        heading=["Pilots meet"], link=[LINKS[1]], source=["Radio Karsa"]
    )
    item = guarded(shifted, text).items[0].item
    assert (item.source, item.link) == ("", LINKS[1])


def test_a_name_or_a_date_as_headline_has_no_link_outside_its_paragraph() -> (
    None
):
    text = f"Pilots meet\nRadio Karsa\n\n4 March\n\n{LINKS[0]}\n\n{LINKS[1]}"
    for heading in ("Radio Karsa", "4 March"):
        wrong = brief_of(heading=[heading], link=[LINKS[0]])
        assert guarded(wrong, text).items[0].item.link == ""


def test_a_headline_is_not_a_source() -> None:
    text = (
        f"Weekly links\nPilots meet at the old harbour\n{LINKS[0]}\n{LINKS[1]}"
    )
    wrong = brief_of(
        heading=["Weekly links"],
        source=["Pilots meet at the old harbour"],
        link=[LINKS[0]],
    )
    item = guarded(wrong, text).items[0].item
    assert (item.source, item.link) == ("", "")


def test_a_headline_above_an_address_is_not_read_as_a_wrapped_line() -> None:
    text = f"Pilots meet\nNobody came.\nCourt sits\n{LINKS[0]}\n\n{LINKS[1]}"
    wrong = brief_of(heading=["Pilots meet"], link=[LINKS[0]])
    assert guarded(wrong, text).items[0].item.link == ""


def test_a_date_below_the_link_of_another_item_is_not_taken() -> None:
    text = (
        f"# Pilots meet\nMore here: {LINKS[0]}\n"
        f"# Court sits\nMore here: {LINKS[1]} (4 March 2024)\n"
        f"# Dockers win\nMore here: {LINKS[2]} (5 March 2024)"
    )
    items = [
        ParsedItem(Item(heading="# Pilots meet")),
        ParsedItem(Item(heading="# Dockers win", date=dt.date(2024, 3, 4))),
    ]
    _, dockers = guarded(Brief(items), text).items
    assert dockers.item.date is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "4 March 2024\nPilots meet\nNobody came.\n\n"
            "5 March 2024\nCourt sits\nNobody came.\n\n"
            f"6 March 2024\nDockers win\n{LINKS[0]}",
            id="dates",
        ),
        pytest.param(
            "# Pilots meet\nNobody came.\n"
            "# Court sits\nNobody came.\n"
            f"# Dockers win\n{LINKS[0]}",
            id="headings",
        ),
    ],
)
def test_the_only_item_read_has_no_link_from_below_dates_or_headings_of_others(
    text: str,
) -> None:
    wrong = brief_of(heading=["Pilots meet"], link=[LINKS[0]])
    assert guarded(wrong, text).items[0].item.link == ""


def test_words_that_lead_to_a_source_are_not_another_headline() -> None:
    text = """
Night guard wins back his chair
From the Harbour Post
4 March 2024
https://harbour-post.example.org/chair

Ferry returns
From Radio Karsa
6 March 2024
https://karsa.example.net/ferry

A list of words for "guest"
From the Institute for Borrowed Words
https://borrowed-words.example.org/guest
Fourteen entries.
"""
    *_, last = pasting.read(text, DAY)
    assert last.item.source == "Institute for Borrowed Words"
    assert last.item.link == "https://borrowed-words.example.org/guest"


def test_points_below_a_numbered_headline_are_not_other_headlines() -> None:
    text = (
        f"1. Pilots meet\n- Ferry owners come\n{LINKS[0]}"
        f"\n\n2. Court sits\n{LINKS[1]}"
    )
    right = brief_of(heading=["Pilots meet", "Court sits"], link=LINKS[:2])
    assert guarded(right, text) == right


@pytest.mark.parametrize("mark", ["", "• "])
def test_a_headline_below_another_one_that_was_not_read_has_no_link(
    mark: str,
) -> None:
    """The row may be the other one's subtitle."""
    text = (
        f"{mark}Pilots meet\nNurses wait\n{LINKS[0]}"
        f"\n\n{mark}Court sits\n{LINKS[1]}"
    )
    read = brief_of(heading=["Nurses wait", "Court sits"], link=LINKS[:2])
    assert remaining_links(read, text) == ["", LINKS[1]]


def test_links_are_in_doubt_if_a_headline_that_was_not_read_is_below_the_last() -> (
    None
):
    """Each link may then be that of the headline below it."""
    text = (
        f"News of the quay\n{LINKS[0]}\nPilots meet\n{LINKS[1]}"
        f"\nCourt sits\n{LINKS[2]}\nDockers win"
    )
    shifted = brief_of(
        heading=["News of the quay", "Pilots meet", "Court sits"], link=LINKS
    )
    assert remaining_links(shifted, text) == ["", "", ""]


def test_the_last_link_may_be_that_of_the_brief_if_only_it_has_a_row_of_its_own() -> (
    None
):
    text = (
        f"# Pilots meet\n4 March: {LINKS[0]}\n# Court sits\n5 March: {LINKS[1]}"
        f"\n# Dockers win\n{LINKS[2]}"
    )
    brief = brief_of(heading=HEADINGS, link=LINKS)
    assert remaining_links(brief, text) == [*LINKS[:2], ""]


def test_an_emphasised_row_among_plain_headlines_has_no_link() -> None:
    """It is rather the title of a section, above a headline that wasn't read."""
    title, *plain = (
        Paragraph((heading, link), ((link, link),))
        for heading, link in zip(HEADINGS, LINKS, strict=True)
    )
    bold = replace(title, strong=frozenset({0}))
    brief = brief_of(heading=HEADINGS, link=LINKS)
    doubtful = without_doubtful(brief, rows_of([bold, *plain]), DAY)
    assert [parsed.item.link for parsed in doubtful.items] == ["", *LINKS[1:]]
    rows = rows_of([title, *plain])
    assert without_doubtful(brief, rows, DAY) == brief


def sources_and_dates(
    text: str, *items: Item
) -> list[tuple[str, dt.date | None]]:
    """What remains of the sources and dates of items that were read from a text."""
    found = guarded(Brief(list(map(ParsedItem, items))), text).items
    return [(parsed.item.source, parsed.item.date) for parsed in found]


def test_a_date_above_a_headline_is_not_its_own_if_another_is_below_it() -> (
    None
):
    text = (
        "Harbour Post – 4 March 2024\nCourt sits\n"
        "Radio Karsa – 5 March 2024\nDockers win"
    )
    court = Item(
        heading="Court sits", source="Harbour Post", date=dt.date(2024, 3, 4)
    )
    dockers = Item(
        heading="Dockers win", source="Radio Karsa", date=dt.date(2024, 3, 5)
    )
    found = sources_and_dates(text, court, dockers)
    assert found == [("", None), ("", None)]


def test_a_headline_with_a_date_of_its_own_has_no_other_one() -> None:
    text = (
        f"Press review, 8 March 2024\n# Union meets (4 March 2024)\n{LINKS[0]}"
        f"\nRadio Karsa, 5 March 2024\n# Dockers win\n{LINKS[1]}"
    )
    union = Item(
        heading="Union meets (4 March 2024)", source="Press review", date=DAY
    )
    dockers = Item(
        heading="Dockers win", source="Radio Karsa", date=dt.date(2024, 3, 5)
    )
    found = sources_and_dates(text, union, dockers)
    assert found[0] == ("", None)


def test_a_date_directly_above_another_headline_is_not_that_of_the_item_above() -> (
    None
):
    """Where values are on both sides of headlines, each may only fit one item."""
    text = """
Mill turns again
https://moorkurier.example.org/74
11 February 2024
Nurses refuse the pledge
https://go.example.org/34
Northern Ledger
12 February 2024
Three hours, no chairs.
https://tidal.example.org/44
"""
    items = pasting.read(text, DAY)
    dates = {parsed.item.heading: parsed.item.date for parsed in items}
    assert dates["Nurses refuse the pledge"] is None


def test_a_date_above_an_introduction_leaves_those_of_items_certain() -> None:
    text = """
Press review, 8 March 2024

1 March 2024

Nobody answered the phone this week.

4 March 2024

# Weavers describe the contracts

Harbour Post

https://harbour-post.example.org/1

5 March 2024

# Nurses refuse the pledge

Northern Ledger

https://go.example.org/2
"""
    items = pasting.read(text, DAY)
    dates = [parsed.item.date for parsed in items]
    assert dates == [dt.date(2024, 3, 4), dt.date(2024, 3, 5)]
