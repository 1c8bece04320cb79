"""Words that mix scripts: those of look-alikes, and those that languages really write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.scripts import mixes_scripts, scripts_of


@pytest.mark.parametrize(
    ("word", "scripts"),
    [
        ("court", {"LATIN"}),
        ("суд", {"CYRILLIC"}),
        ("سوت", {"ARABIC"}),
        ("法院", {"CJK"}),
        ("日本語ビール", {"CJK", "KATAKANA"}),
        ("hаrbour", {"LATIN", "CYRILLIC"}),
        ("123-·", set()),
        ("", set()),
    ],
)
def test_the_scripts_of_a_word_are_those_of_its_letters(
    word: str, scripts: set[str]
) -> None:
    assert scripts_of(word) == scripts


@pytest.mark.parametrize(
    "word", ["hаrbour", "βeta", "вoice", "한국すし", "ოrg"]
)
def test_scripts_that_are_never_written_together_are_mixed(word: str) -> None:
    assert mixes_scripts(word)


@pytest.mark.parametrize(
    "word",
    [
        "court",
        "日本語ビール",
        "東京tower",
        "ㄅ法a",
        "한국news",
        "ئۇيغۇر",
        "a1-b2",
        "",
    ],
)
def test_scripts_that_a_language_combines_in_a_word_are_not_mixed(
    word: str,
) -> None:
    assert not mixes_scripts(word)


@given(st.text())
def test_any_text_has_an_answer(word: str) -> None:
    assert mixes_scripts(word) in {True, False}
