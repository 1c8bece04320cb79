"""Lists of a page are lines with marks; some only lay out the page, and the items of others are titles."""

import pytest

from briefing.collecting.documents.html import read_html
from tests.collecting.documents.pages import lines_of

COUNTRIES = "<ul>" + "".join(
    f'<li>{country}<ul><li><a href="https://example.org">a</a></li></ul></li>'
    for country in ("North", "South")
)
WITH_TITLES = [(6, "North"), (0, "- a"), (6, "South"), (0, "- a")]


def levels_of(page: str) -> list[tuple[int, str]]:
    """The level of each paragraph of a page, and its first line."""
    paragraphs = read_html(page, lambda _: None).paragraphs
    return [(paragraph.level, paragraph.lines[0]) for paragraph in paragraphs]


def test_a_list_becomes_one_paragraph_with_marks() -> None:
    assert lines_of("<ul><li>a</li><li>b</li></ul>") == [("- a", "- b")]
    assert lines_of("<ol><li>a</li><li>b</li></ol>") == [("1. a", "2. b")]


def test_marks_that_the_items_have_already_are_kept() -> None:
    assert lines_of("<ul><li>• a</li><li>• b</li></ul>") == [("• a", "• b")]


def test_lists_can_be_nested() -> None:
    assert lines_of("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>") == [
        ("1. a", "- b", "2. c")
    ]


def test_items_with_lists_of_links_below_them_are_titles() -> None:
    assert levels_of(COUNTRIES) == WITH_TITLES


def test_lists_directly_in_lists_are_in_the_item_above_them() -> None:
    page = COUNTRIES.replace("<ul><li><a", "</li><ul><li><a")
    assert levels_of(page.replace("</ul></li>", "</ul>")) == WITH_TITLES


def test_google_docs_names_the_list_that_each_part_is_of() -> None:
    titles = '<ul class="lst-kix_a-0{}"><li>{}</li></ul>'
    links = '<ul class="lst-kix_a-1 start"><li><a href="https://example.org">a</a></li></ul>'
    page = (
        titles.format(" start", "North")
        + links
        + titles.format("", "South")
        + links
    )
    assert levels_of(page) == WITH_TITLES


def test_word_writes_lists_as_paragraphs() -> None:
    style = "<p style='mso-list:l0 level{} lfo1'>"
    mark = "<span style='mso-list:Ignore'>o&nbsp;</span>"
    title = f"{style.format(1)}{mark}{{}}</p>"
    link = f'{style.format(2)}{mark}<a href="https://example.org">a</a></p>'
    page = title.format("North") + link + title.format("South") + link
    assert levels_of(page) == WITH_TITLES


@pytest.mark.parametrize(
    "page",
    [
        COUNTRIES.replace("South", "They asked for maps."),
        COUNTRIES.replace("South", '<a href="https://example.org">b</a>'),
        COUNTRIES.replace("https://example.org", ""),
        "<ul><li>North<ul><li><a href='https://example.org'>a</a></li></ul></li></ul>",
    ],
    ids=["a sentence", "a link", "no links below", "only one"],
)
def test_other_items_with_lists_are_not(page: str) -> None:
    assert all(level == 0 for level, _ in levels_of(page))


@pytest.mark.parametrize("further", ["p", "blockquote"])
def test_an_item_of_a_list_can_go_on(further: str) -> None:
    page = f"<ul><li>a</li><li>b<{further}>c</{further}></li></ul>"
    assert lines_of(page) == [("- a", "- b", "c")]


def test_a_list_that_only_lays_out_the_page_is_not_a_list() -> None:
    page = "<ul><li><h3>a</h3><p>b</p></li><li><h3>c</h3><p>d</p></li></ul>"
    assert lines_of(page) == [("a",), ("b",), ("c",), ("d",)]
