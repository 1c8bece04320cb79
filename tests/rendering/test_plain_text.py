"""Plain text is laid out in 72 columns, in every script, and no word is lost."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.rendering import plain_text
from briefing.text.no_breaks import JOINER
from briefing.text.width import width

ISOLATES = re.compile("[\u2068\u2069]")
words = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_characters=" \n\u2068\u2069"),
        max_size=20,
    ),
    st.sampled_from(
        [
            *(
                "ئۇيغۇرلارنىڭ",
                "خەۋەرلىرى،",
                "新疆维吾尔自治区",
                "「人权」",
                "報道。",
                "東京で、",
                "서울에서",
                "བོད་ལྗོངས།",
            ),
            *(
                "e\u0301\u0302\u0308",
                "👩\u200d🏫",
                "🇺🇳",
                "a" * 80,
                "https://example.org/" + "b" * 70,
                "–",
                "）",
                "（",
            ),
        ]
    ),
)
texts = st.lists(words, max_size=40).map(" ".join)
leads = st.sampled_from(["", "- ", "> ", "10. ", "> > - ", "・"])


class TestWrapping:
    @given(st.text(st.sampled_from(f" \n{JOINER}aéيـ،“”‘’(…)—[].,!?;:")))
    def test_words_are_divided_alike_with_and_without_east_asian_ones(
        self, text: str
    ) -> None:
        """Only a text with such words needs the pattern that knows them."""
        alone = plain_text.chunks(f"{text}a")
        assert plain_text.chunks(f"{text}a 法") == [*alone, " ", "法"]

    @given(texts, leads, leads, st.sampled_from([72, 40, 20]))
    def test_no_line_is_too_wide_unless_a_single_word_is(
        self, text: str, first: str, rest: str, columns: int
    ) -> None:
        for number, line in enumerate(
            plain_text.wrap(
                text, first=first, rest=rest, columns=columns
            ).split("\n")
        ):
            lead = rest if number else first
            assert line.startswith(lead)
            chunks = plain_text.chunks(line.removeprefix(lead))
            assert width(line) <= columns or len(chunks) == 1

    @given(texts, leads)
    @example("「「", "")
    @example("a\u3000b \u3000", "")
    def test_no_word_is_lost_and_only_ideographs_are_separated(
        self, text: str, lead: str
    ) -> None:
        lines = plain_text.wrap(text, first=lead, rest=lead).split("\n")
        kept = [line.removeprefix(lead) for line in lines]
        assert re.sub(r"[ \n]", "", "".join(kept)) == re.sub(r"[ \n]", "", text)
        for word in re.split(r"[ \n]+", text):
            assert re.search(plain_text.WIDE, word) or any(
                word in line for line in kept
            )

    @given(texts)
    def test_every_line_is_as_full_as_possible(self, text: str) -> None:
        lines = plain_text.wrap(text).split("\n")
        for line, following in pairwise(lines):
            chunk = plain_text.chunks(following)[0]
            assert width(line) + width(chunk) + 1 > plain_text.WIDTH

    def test_spaces_and_line_ends_become_one_space(self) -> None:
        assert plain_text.wrap("  a  b\nc \n d ") == "a b c d"

    def test_the_first_line_and_the_others_have_their_own_prefixes(
        self,
    ) -> None:
        assert (
            plain_text.wrap(
                "one two three", first="10. ", rest="    ", columns=11
            )
            == "10. one two\n    three"
        )

    def test_a_chinese_date_stays_whole(self) -> None:
        date = "2026\u2060年\u206011\u2060月\u206019\u2060日"
        text = plain_text.wrap(f"字字字{date}字字", columns=12)
        assert text.split("\n") == ["字字字", "2026年11月19日", "字字"]

    def test_an_address_stays_whole(self) -> None:
        address = "https://example.org/" + "a-b" * 40
        assert plain_text.wrap(f"see {address} there").split("\n") == [
            "see",
            address,
            "there",
        ]

    def test_empty_text_makes_an_empty_line(self) -> None:
        assert plain_text.wrap("") == plain_text.wrap(" \n ") == ""

    def test_a_non_breaking_space_keeps_words_together(self) -> None:
        assert plain_text.wrap("ab cd\u00a0ef", columns=7) == "ab\ncd\u00a0ef"


class TestIdeographs:
    def test_a_line_may_break_between_any_two(self) -> None:
        lines = plain_text.wrap("人" * 50).split("\n")
        assert [len(line) for line in lines] == [36, 14]

    @pytest.mark.parametrize(
        ("text", "columns"),
        [
            ("人权报告。", 8),
            ("他说：“好”。", 6),
            ("人（权）", 4),
            ("在BBC。", 6),
            ("据BBC，说", 6),
            ("a“人”", 4),
        ],
    )
    def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(
        self, text: str, columns: int
    ) -> None:
        for line in plain_text.wrap(text, columns=columns).split("\n"):
            assert line[0] not in "。，、：；！？）］｝」』】》〉”’"
            assert line[-1] not in "（［｛「『【《〈“‘"

    def test_spaces_are_neither_added_nor_removed(self) -> None:
        assert plain_text.wrap("人 权 ABC 报") == "人 权 ABC 报"
        assert plain_text.wrap("人权ABC报") == "人权ABC报"


class TestUnderlining:
    @pytest.mark.parametrize(
        ("text", "underlined"),
        [
            ("Title", "Title\n====="),
            ("新疆", "新疆\n===="),
            ("\u2068BBC\u2069", "\u2068BBC\u2069\n==="),
            ("", "\n"),
            ("a" * 80, "a" * 80 + "\n" + "=" * 72),
        ],
    )
    def test_the_underline_is_as_wide_as_the_title(
        self, text: str, underlined: str
    ) -> None:
        assert plain_text.underline(text, "=") == underlined

    @given(texts)
    def test_the_widest_line_of_a_long_title_counts(self, text: str) -> None:
        *lines, marks = plain_text.underline(text, "-").split("\n")
        assert len(marks) == min(72, max(width(line) for line in lines))
        assert not marks.strip("-")


class TestIsolates:
    def test_an_isolate_across_lines_is_closed_and_opened_again(self) -> None:
        """Programs that order right-to-left text take each line of plain text for a paragraph."""
        assert plain_text.wrap("\u2068aaa bbb ccc\u2069 ddd", columns=7) == (
            "\u2068aaa bbb\u2069\n\u2068ccc\u2069 ddd"
        )

    @given(st.lists(st.tuples(st.booleans(), texts), max_size=8))
    def test_every_line_closes_its_isolates(
        self, parts: list[tuple[bool, str]]
    ) -> None:
        text = " ".join(
            f"\u2068{part}\u2069" if isolated else part
            for isolated, part in parts
        )
        for line in plain_text.wrap(text, columns=20).split("\n"):
            marks = "".join(ISOLATES.findall(line))
            assert marks == "\u2068\u2069" * (len(marks) // 2)


@given(text=st.text("ab .,，关ا", min_size=1, max_size=300))
def test_unwrapping_gives_back_the_paragraph(text: str) -> None:
    """But for spaces at a line's end, of which wrapping keeps none."""
    paragraph = plain_text.wrap(" ".join(text.split()), columns=10_000)
    wrapped = plain_text.wrap(paragraph)
    assert plain_text.unwrap(wrapped) == paragraph.splitlines()
