"""Parsing HTML from strangers, and extracting the text that a reader sees."""

import pytest

from briefing.text.markup import (
    is_hidden,
    parse_html,
    reveal_address,
    style_declarations,
    tidy_spaces,
    visible_text,
)


class TestParsing:
    @pytest.mark.parametrize(
        "markup",
        ["", "   ", "<!-- nothing else -->", "<?xml version='1.0'?>", "\0"],
    )
    def test_a_page_with_nothing_in_it_is_an_empty_page(
        self, markup: str
    ) -> None:
        root = parse_html(markup)
        assert root.tag == "html"
        assert visible_text(root) == ""

    def test_a_fragment_becomes_a_page(self) -> None:
        assert visible_text(parse_html("only <b>words</b>")) == "only words"

    def test_bytes_are_read_as_utf_8(self) -> None:
        assert visible_text(parse_html("Öffentlich".encode())) == "Öffentlich"

    def test_entities_that_a_page_defines_are_not_expanded(self) -> None:
        page = "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x;</p>"
        assert "root:" not in visible_text(parse_html(page))

    def test_comments_are_kept_on_request(self) -> None:
        page = "<p>a<!-- b -->c</p>"
        assert next(parse_html(page).iter("p")).text == "ac"
        assert next(parse_html(page, comments=True).iter("p")).text == "a"

    def test_characters_that_xml_does_not_allow_are_dropped(self) -> None:
        assert visible_text(parse_html("<p>a\0b\x1fc\ud800d</p>")) == "abcd"

    @pytest.mark.parametrize("quote", ["", "'", '"'])
    @pytest.mark.parametrize("tag", ["p", "script"])
    def test_an_element_with_too_many_attributes_loses_them(
        self, tag: str, quote: str
    ) -> None:
        names = " ".join(f"a{n}={quote}{n}>{quote}" for n in range(100_000))
        if not quote:
            names = names.replace(">", "")
        root = parse_html(f"<p class=b>one<{tag} {names}></{tag}><i id=c>two")
        assert visible_text(root).replace(" ", "") == "onetwo"
        (element,) = root.findall(f".//{tag}")[-1:]
        assert len(element.attrib) == 0
        assert [next(root.iter("i")).get("id")] == ["c"]

    @pytest.mark.parametrize(
        "markup",
        [
            f"<p title='{'many words and <b>tags</b> ' * 1000}' id=a>",
            f"<p {' '.join(f'a{n}=1' for n in range(400))} id=a>",
            f"<script>if (1<b{' && c' * 1000}) d()</script><p id=a>",
        ],
    )
    def test_long_values_and_scripts_are_not_attributes(
        self, markup: str
    ) -> None:
        assert next(parse_html(markup).iter("p")).get("id") == "a"
        parsed = parse_html(markup)
        for script in parsed.iter("script"):
            assert script.text in markup

    def test_a_quotation_mark_that_is_not_closed_costs_only_its_element(
        self,
    ) -> None:
        page = f"<p><a title=it's>one</a> <a href='x>two</a> {'word ' * 2000}<b class='y'>three</b>"
        assert "three" in visible_text(parse_html(page))


class TestVisibleText:
    @pytest.mark.parametrize(
        "hidden",
        [
            "<script>x</script>",
            "<style>x</style>",
            "<div hidden>x</div>",
            "<div style='display:none'>x</div>",
            "<div style='DISPLAY : None !important;'>x</div>",
            "<span style='visibility: hidden'>x</span>",
            "<div style='opacity:0'>x</div>",
            "<div style='max-height:0px; overflow:hidden'>x</div>",
            "<div hidden><p>x<!-- x --></p></div>",
            "<!-- x -->",
        ],
    )
    def test_what_is_hidden_is_left_out_and_what_follows_it_stays(
        self, hidden: str
    ) -> None:
        page = parse_html(f"<p>before</p>{hidden} after", comments=True)
        assert visible_text(page) == "before after"

    def test_a_space_separates_blocks_and_lines(self) -> None:
        page = parse_html(
            "<h1>Head</h1><ul><li>one<li>two</ul>three<br>four <b>fi</b>ve"
        )
        assert visible_text(page) == "Head one two three four five"

    def test_text_after_the_element_is_not_included(self) -> None:
        bold = next(parse_html("<p><b>this</b> not this").iter("b"))
        assert visible_text(bold) == "this"


@pytest.mark.parametrize(
    "style",
    [
        "",
        "color: none",
        "opacity: 0.5",
        "opacity: 0.05",
        "max-height: 0",
        "max-height: 20px; overflow: hidden",
    ],
)
def test_other_styles_hide_nothing(style: str) -> None:
    assert not is_hidden({"style": style})


def test_declarations_are_in_lower_case_and_the_last_one_wins() -> None:
    assert style_declarations("Color: Red; color:BLUE !important; broken") == {
        "color": "blue"
    }


def test_spaces_and_invisible_characters_are_tidied() -> None:
    assert (
        tidy_spaces("  a\u00a0 \n b\u200bc so\xadft e\u0301 \u202ex\u202c ")
        == "a b c soft é x"
    )


@pytest.mark.parametrize(
    ("code", "address"),
    [
        (
            bytes([7, *(7 ^ letter for letter in b"me@example.org")]).hex(),
            "me@example.org",
        ),
        ("", ""),
        ("07", ""),
        ("0", ""),
        ("not hexadecimal", ""),
        ("00ff", ""),
    ],
)
def test_an_email_address_that_cloudflare_hid_is_revealed(
    code: str, address: str
) -> None:
    assert reveal_address(code) == address
