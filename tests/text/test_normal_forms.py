"""Texts in Unicode's normal forms, however many marks are on a letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.normal_forms import MOST_MARKS, normalized

ABOVE, BELOW = "\u0301", "\u0316"


@given(st.text(st.sampled_from("aé\u0301\u0316\u0f71 _.«»가"), max_size=20))
def test_a_usual_text_is_what_unicode_defines(text: str) -> None:
    assert normalized("NFC", text) == unicodedata.normalize("NFC", text)
    assert normalized("NFKD", text) == unicodedata.normalize("NFKD", text)


def test_marks_beyond_the_most_are_dropped_before_they_are_sorted() -> None:
    hostile = "a" + (ABOVE + BELOW) * 200_000 + "b"
    composed = normalized("NFC", hostile)
    assert len(composed) <= MOST_MARKS + 2
    assert composed.endswith("b")


@pytest.mark.parametrize("text", ["." * 100, "« » " * 100, "…" * 40, "🙂" * 50])
def test_signs_in_a_row_that_are_not_marks_stay(text: str) -> None:
    assert normalized("NFC", text) == text


@given(st.text())
def test_it_stays_as_it_is_when_done_twice(text: str) -> None:
    once = normalized("NFC", text)
    assert normalized("NFC", once) == once
