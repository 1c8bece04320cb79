"""An item's fields, as its lines fill them."""

import datetime as dt

import pytest

from briefing.collecting.brief.by_words.draft import Draft
from briefing.collecting.brief.lines.line import NO_LINE, Line, Role

PAGE = "https://example.org/news"


def drafted(*lines: Line) -> Draft:
    draft = Draft()
    draft.take_headline(Line(Role.TEXT, "Pilots meet in Port Ellis"))
    for line in lines:
        draft.take(line, NO_LINE)
    return draft


@pytest.mark.parametrize(
    "address",
    ["mailto:jane@example.org", "https://example.org/unsubscribe/17"],
)
def test_an_items_link_leads_its_readers_to_a_page(address: str) -> None:
    read_more = Line(
        Role.READ_MORE, "Read more", links=(("Read more", address),)
    )
    page = Line(Role.ADDRESS, PAGE, links=((PAGE, PAGE),))
    assert drafted(read_more, page).item().link == PAGE


def test_the_credit_of_a_second_photo_stays_in_the_text() -> None:
    item = drafted(
        Line(Role.CREDIT, "Photo: Jane Doe", photo="Jane Doe"),
        Line(Role.CREDIT, "Photo: Karsa Press", photo="Karsa Press"),
    ).item()
    assert (item.photo, item.text) == ("Jane Doe", "Photo: Karsa Press")


def test_a_kind_below_the_source_does_not_change_the_date() -> None:
    item = drafted(
        Line(Role.SOURCE, "", name="Harbour Post", date=dt.date(2024, 3, 4)),
        Line(Role.KIND, "", date=dt.date(2024, 3, 5)),
    )
    assert item.item().date == dt.date(2024, 3, 4)
    assert item.notes == ["two dates: 4 March 2024 and 5 March 2024"]


def test_where_a_link_is_named_after_its_page_a_note_has_the_name() -> None:
    link = Line(
        Role.READ_MORE, "Read more at Harbour Post", name="Harbour Post"
    )
    assert drafted(link).notes == [
        "the link is in the line “Read more at Harbour Post”"
    ]


def test_the_hashes_of_markdown_are_no_part_of_a_headline() -> None:
    draft = Draft()
    draft.take_headline(Line(Role.TEXT, "## Pilots meet in Port Ellis"))
    assert draft.heading == "Pilots meet in Port Ellis"
