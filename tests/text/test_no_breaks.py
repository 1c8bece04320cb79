"""What stays together on a line. `_`, `=` and `|` stand for a space and a hyphen that don't break,
and for the joiner of Chinese characters.
"""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.no_breaks import (
    JOINER,
    NO_BREAK_HYPHEN,
    NO_BREAK_SPACE,
    heading_kept_together,
    kept_together,
    word_kept_together,
)

LOCALES = {
    "en": Locale("en", "GB"),
    "de": Locale("de"),
    "tr": Locale("tr"),
    "ug": Locale("ug"),
    "zh": Locale("zh", "CN", script="Hans"),
}
SHOWN = str.maketrans({NO_BREAK_SPACE: "_", NO_BREAK_HYPHEN: "=", JOINER: "|"})
PLAIN = str.maketrans({NO_BREAK_SPACE: " ", NO_BREAK_HYPHEN: "-", JOINER: ""})


def shown(lang: str, text: str) -> str:
    return kept_together(text, LOCALES[lang]).translate(SHOWN)


def shown_heading(lang: str, text: str) -> str:
    return heading_kept_together(text, LOCALES[lang]).translate(SHOWN)


@pytest.mark.parametrize(
    ("lang", "result"),
    [
        ("en", "on 19_November_2026 and 3_May"),
        ("en", "on November_19,_2026 and May_3"),
        ("de", "am 19._November_2026 und 3._Okt._2026"),
        ("tr", "19_Kasım_2026'da"),
        ("ug", "2026=يىلى_19=نويابىردا"),
        ("ug", "19=نويابىر، 3=قېتىم"),
        ("zh", "于2026|年|11|月|19|日举行"),
        ("zh", "于2026_年_11_月_19_日举行"),
    ],
)
def test_a_date_stays_together(lang: str, result: str) -> None:
    plain = result.replace("_", " ").replace("=", "-").replace("|", "")
    assert shown(lang, plain) == result


@pytest.mark.parametrize(
    "result",
    [
        "+49_30_5550_0142,",
        "+1_(555)_010-0142",
        "(030)_5550_0142.",
        "0171_5550_0142",
        "+90_212_555_01_42",
    ],
)
def test_a_telephone_number_stays_together(result: str) -> None:
    assert shown("en", f"Call {result.replace('_', ' ')}") == f"Call {result}"


@pytest.mark.parametrize(
    ("lang", "result"),
    [
        ("en", "5_km, 3.5_million, 9_a.m., $5_million, 20_%"),
        ("en", "§_12, p._7, No._5, 1_000_000"),
        ("de", "14_Uhr, z._B. 1,5_Mio. Euro, Art._5"),
        ("tr", "5_milyon, Madde_12"),
        ("ug", "5_مىليون"),
        ("zh", "340|人、5|万元"),
    ],
)
def test_a_number_stays_with_its_unit(lang: str, result: str) -> None:
    plain = result.replace("_", " ").replace("|", "")
    assert shown(lang, plain) == result


@pytest.mark.parametrize(
    "text",
    [
        "340 people in 2026",
        "see https://example.org/2026/19-November?a=5 km",
        "3 may be enough",
        "chapters 1, 2 and 3",
    ],
)
def test_all_else_may_break(text: str) -> None:
    assert shown("en", text) == text


def test_no_line_breaks_within_a_chinese_word() -> None:
    assert word_kept_together("德语").translate(SHOWN) == "德|语"
    assert word_kept_together("German") == "German"


class TestHeadings:
    @pytest.mark.parametrize(
        ("lang", "result"),
        [
            ("en", "Forty bakers kept their ovens_lit"),
            ("de", "Was in der Stadt noch_gilt"),
            ("ug", "ناۋايلار تونۇرنى نېمە ئۈچۈن_ياقتى"),
            ("zh", "他们为什么在雨中等待了三天|吗？"),
        ],
    )
    def test_a_short_last_word_is_not_alone(
        self, lang: str, result: str
    ) -> None:
        plain = result.replace("_", " ").replace("|", "")
        assert shown_heading(lang, plain) == result

    @pytest.mark.parametrize(
        "heading",
        ["Two words", "A short one", "The mayor of Springfield congratulates"],
    )
    def test_a_short_heading_and_long_last_words_may_break(
        self, heading: str
    ) -> None:
        assert shown_heading("en", heading) == heading

    def test_a_long_date_may_break_before_its_last_word(self) -> None:
        """A line of a narrow phone has about sixteen large letters."""
        assert (
            shown_heading("de", "Wochenbrief, 24. September 2026")
            == "Wochenbrief, 24._September 2026"
        )
        assert (
            shown_heading("en", "Weekly Brief, 9 May 2026")
            == "Weekly Brief, 9_May_2026"
        )
        assert (
            shown_heading("ug", "Brief، 2026-يىلى 19-نويابىر")
            == "Brief، 2026=يىلى 19=نويابىر"
        )


@given(
    st.lists(
        st.sampled_from(
            [
                "19",
                "November",
                "2026",
                "年",
                "11月",
                "+49",
                "5550",
                "km",
                "يىلى",
                "-",
                " ",
                ".",
                "a",
            ]
        ),
        max_size=20,
    ).map("".join),
    st.sampled_from(sorted(LOCALES)),
)
def test_only_spaces_and_hyphens_change(text: str, lang: str) -> None:
    for function in (kept_together, heading_kept_together):
        result = function(text, LOCALES[lang])
        assert result.translate(PLAIN) == text
        assert function(result, LOCALES[lang]).translate(PLAIN) == text
