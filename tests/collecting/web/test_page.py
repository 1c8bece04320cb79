"""From bytes to a page: JSON-LD, metas, hidden addresses, and hostile pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.web.linked_data import read_linked_data
from briefing.collecting.web.page import Page, text_of
from briefing.text.markup import MAX_CHARACTERS
from tests.collecting.web.pages import FIRST, URL, found, json_ld, meta, page

# --- JSON-LD


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "One"}',
        '[{"@type": ["NewsArticle"], "headline": "One"}]',
        '{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": "One"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "One"}}',
        '<!-- {"@type": "NewsArticle", "headline": "One"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "One"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "One",}',
        '{"@type": "NewsArticle", "headline": "One", "text": "two\nlines"};',
        '{"@type": "WebSite"}{"@type": "NewsArticle", "headline": "One"}',
        '{"@type": "https://schema.org/NewsArticle", "headline": "One"}',
    ],
)
def test_json_ld_with_small_mistakes_is_read(text: str) -> None:
    assert [
        node["headline"]
        for node in read_linked_data([text])
        if "headline" in node
    ] == ["One"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "not json",
        '{"@type": 1}',
        "[" * 100_000,
        '{"@type": "A", "x": ' * 3000,
        "null",
    ],
)
def test_json_ld_that_cannot_be_read_is_left_out(text: str) -> None:
    assert read_linked_data([text]) == ()


def test_other_articles_that_a_page_lists_are_left_out() -> None:
    listed = '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Another"}]}'
    assert [node["@type"] for node in read_linked_data([listed])] == [
        "ItemList"
    ]


# --- The tree


def test_text_that_was_encoded_twice_is_read() -> None:
    text = "<p>“It’s closed – for good”, says Zoë</p>".encode()
    twice = text.decode("iso-8859-1").encode()
    assert Page.read(twice, URL).text == Page.read(text, URL).text
    mixed = twice + "<p>’</p>".encode()
    assert Page.read(mixed, URL).text.endswith("’")


def test_metas_are_found_by_name_property_and_itemprop_in_any_case() -> None:
    read = page(
        head='<meta name="DC.Date" content="a"><META PROPERTY="og:Title" content="b"><meta itemprop=x content=c>'
    )
    assert (read.meta("dc.date"), read.meta("og:title"), read.meta("x")) == (
        "a",
        "b",
        "c",
    )


def test_an_email_address_that_cloudflare_hides_is_decoded() -> None:
    address = "a@b.org"
    hidden = bytes([7, *(7 ^ byte for byte in address.encode())]).hex()
    read = page(
        f'<p>Write to <a class="__cf_email__" data-cfemail="{hidden}">[email protected]</a>.</p>'
    )
    assert read.text == "Write to a@b.org."
    assert (
        page('<p data-cfemail="zz">x</p><p data-cfemail="">y</p>').text == "x y"
    )


def test_relative_addresses_are_resolved_against_the_base() -> None:
    read = page(head='<base href="https://static.example.org/x/">')
    assert read.absolute("a.jpg") == "https://static.example.org/x/a.jpg"
    assert (
        page(head='<base href="javascript:alert(1)">').absolute("a.jpg")
        == "https://www.example.org/news/a.jpg"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "https://user@evil.example/",
        "vbscript:x",
        "http://[",
        "",
        "file:///x",
    ],
)
def test_an_address_that_must_not_be_linked_is_dropped(address: str) -> None:
    read = page()
    assert read.absolute(address) in {"", URL}


def test_scripts_styles_and_comments_are_not_text() -> None:
    read = page(
        "<script>a</script><style>b</style><!-- c --><p>Seen\u202e and\u2066 read\u00ad.\0</p><noscript>d</noscript>"
    )
    assert read.text == "Seen and read."


def test_what_a_translator_in_the_browser_adds_is_not_text() -> None:
    added = "<div id='goog-gt-tt'><h1>Original text</h1></div>"
    assert page(f"<h1>Read</h1>{added}").text == "Read"


def test_joiners_and_direction_marks_stay() -> None:
    assert page("<p>می\u200cخواهم\u200f</p>").text == "می\u200cخواهم\u200f"


def test_words_of_different_blocks_and_lines_are_separated() -> None:
    read = page(
        "<div>one<p>two</p>three<br>four</div><ul><li>five</li><li>six</li></ul><b>sev</b>en"
    )
    assert read.text == "one two three four five six seven"
    assert text_of(next(read.root.iter("li"))) == "five"


# --- Hostile pages

_PARAGRAPH = f"<p>{FIRST}</p>".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 1000,
        b"<",
        b"<!-- ",
        b"%PDF-1.7 \xff\xfe\x00",
        b"<?xml version='1.0' encoding='utf-16'?><html><p>x",
        b"<html><frameset><frame src=x></frameset></html>",
        b"<p>&#1;&#0;&#xFFFE;&#55357;x</p>",
        b"<html><head><title>" + b"x | " * 300_000,
        b"<body>" + b"<div>" * 50_000 + _PARAGRAPH,
        b"<body>" + b"<span>" * 50_000 + _PARAGRAPH,
        b"<body>" + b"<h1>" * 1_000 + _PARAGRAPH,
        pytest.param(
            b"<body>" + b"<h1>" * 3_000 + _PARAGRAPH, marks=pytest.mark.long
        ),
        b"<body>" + b"<header>" * 1_500 + _PARAGRAPH * 500,
        b"<body>" + b"<br>" * 100_000,
        b"<head><script type='application/ld+json'>"
        + b"{" * 200_000
        + b"</script>",
        b"<head><script type='application/ld+json'>x"
        + b" " * 1_000_000
        + b"x</script>",
        b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><p>&b;&b;</p>",
        b"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x;</p>",
        b"<meta http-equiv=refresh content='0; url=https://evil.example/'>"
        + _PARAGRAPH,
    ],
)
def test_hostile_pages_are_read(data: bytes) -> None:
    read = found(Page.read(data, URL))
    assert read.url == URL
    assert "root:" not in read.excerpt


def test_ten_megabytes_of_markup_are_cut_off_at_the_limit() -> None:
    long_paragraph = b"<p>" + b"word " * 20_000 + b"</p>"
    read = Page.read(
        b"<h1>A headline of a piece</h1>" + _PARAGRAPH + long_paragraph * 100,
        URL,
    )
    assert len(read.source) == MAX_CHARACTERS
    assert found(read).excerpt.startswith(FIRST)


def test_pictures_in_a_saved_page_do_not_count_towards_the_limit() -> None:
    read = Page.read(
        b"<img src='data:image/png;base64,"
        + b"A" * 9_000_000
        + b"'>"
        + _PARAGRAPH,
        URL,
    )
    assert read.text == FIRST
    assert found(read).image == ""


@given(
    st.binary(max_size=400)
    | st.text(alphabet="<>/ahdivp1=\"' &#;x\0\u202e—", max_size=400).map(
        str.encode
    )
)
def test_any_bytes_can_be_read(data: bytes) -> None:
    found(Page.read(data, URL))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_meta_and_json_ld_can_be_read(text: str, other: str) -> None:
    head = (
        f"<title>{text}</title>"
        + meta("og:title", other)
        + json_ld(f'{{"@type":"Article","headline":"{other}"}}')
    )
    found(page(f"<h1>{text}</h1><p>{other}</p>", head))


@pytest.mark.parametrize(
    ("filler", "elements"),
    [("<br>", 20), ("<BR />\n", 20), ("a<br>", 100_020), ("<i>a</i>", 60_000)],
)
def test_a_million_elements_are_never_all_parsed(
    filler: str, elements: int
) -> None:
    text = f"<p>{FIRST}</p>{filler * (1_000_000 // len(filler) * 4)}"
    read = Page.read(f"<html><body>{text}</body></html>".encode(), URL)
    assert FIRST in read.text
    assert sum(1 for _ in read.root.iter()) <= elements


def test_text_below_many_empty_lines_is_read() -> None:
    text = f"<p>One</p>{'<br>' * 1_000_000}<p>{FIRST}</p>"
    assert FIRST in Page.read(text.encode(), URL).text
