"""Links in Markdown that was pasted as plain text."""

from briefing.collecting.brief.cleaning.clean import clean
from briefing.collecting.brief.paragraphs import Paragraph, split_paragraphs
from tests.collecting.brief.pasting import read


def links_of(text: str) -> list[tuple[str, str]]:
    found = clean(split_paragraphs(text)).paragraphs
    return [link for paragraph in found for link in paragraph.links]


def test_links_in_markdown_and_bare_addresses_keep_their_order() -> None:
    text = "Here https://a.example.org/1 is **[the list](https://b.example.org/2)**, and https://c.example.org/3."
    assert links_of(text) == [
        ("https://a.example.org/1", "https://a.example.org/1"),
        ("the list", "https://b.example.org/2"),
        ("https://c.example.org/3", "https://c.example.org/3"),
    ]


def test_an_address_without_https_leads_to_its_host() -> None:
    text = "[Harbour Post](example.org) and [a ruling](www.example.com/ruling), not [the list](list.md)"
    assert links_of(text) == [
        ("Harbour Post", "https://example.org"),
        ("a ruling", "https://www.example.com/ruling"),
    ]


def test_links_that_are_defined_elsewhere_lead_where_they_should() -> None:
    text = (
        "[Pilots meet][a] and [Court sits][], but not [3].\n\n"
        "[a]: https://a.example.org/1\n[court sits]: <https://b.example.org/2>\n[c]: https://c.example.org/3"
    )
    found = clean(split_paragraphs(text)).paragraphs
    assert [paragraph.lines for paragraph in found] == [
        ("Pilots meet and Court sits, but not [3].",),
        ("[c]: https://c.example.org/3",),
    ]
    assert links_of(text)[:2] == [
        ("Pilots meet", "https://a.example.org/1"),
        ("Court sits", "https://b.example.org/2"),
    ]


def test_a_picture_in_markdown_is_not_a_link() -> None:
    assert ("Pilots", "https://a.example.org/pilots.jpg") not in links_of(
        "![Pilots](https://a.example.org/pilots.jpg)"
    )


def test_what_readers_must_not_follow_stays_text() -> None:
    text = "[Open](javascript:alert) the door"
    (paragraph,) = clean(split_paragraphs(text)).paragraphs
    assert paragraph.lines == (text,)


def test_the_links_of_a_document_stay_as_they_are() -> None:
    paragraph = Paragraph(
        ("See [this](https://a.example.org/1) and that.",),
        links=(("that", "https://b.example.org/2"),),
    )
    assert clean([paragraph]).paragraphs == (paragraph,)


def test_the_address_of_a_linked_headline_that_is_left_out_is_in_a_note() -> (
    None
):
    items = "\n".join(
        f"* [Pilots meet for day {day}](https://a.example.org/{day})"
        for day in (1, 2, 3)
    )
    parsed_items = read(
        f"{items}\n\nBest regards,\nthe [desk](https://desk.example.org/)"
    )
    notes = [note for parsed in parsed_items for note in parsed.notes]
    assert any("https://desk.example.org/" in note for note in notes)
