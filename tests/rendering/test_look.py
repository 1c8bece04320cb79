"""The look of an email: themes, fonts by script, the list of headlines, the notice, and buttons."""

import re
from functools import partial

import pytest
from lxml import html as lxml_html

from briefing.issue.model import Item
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.texts import LONG_ISSUE
from tests.rendering.newsletters import edition, with_settings

HEAD = "# Weekly Brief, 9 October 2020\n"
NOTICE = "Each article belongs to its publisher."
BELOW = "Below is an article published by Harbour Post."
ARTICLE = "### A\nsource: Harbour Post\nlink: https://example.org/a\n"
LANGUAGES = 'languages = ["en", "de", "ug", "zh"]'


def page(
    newsletter: Newsletter, text: str, lang: str = "en"
) -> lxml_html.HtmlElement:
    issue = edition(newsletter, f"{HEAD}\n{text}", lang)
    html = render(newsletter, issue).html.filled({})
    return lxml_html.document_fromstring(html)


def style_of(document: lxml_html.HtmlElement, name: str) -> str:
    return str(document.find_class(name)[0].get("style"))


class TestContents:
    @pytest.mark.parametrize(
        ("setting", "items", "listed"),
        [
            ('"auto"', LONG_ISSUE - 1, False),
            ('"auto"', LONG_ISSUE, True),
            ("true", 1, True),
            ("false", LONG_ISSUE, False),
        ],
    )
    def test_a_long_issue_begins_with_its_headlines_unless_settings_say_otherwise(
        self, newsletter: Newsletter, setting: str, items: int, listed: bool
    ) -> None:
        newsletter = with_settings(newsletter, issue=f"contents = {setting}")
        document = page(newsletter, f"{ARTICLE}\n" * items)
        links = document.xpath("//div[@class='contents']/ol/li/a/@href")
        assert links == ["https://example.org/a"] * (items if listed else 0)

    def test_an_item_without_a_link_is_listed_as_well(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = with_settings(newsletter, issue="contents = true")
        (entry,) = page(newsletter, "### Alone\n").xpath("//ol/li")
        assert entry.text_content() == "Alone"


class TestNotice:
    @pytest.mark.parametrize(
        ("notice", "shown"), [("foot", NOTICE), ("item", BELOW)]
    )
    def test_it_is_at_the_foot_or_at_each_item_in_both_parts(
        self, newsletter: Newsletter, notice: str, shown: str
    ) -> None:
        newsletter = with_settings(newsletter, look=f'notice = "{notice}"')
        issue = edition(newsletter, f"{HEAD}\n{ARTICLE}\n{ARTICLE}")
        rendered = render(newsletter, issue)
        for part in (rendered.html, rendered.text):
            counts = [part.filled({}).count(text) for text in (NOTICE, BELOW)]
            assert counts == ([1, 0] if shown == NOTICE else [0, 2])

    def test_without_articles_there_is_none(
        self, newsletter: Newsletter
    ) -> None:
        text = "### A\nkind: statement\nsource: Example Watch\n"
        assert NOTICE not in page(newsletter, text).text_content()


class TestFooter:
    def test_an_address_in_latin_letters_is_in_order_behind_a_uyghur_name(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = with_settings(
            newsletter,
            newsletter='languages = ["ug"]\norganisation = "مەركەز"\naddress = "7 Quay, Velmar"',
        )
        footer = page(newsletter, ARTICLE, "ug").find_class("footer")[0]
        last = footer.xpath("p")[-1].text_content()
        assert last == "\u2068مەركەز\u2069 · \u20687 Quay, Velmar\u2069"


class TestHeadlines:
    def test_a_headline_is_a_link_below_the_name_of_its_kind(
        self, newsletter: Newsletter
    ) -> None:
        text = "### A\nkind: appeal\nlink: https://example.org/a\n"
        (headline,) = page(newsletter, text).find_class("headline")
        assert headline.text_content().split() == ["Appeal", "A"]
        assert headline.xpath("a/@href") == ["https://example.org/a"]

    def test_the_name_of_a_kind_alone_is_not_a_link(
        self, newsletter: Newsletter
    ) -> None:
        text = "###\nkind: appeal\nlink: https://example.org/a\n"
        (headline,) = page(newsletter, text).find_class("headline")
        assert headline.text_content().split() == ["Appeal"]
        assert not headline.xpath("a")


class TestSections:
    @pytest.mark.parametrize("theme", ["serif", "sans", "plain"])
    def test_their_titles_are_larger_than_headlines_and_the_names_of_kinds_are_quiet(
        self, newsletter: Newsletter, theme: str
    ) -> None:
        newsletter = with_settings(newsletter, look=f'theme = "{theme}"')
        document = page(newsletter, "## News\n### A\nkind: statement\n")
        title, headline = (
            float(re.findall(r"font-size: ?([\d.]+)px", style)[-1])
            for style in map(
                partial(style_of, document), ("section", "headline")
            )
        )
        assert title > headline
        quiet = newsletter.settings.look.quiet
        assert f"color:{quiet}" in style_of(document, "label")

    def test_no_rule_follows_the_masthead_where_items_come_first(
        self, newsletter: Newsletter
    ) -> None:
        first = page(newsletter, "### A\n")
        second = page(newsletter, "Some words.\n\n### A\n")
        assert "border-top:0" in style_of(first, "first")
        assert "border-top:4px" in style_of(second, "first")


class TestButtons:
    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ("kind: appeal\nsource: Watch", "Read the appeal at Watch"),
            ("kind: appeal\naction: Write to the judge", "Write to the judge"),
            ("action: Sign the petition", "Sign the petition"),
        ],
    )
    def test_appeals_and_items_with_an_action_have_one(
        self, newsletter: Newsletter, lines: str, words: str
    ) -> None:
        text = f"### A\n{lines}\nlink: https://example.org/a\n"
        (button,) = page(newsletter, text).xpath("//td[@class='button']")
        assert button.text_content() == words

    def test_an_action_without_a_link_is_not_shown(
        self, newsletter: Newsletter
    ) -> None:
        document = page(newsletter, "### A\naction: Sign the petition\n")
        assert "Sign" not in document.text_content()

    def test_an_action_has_to_be_translated_but_changes_no_older_fingerprint(
        self,
    ) -> None:
        assert Item(heading="A").fingerprint == "8f0297c6"
        with_action = Item(heading="A", action="Sign")
        assert with_action.fingerprint != Item(heading="A").fingerprint


class TestFonts:
    @pytest.mark.parametrize(
        ("lang", "setting"),
        [("en", "font"), ("de", "font"), ("ug", "font_ug"), ("zh", "font_zh")],
    )
    def test_each_script_has_a_setting_for_all_its_text(
        self, newsletter: Newsletter, lang: str, setting: str
    ) -> None:
        others = {"font", "font_ug", "font_zh"} - {setting}
        lines = [f'{name} = "Wrong"' for name in others]
        newsletter = with_settings(
            newsletter,
            newsletter=LANGUAGES,
            look="\n".join([*lines, f'{setting} = "Chosen"']),
        )
        document = page(newsletter, f"{ARTICLE}\n> Quoted.\n", lang)
        html = lxml_html.tostring(document, encoding="unicode")
        assert set(re.findall(r"font-family: ?([^;\"]+)", html)) == {"Chosen"}


class TestThemes:
    @pytest.mark.parametrize("lang", ["en", "ug", "zh"])
    @pytest.mark.parametrize("theme", ["serif", "sans", "plain"])
    def test_all_show_the_same_words_in_sizes_that_can_be_read(
        self, newsletter: Newsletter, theme: str, lang: str
    ) -> None:
        newsletter = with_settings(newsletter, newsletter=LANGUAGES)
        words = page(newsletter, f"{ARTICLE}\nText.\n", lang).body
        newsletter = with_settings(newsletter, look=f'theme = "{theme}"')
        document = page(newsletter, f"{ARTICLE}\nText.\n", lang)
        assert document.body.text_content() == words.text_content()
        html = lxml_html.tostring(document.body, encoding="unicode")
        sizes = [int(size) for size in re.findall(r"font-size: ?(\d+)", html)]
        assert min(sizes) >= 14
        assert re.search(r"line-height: ?1\.\d+;", html)
        assert not re.search(r"line-height: ?[\d.]+px", html)

    def test_serifs_are_only_in_the_theme_with_that_name(
        self, newsletter: Newsletter
    ) -> None:
        for theme in ("serif", "sans", "plain"):
            newsletter = with_settings(newsletter, look=f'theme = "{theme}"')
            style = style_of(page(newsletter, ARTICLE), "headline")
            assert ("Georgia" in style) is (theme == "serif")
