"""The texts of an issue as HTML and as plain text: both say the same, and neither contains anything
but words.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.issue.links import unsafe_reason
from briefing.languages import Language, load_language
from briefing.newsletter import package_templates
from briefing.rendering import plain_text, prose
from briefing.text.width import width
from tests import examples
from tests.issue.strategies import texts as issue_texts

DATA = Path(__file__).parent / "data"
ENGLISH = load_language("en", ())
UYGHUR = load_language("ug", (package_templates(),))
CHINESE = load_language("zh", (package_templates(),))

TAGS = {
    "p",
    "em",
    "strong",
    "code",
    "pre",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "br",
    "hr",
}
ATTRIBUTES = {("a", "href"), ("a", "title"), ("ol", "start"), ("code", "class")}

scraps = st.sampled_from(
    [
        *(
            "*",
            "**",
            "`",
            "_",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            "!",
            "\\",
            "&",
            "&#106;",
            ":",
            "//",
            " ",
            "\n",
            "\n\n",
        ),
        *(
            "- ",
            "1. ",
            "0) ",
            "> ",
            "    ",
            "  ",
            "```",
            "***",
            "|",
            '"',
            "'",
            "  \n",
            "\t",
            "\u2028",
            "خەۋەر",
            "新疆",
        ),
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "https://example.org/a",
            "http://b.example/?c=d&e",
            "mailto:a@b.c",
        ),
        *(
            "<script>",
            "</p>",
            "<img src=x onerror=alert(1)>",
            "<!-- -->",
            "<https://example.org/x>",
            "<a@b.example>",
        ),
        *(
            "[a](https://example.org/b)",
            "[c](javascript:d)",
            "![e](https://example.org/f.png)",
            "[g]: https://h.example",
        ),
        *("https://good.example@evil.example/", "word", "a" * 90),
    ]
)
texts = st.one_of(st.lists(scraps, max_size=20).map("".join), issue_texts())


class Elements(HTMLParser):
    """The tags, attributes and addresses of some HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(str(markup))
        self.close()

    def handle_starttag(
        self, tag: str, attrs: Iterable[tuple[str, str | None]]
    ) -> None:
        self.tags.add(tag)
        if tag not in {"br", "hr"}:
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.add((tag, name))
            if name == "href":
                self.links.append(value or "")

    def handle_startendtag(
        self, tag: str, attrs: Iterable[tuple[str, str | None]]
    ) -> None:
        assert tag in {"br", "hr"}
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


class TestBoth:
    def test_every_kind_of_text_equals_the_files_beside_this_test(self) -> None:
        source = (DATA / "prose.md").read_text("utf-8")
        assert prose.to_html(source, ENGLISH) == (
            DATA / "prose.html"
        ).read_text("utf-8")
        assert prose.to_text(source, ENGLISH) + "\n" == (
            DATA / "prose.txt"
        ).read_text("utf-8")

    @given(texts, st.sampled_from([ENGLISH, UYGHUR]))
    def test_every_link_in_the_html_is_in_the_text(
        self, source: str, lang: Language
    ) -> None:
        written = prose.to_text(source, lang)
        for link in Elements(prose.to_html(source, lang)).links:
            assert link.removeprefix(
                "mailto:"
            ) in written or link.lower().startswith("mailto:")

    @given(texts, st.sampled_from([ENGLISH, UYGHUR, CHINESE]))
    def test_no_word_of_the_html_is_missing_from_the_text(
        self, source: str, lang: Language
    ) -> None:
        def words(text: str) -> str:
            return re.sub(r"[\s\u2066-\u2069*\[\]\d>.-]", "", text)

        def is_within(few: str, many: str) -> bool:
            left = iter(many)
            return all(character in left for character in few)

        assert is_within(
            words(Elements(prose.to_html(source, lang)).words),
            words(prose.to_text(source, lang)),
        )

    def test_no_word_is_lost_in_quotes_within_quotes(self) -> None:
        source = "> " * 50 + "word"
        assert "word" in prose.to_html(source, ENGLISH)
        assert "word" in prose.to_text(source, ENGLISH)


class TestHtml:
    @given(texts, st.sampled_from([ENGLISH, UYGHUR]))
    @settings(max_examples=examples(20))
    def test_it_contains_only_text_elements(
        self, source: str, lang: Language
    ) -> None:
        found = Elements(prose.to_html(source, lang))
        assert found.tags <= TAGS
        assert found.attributes <= ATTRIBUTES
        assert not found.open
        for link in found.links:
            assert link.lower().startswith("mailto:") or not unsafe_reason(link)

    @pytest.mark.parametrize("end", ["", "]", "](https://www.example.org/)"])
    def test_thousands_of_brackets_are_plain_text(self, end: str) -> None:
        source = "[" * 60_000 + end
        assert prose.to_html(source, ENGLISH) == f"<p>{source}</p>\n"

    def test_hundreds_of_links_are_links(self) -> None:
        source = "[a](https://www.example.org/) " * prose.MOST_BRACKETS
        assert (
            prose.to_html(source, ENGLISH).count("<a ") == prose.MOST_BRACKETS
        )

    @pytest.mark.parametrize(
        "source",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a <b>b</b> <!-- c --> <?d?> <![CDATA[e]]>",
            "<div>\n\ntext\n\n</div>",
            "&lt;script&gt;",
            "&#60;script&#62;",
            "`<script>`",
            "```\n<script>\n```",
            '```"><script>\n```',
            "    <script>",
        ],
    )
    def test_html_in_a_text_is_shown_as_it_was_typed(self, source: str) -> None:
        found = Elements(prose.to_html(source, ENGLISH))
        assert found.tags <= {"p", "code", "pre"}

    @pytest.mark.parametrize(
        "source",
        [
            "[a](javascript:alert(1))",
            "[a](JAVASCRIPT:alert(1))",
            "[a](java&#x0A;script:alert(1))",
            "[a](&#106;avascript:alert(1))",
            "[a](<java\tscript:alert(1)>)",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "[a](vbscript:x)",
            "[a](file:///etc/passwd)",
            "[a](//evil.example/)",
            "[a](/relative)",
            "[a](relative.html)",
            "[a](#anchor)",
            "[a]()",
            "[a](https://good.example@evil.example/)",
            "[a](cid:picture.jpg)",
            "<javascript:alert(1)>",
            "[a][1]\n\n[1]: javascript:alert(1)",
        ],
    )
    def test_unsafe_addresses_stay_text(self, source: str) -> None:
        assert Elements(prose.to_html(source, ENGLISH)).links == []

    @pytest.mark.parametrize(
        ("source", "link"),
        [
            (
                "[a](https://example.org/ü?b=c&d)",
                "https://example.org/%C3%BC?b=c&d",
            ),
            ("<http://example.org>", "http://example.org"),
            ("<desk@example.org>", "mailto:desk@example.org"),
            (
                "[a](mailto:desk@example.org?subject=Hello)",
                "mailto:desk@example.org?subject=Hello",
            ),
        ],
    )
    def test_web_and_email_addresses_are_linked(
        self, source: str, link: str
    ) -> None:
        assert Elements(prose.to_html(source, ENGLISH)).links == [link]

    @pytest.mark.parametrize(
        "source", ["# a", "a\n===", "a\n---", "![a](https://example.org/b.png)"]
    )
    def test_headings_and_pictures_stay_text(self, source: str) -> None:
        assert Elements(prose.to_html(source, ENGLISH)).tags <= {"p", "hr", "a"}

    def test_latin_words_among_arabic_script_are_isolated(self) -> None:
        source = "بۈگۈن BBC News خەۋەر *8 October* بەردى `x`"
        assert prose.to_html(source, UYGHUR) == (
            "<p>بۈگۈن \u2068BBC News\u2069 خەۋەر <em>\u20688 October\u2069</em> بەردى <code>x</code></p>\n"
        )
        assert prose.to_html(source, ENGLISH).count("\u2068") == 0

    def test_a_run_goes_on_into_emphasised_words(self) -> None:
        source = "تېلېفون: +1 555 0142 (**WhatsApp**) نى"
        assert prose.to_html(source, UYGHUR) == (
            "<p>تېلېفون: \u2068+1\u00a0555\u00a00142 (<strong>WhatsApp</strong>)\u2069 نى</p>\n"
        )

    def test_thousands_of_runs_are_isolated(self) -> None:
        html = prose.to_html("ئۇ 1 " * 30_000, UYGHUR)
        assert html.count("\u20681\u2069") == 30_000

    def test_no_line_breaks_within_a_date(self) -> None:
        assert prose.to_html("on 19 November *2026* in May 3", ENGLISH) == (
            "<p>on 19\u00a0November <em>2026</em> in May\u00a03</p>\n"
        )

    def test_a_line_break_between_chinese_characters_is_not_a_space(
        self,
    ) -> None:
        assert prose.to_html("甲，\n乙\nb", CHINESE) == "<p>甲，乙\nb</p>\n"
        assert prose.to_text("甲，\n乙\nb", CHINESE) == "甲，乙 b"


class TestText:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("a *b* **c** `d`", "a b *c* d"),
            ("a\nb", "a b"),
            ("a\\\nb  \nc", "a\nb\nc"),
            ("a\n\nb", "a\n\nb"),
            ("- a\n- b", "- a\n- b"),
            ("- a\n\n- b", "- a\n\n- b"),
            ("- a\n\n  b\n- c", "- a\n\n  b\n\n- c"),
            ("text\n\n- a\n- b\n\ntext", "text\n\n- a\n- b\n\ntext"),
            ("- a\n  - b\n    - c\n- d", "- a\n  - b\n    - c\n- d"),
            ("- - a", "- - a"),
            ("3. a\n4. b", "3. a\n4. b"),
            ("0. a\n1. b", "0. a\n1. b"),
            ("9. a\n   - b\n10. c", "9. a\n   - b\n10. c"),
            ("> a\n> b\n>\n> c", "> a b\n>\n> c"),
            ("> - a\n> - b", "> - a\n> - b"),
            ("- > a", "- > a"),
            ("- a\n\n***\n\nb", "- a\n\n* * *\n\nb"),
            ("- a\n\n    b", "- a\n\n  b"),
            ("a\n\n    indented", "a\n\nindented"),
            ("- a\n\n1. b", "- a\n\n1. b"),
            ("[a](https://b.example)", "a [1]\n\n[1] https://b.example"),
            (
                "[a](https://b.example) [c](https://d.example) [e](https://b.example)",
                "a [1] c [2] e [1]\n\n[1] https://b.example\n[2] https://d.example",
            ),
            ("<https://b.example/>", "https://b.example/"),
            ("[https://b.example/](https://b.example/)", "https://b.example/"),
            (
                "[https://b.example/](https://c.example/)",
                "https://b.example/ [1]\n\n[1] https://c.example/",
            ),
            ("<a@b.example>", "a@b.example"),
            ("[a](mailto:a@b.example)", "a [1]\n\n[1] a@b.example"),
            ("- [*a*](https://b.example)", "- a [1]\n\n[1] https://b.example"),
            ("&amp; &lt;b&gt; \\*", "& <b> *"),
            ("", ""),
        ],
    )
    def test_it_is_laid_out_like_a_typed_email(
        self, source: str, text: str
    ) -> None:
        assert prose.to_text(source, ENGLISH) == text

    @given(texts)
    def test_no_line_is_wider_than_72_columns_unless_a_single_word_or_code_is(
        self, source: str
    ) -> None:
        if "```" in source or "    " in source or "\t" in source:
            return
        for line in prose.to_text(source, ENGLISH).split("\n"):
            words = line.lstrip("->0123456789.) ")
            assert (
                width(line) <= 72
                or " " not in words
                or len(plain_text.chunks(words)) == 1
            )

    def test_an_address_has_its_own_line_and_is_never_broken(self) -> None:
        address = "https://example.org/" + "a" * 200
        assert (
            prose.to_text(f"> - [word]({address})", ENGLISH).split("\n")[-1]
            == f"[1] {address}"
        )

    def test_latin_words_among_arabic_script_are_isolated(self) -> None:
        assert prose.to_text(
            "خەۋەر BBC [خەۋەر](https://example.org/)", UYGHUR
        ) == ("خەۋەر \u2068BBC\u2069 خەۋەر [1]\n\n[1] https://example.org/")
        assert (
            prose.to_text("<https://example.org/>", UYGHUR)
            == "https://example.org/"
        )
