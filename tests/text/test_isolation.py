"""What is isolated within right-to-left text: whole runs, with their brackets and signs, without the
sentence's punctuation.
"""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.isolation import ISOLATE, POP, isolated
from briefing.text.paired_marks import paired

UNQUOTED = "abzÄş019 ئۇيغۇر،؟()[].,:;-+@#/%€$§№°\n\u00a0"
MIXED = st.text(st.sampled_from(UNQUOTED + "«»“”‘’„"), max_size=60)


def marked(text: str) -> str:
    """Isolate a text, with marks that can be seen."""
    return isolated(text).replace(ISOLATE, "<").replace(POP, ">")


class TestRuns:
    @pytest.mark.parametrize(
        "marks",
        [
            "مەنبە: <Harbour Post>.",
            "جەمئىي <340> كىشى",
            "<2026>-يىلى <19>-نويابىر",
            "<BBC>، <DW>، <AFP>",
            "پۈتۈنلەي ئۇيغۇرچە",
            "خەۋەر <新疆> بار",
            "",
            " - ",
        ],
    )
    def test_a_name_or_number_is_a_run(self, marks: str) -> None:
        assert marked(re.sub("[<>]", "", marks)) == marks

    @pytest.mark.parametrize(
        "marks",
        [
            "تېلېفون: <+1 555 0142 (WhatsApp)>.",
            "قارار <(ref. 2026/114-B)> چىقتى",
            "ئۇ <Radio “Free Asia” News> غا",
            "ئۇ <“Free Asia” News> غا",
            "نومۇر <(030) 5550 0142> غا",
            "«<BBC> خەۋەر»",
            "<BBC> (خەۋەر) <News>",
            "«خەۋەر، <Harbour Post>» دېدى",
            "<«We bake at night.»> دېدى",
            "<O’Neill> ۋە <‘Hello’> دېدى",
        ],
    )
    def test_it_never_ends_inside_a_bracket_or_a_quotation(
        self, marks: str
    ) -> None:
        assert marked(re.sub("[<>]", "", marks)) == marks

    @pytest.mark.parametrize(
        "marks",
        [
            "<€1,190.50> ۋە <1.190,50 €>",
            "<$5> ۋە <£ 5> ۋە <5 $>",
            "<50%> ى، <%50> ى، <50 %> ى",
            "<§ 12> ۋە <№ 5>",
            "<-5 °C> ۋە <±3> ۋە <25°> بولدى",
            "<@desk> ۋە <#hope> بار",
            "<C++> ۋە <18+> لىق",
            "<U.S.> دا",
            "<https://www.example.org/> دا",
        ],
    )
    def test_signs_belong_to_it(self, marks: str) -> None:
        assert marked(re.sub("[<>]", "", marks)) == marks

    def test_a_bracket_belongs_to_the_words_before_it(self) -> None:
        assert marked("ئون كىشى (340) BBC دا") == "ئون كىشى <(340)> <BBC> دا"

    def test_a_hyphen_after_a_letter_divides(self) -> None:
        assert marked("ئا-5 ۋە") == "ئا-<5> ۋە"

    def test_a_foreign_text_is_one_run_with_its_full_stop(self) -> None:
        assert marked("Who pays?\nWe do.") == "<Who pays?>\n<We do.>"


class TestProperties:
    @given(MIXED)
    def test_isolating_twice_changes_nothing(self, text: str) -> None:
        assert isolated(isolated(text)) == isolated(text)

    @given(MIXED)
    def test_only_marks_are_added_and_they_are_balanced(
        self, text: str
    ) -> None:
        result = isolated(text)
        marks = "".join(re.findall(f"[{ISOLATE}{POP}]", result))
        assert marks == f"{ISOLATE}{POP}" * (len(marks) // 2)
        assert re.sub(f"[{ISOLATE}{POP}]", "", result) == text

    @given(MIXED)
    def test_every_left_to_right_letter_and_digit_is_in_a_run(
        self, text: str
    ) -> None:
        rest = re.sub(f"{ISOLATE}[^{POP}]*{POP}", "", isolated(text))
        for character in rest:
            assert unicodedata.bidirectional(character) not in {"L", "EN"}

    @given(st.text(st.sampled_from(UNQUOTED), max_size=60))
    def test_brackets_outside_runs_pair_up_as_before(self, text: str) -> None:
        """No pair has one mark inside a run and the other outside. Quotation marks that cross each
        other have no right order, so this is about brackets alone.
        """
        result = isolated(text)
        depth = 0
        inside = []
        for character in result:
            depth += (character == ISOLATE) - (character == POP)
            if character not in {ISOLATE, POP}:
                inside.append(depth)
        if re.search("[\u0600-\u06ff]", text):
            for line, offset in _lines(text):
                for opening, closing in paired(line).closed.items():
                    whole = inside[offset + opening : offset + closing + 1]
                    assert whole[0] == whole[-1]


def _lines(text: str) -> list[tuple[str, int]]:
    found = []
    offset = 0
    for line in text.split("\n"):
        found.append((line, offset))
        offset += len(line) + 1
    return found
