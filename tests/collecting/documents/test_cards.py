"""Parts of a page that each have one item, with a single link, are its items."""

import pytest

from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.html import read_html
from tests.collecting.documents.pages import read_page

CARD = """<div><h3><a href="https://example.org/{0}">The ferry number {0} runs again</a></h3>
<p>Nobody knew that it would.</p><p>Harbour Post, {0} October 2020</p></div>"""
OTHER = "<div><p>Nothing else.</p><p>Nothing at all.</p></div>"


def cards_of(page: str) -> list[int]:
    """The card that each paragraph of a page is in."""
    return [paragraph.card for paragraph in read_page(page).paragraphs]


def cards(*numbers: int) -> str:
    return "".join(map(CARD.format, numbers))


def test_three_parts_with_one_link_each_are_cards() -> None:
    assert cards_of(f"<p>Hello.</p>{cards(1, 2, 3)}<p>Bye.</p>") == [
        -1, 0, 0, 0, 1, 1, 1, 2, 2, 2, -1,
    ]  # fmt: skip


def test_the_cells_of_a_grid_are_cards_and_not_a_table_of_data() -> None:
    cell = "<td>{}</td>".format
    row = "<tr>{}</tr>".format
    grid = "".join(
        row(cell(CARD.format(n)) + cell(CARD.format(n + 1))) for n in (1, 3, 5)
    )
    page = read_page(f"<table>{grid}</table>")
    assert {paragraph.card for paragraph in page.paragraphs} == set(range(6))
    assert not any(paragraph.is_row for paragraph in page.paragraphs)


@pytest.mark.parametrize(
    "page",
    [
        cards(1, 2),
        cards(1, 1, 2),
        OTHER * 3,
        f"{cards(1)}<p>What stands between these two parts is much too long for a title.</p>{cards(2, 3)}",
        f'{cards(1)}<p><a href="https://example.org/4">More</a></p>{cards(2, 3)}',
        cards(1, 2, 3).replace(
            "Nobody", '<a href="https://example.org/5">Nobody</a>'
        ),
    ],
    ids=[
        "too few",
        "one link twice",
        "no links",
        "a text between",
        "a link between",
        "two links each",
    ],
)
def test_others_are_not(page: str) -> None:
    assert set(cards_of(page)) == {-1}


def test_what_is_around_a_card_belongs_to_it() -> None:
    page = "".join(
        f"<table><tr><td>Harbour Post</td><td>{CARD.format(n)}</td></tr></table>"
        for n in (1, 2, 3)
    )
    assert cards_of(page)[:5] == [0, 0, 0, 0, 1]


def test_a_brief_of_cards_has_an_item_for_each() -> None:
    page = read_html(
        f"<p>I read these on a slow train.</p>{cards(1, 2)}<p>Elsewhere</p>{cards(3, 4)}<p>That is all for now.</p>",
        lambda _: None,
    )
    brief = read_brief(page.paragraphs)
    assert brief.introduction == "I read these on a slow train."
    found = [
        (item.heading, item.source, item.date and item.date.day, item.link)
        for item in (parsed.item for parsed in brief.items)
    ]
    assert found == [
        (
            f"The ferry number {n} runs again",
            "Harbour Post",
            n,
            f"https://example.org/{n}",
        )
        for n in (1, 2, 3, 4)
    ]
    assert [parsed.section for parsed in brief.items][2:] == ["Elsewhere"] * 2


def test_the_link_of_a_card_is_its_items_whatever_it_says() -> None:
    card = """<div><p>How to send parcel number {0}</p><p>Post Office Watch</p>
    <p>We explain the two pages that matter.</p><p><a href="https://example.org/{0}">{1}</a></p></div>"""
    labels = ("Read more", "Read more", "See the guide")
    page = "".join(card.format(n, label) for n, label in enumerate(labels))
    items = read_brief(read_page(page).paragraphs).items
    assert [parsed.item.link for parsed in items] == [
        f"https://example.org/{n}" for n in range(3)
    ]


def test_a_label_above_the_headline_of_a_card_is_left_out() -> None:
    labelled = cards(1, 2, 3).replace("<div>", "<div><p>Transport</p>")
    items = read_brief(read_page(labelled).paragraphs).items
    assert [parsed.item.heading for parsed in items] == [
        f"The ferry number {n} runs again" for n in (1, 2, 3)
    ]
    assert "left out above it: “Transport”" in items[0].notes


def test_buttons_that_each_card_has_are_left_out_and_noted() -> None:
    button = '<p><a href="https://example.org/to/{0}">{0} replies</a></p></div>'
    card = CARD.replace("</div>", button)
    ferries = {1: "Anna", 2: "Berta", 3: "Clara"}
    page = read_page(
        "".join(
            card.format(n).replace(f"number {n}", name)
            for n, name in ferries.items()
        )
    )
    assert {paragraph.card for paragraph in page.paragraphs} == {0, 1, 2}
    assert page.left_out == [
        f"left out a button: “{n} replies”" for n in ferries
    ]


def test_an_address_to_write_to_is_not_a_button() -> None:
    contact = (
        '<p><a href="mailto:{0}@example.org">{0}@example.org</a></p></div>'
    )
    card = CARD.replace("</div>", contact)
    page = read_page("".join(map(card.format, (1, 2, 3))))
    lines = [line for part in page.paragraphs for line in part.lines]
    assert [line for line in lines if "@" in line] == [
        f"{n}@example.org" for n in (1, 2, 3)
    ]
    assert not page.left_out


def test_a_heading_above_a_date_is_the_headline_of_its_card() -> None:
    card = CARD.replace("<p>Nobody", "<p>1 October 2020</p><p>Note: nobody")
    page = "".join(map(card.format, range(1, 4)))
    brief = read_brief(read_page(page).paragraphs)
    assert [parsed.item.heading for parsed in brief.items] == [
        f"The ferry number {n} runs again" for n in range(1, 4)
    ]
