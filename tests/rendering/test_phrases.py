"""The phrases around an item, in the language of its edition."""

import datetime as dt
from dataclasses import replace

import pytest
from markupsafe import escape

from briefing.issue.model import Issue, Item, Kind, Section
from briefing.languages import load_language
from briefing.newsletter import package_templates
from briefing.rendering.phrases import Phrases
from briefing.text.no_breaks import JOINER

LINK = "https://www.example.org/a"


def phrases(*items: Item, lang: str = "en", notice: str = "foot") -> Phrases:
    """The phrases of an issue of these items, whose photos are shown."""
    return Phrases(
        Issue(sections=(Section(items=items),)),
        load_language(lang, (package_templates(),)),
        notice,
        frozenset(items),
    )


class TestEnglish:
    @pytest.mark.parametrize(
        ("item", "byline"),
        [
            (
                Item(source="BBC", date=dt.date(2020, 10, 8)),
                "BBC, 8\u00a0October\u00a02020",
            ),
            (Item(source="BBC"), "BBC"),
            (Item(date=dt.date(2020, 10, 8)), "8\u00a0October\u00a02020"),
            (Item(), ""),
            (Item(source="100% News %(date)s"), "100% News %(date)s"),
        ],
    )
    def test_the_byline_is_source_and_date(
        self, item: Item, byline: str
    ) -> None:
        assert phrases(item).byline(item) == byline

    @pytest.mark.parametrize(
        ("item", "credit"),
        [
            (
                Item(source="BBC", photo="AFP"),
                "Below is an article published by BBC. Photo: AFP.",
            ),
            (Item(source="BBC"), "Below is an article published by BBC."),
            (Item(photo="AFP"), "Photo: AFP."),
            (Item(source="Watch", kind=Kind.STATEMENT), ""),
            (Item(), ""),
        ],
    )
    def test_with_the_notice_at_items_the_credit_names_publisher_and_photographer(
        self, item: Item, credit: str
    ) -> None:
        assert phrases(item, notice="item").credit(item) == credit

    def test_with_the_notice_at_the_foot_the_credit_is_the_photographer(
        self,
    ) -> None:
        item = Item(source="BBC", photo="AFP")
        assert phrases(item).credit(item) == "Photo: AFP"
        assert phrases(item).credit(Item(source="BBC")) == ""

    @pytest.mark.parametrize(
        ("notice", "credit"),
        [("item", "Below is an article published by BBC."), ("foot", "")],
    )
    def test_a_photo_that_is_not_shown_has_no_credit(
        self, notice: str, credit: str
    ) -> None:
        item = Item(source="BBC", photo="AFP")
        assert phrases(notice=notice).credit(item) == credit

    def test_an_item_without_a_headline_gets_its_label_as_headline(
        self,
    ) -> None:
        release, headed = (
            Item(kind=Kind.PRESS_RELEASE),
            Item(heading="A", kind=Kind.APPEAL),
        )
        words = phrases(release, headed)
        assert (words.headline(release), words.headline(headed)) == (
            "Press release",
            "A",
        )
        assert (
            words.label(release),
            words.label(headed),
            words.label(Item()),
        ) == (
            "Press release",
            "Appeal",
            "",
        )
        assert words.headline(Item()) == ""

    @pytest.mark.parametrize(
        ("item", "words"),
        [
            (Item(link=LINK, source="BBC"), "Read at BBC"),
            (Item(link=LINK), "Read at example.org"),
            (
                Item(link=LINK, source="Watch", kind=Kind.PRESS_RELEASE),
                "Read the press release at Watch",
            ),
            (
                Item(link=LINK, source="BBC", lang="de"),
                "Read at BBC (in German)",
            ),
            (
                Item(link=LINK, source="BBC", lang="zh-Hans"),
                "Read at BBC (in Simplified Chinese)",
            ),
            (
                Item(link=LINK, source="BBC", lang="en"),
                "Read at BBC",
            ),
            (
                Item(link=LINK, source="BBC", lang="no language"),
                "Read at BBC",
            ),
            (
                Item(link=LINK, source="BBC", lang="xx"),
                "Read at BBC",
            ),
        ],
    )
    def test_a_link_says_what_it_leads_to(self, item: Item, words: str) -> None:
        assert (
            phrases(item)
            .link(item)
            .replace("Chinese (Simplified)", "Simplified Chinese")
            == words
        )

    def test_an_action_is_what_a_link_says(self) -> None:
        item = Item(link=LINK, source="BBC", action="Write to the judge")
        other = Item(link=LINK + "b", source="BBC", heading="Other")
        words = phrases(item, other)
        assert words.link(item) == "Write to the judge"
        assert words.link(other) == "Read at BBC"

    def test_links_that_would_read_the_same_repeat_their_headlines(
        self,
    ) -> None:
        first = Item(link=LINK, source="BBC", heading="First")
        second = Item(link=LINK + "b", source="BBC", heading="Second")
        unlinked = Item(source="DW", heading="Third")
        fourth = Item(link=LINK, source="DW", heading="Fourth")
        words = phrases(first, second, unlinked, fourth)
        assert [words.link(item) for item in (first, second, fourth)] == [
            "Read “First” at BBC",
            "Read “Second” at BBC",
            "Read at DW",
        ]


class TestQuotations:
    @pytest.mark.parametrize(
        ("lang", "heading", "words"),
        [
            ("en", "MPs claim “proof”", "Read “MPs claim ‘proof’” at BBC"),
            ("de", "„Ja“ zu allem", "„‚Ja‘ zu allem“ bei BBC lesen"),
            (
                "tr",
                "“Evet” dedi",
                "“‘Evet’ dedi” başlıklı yazıyı okuyun: BBC",
            ),
            ("zh", "读《史记》", "阅读《读〈史记〉》 · BBC"),
            (
                "ug",
                "«ھەئە» دېدى",
                "ئوقۇڭ: «‹ھەئە› دېدى»، \u2068BBC\u2069",
            ),
        ],
    )
    def test_those_of_a_headline_are_inside_those_of_its_link(
        self, lang: str, heading: str, words: str
    ) -> None:
        first = Item(link=LINK, source="BBC", heading=heading)
        other = Item(link=LINK + "b", source="BBC", heading="B")
        assert phrases(first, other, lang=lang).link(first) == words


class TestChinese:
    def test_brackets_are_wide_and_no_space_is_between_sentences(self) -> None:
        item = Item(link=LINK, source="BBC", lang="de", photo="AFP")
        words = phrases(item, lang="zh", notice="item")
        assert words.link(item) == f"阅读原文 · BBC（德{JOINER}语）"
        assert words.credit(item) == "以下文章由BBC发表。图片：AFP。"


class TestRightToLeft:
    def test_foreign_names_and_numbers_are_isolated(self) -> None:
        item = Item(
            source="BBC",
            date=dt.date(2020, 10, 8),
            heading="خەۋەر BBC",
            photo="AFP",
            contact="a@b.example",
            link=LINK,
        )
        words = phrases(item, lang="ug")
        for text in (
            words.byline(item),
            words.headline(item),
            words.credit(item),
            words.contact(item),
            words.link(item),
        ):
            assert "\u2068" in text
            assert text.count("\u2068") == text.count("\u2069")


class TestNamesInHtml:
    """Screen readers pronounce a name in its language."""

    @pytest.mark.parametrize(
        ("lang", "source", "linked", "byline"),
        [
            ("zh", "BBC <1>", "", '<span lang="en">BBC &lt;1&gt;</span>'),
            ("zh", "Die Zeit", "de", '<span lang="de">Die Zeit</span>'),
            ("ug", "BBC", "", '<span lang="en">\u2068BBC\u2069</span>'),
            ("en", "Die Zeit", "de", '<span lang="de">Die Zeit</span>'),
            ("en", "Die Zeit", "", "Die Zeit"),
            ("de", "Die Zeit", "de", "Die Zeit"),
            ("zh", "人民日报", "", "人民日报"),
            ("en", "Xinhua", "zh", "Xinhua"),
            ("en", "BBC", "no language", "BBC"),
        ],
    )
    def test_it_is_marked_if_it_is_another_one(
        self, lang: str, source: str, linked: str, byline: str
    ) -> None:
        item = Item(source=source, lang=linked)
        words = replace(phrases(item, lang=lang), in_html=True)
        assert str(escape(words.byline(item))) == byline

    def test_all_else_is_escaped(self) -> None:
        item = Item(link=LINK, source="BBC", heading="A <b>", photo="C & D")
        words = replace(
            phrases(item, Item(link=LINK, source="BBC"), lang="zh"),
            in_html=True,
            notice="item",
            pictured=frozenset([item]),
        )
        assert escape(words.link(item)) == (
            '阅读《A &lt;b&gt;》 · <span lang="en">BBC</span>'
        )
        assert escape(words.credit(item)) == (
            '以下文章由BBC发表。图片：<span lang="en">C &amp; D</span>。'
        )
