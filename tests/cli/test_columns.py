"""Texts are fitted into columns by the width that a terminal gives their characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.cli.output import cut, fit
from briefing.text.width import width


@given(st.text(), st.integers(1, 100))
def test_a_cell_has_exactly_its_width(text: str, columns: int) -> None:
    assert width(fit(text, columns)) == columns


@given(st.text(), st.integers(1, 100))
def test_only_what_is_too_wide_is_cut(text: str, columns: int) -> None:
    fitted = cut(text, columns)
    assert width(fitted) <= columns
    assert (fitted == text) == (width(text) <= columns) or fitted.endswith("…")


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("A ruling", 8, "A ruling"),
        ("A ruling on old maps", 13, "A ruling on…"),
        ("A ruling on old maps", 12, "A ruling on…"),
        ("A Donaudampfschiff", 12, "A Donaudamp…"),
        ("第二法院认定", 8, "第二法…"),
        ("第二法院认定", 9, "第二法院…"),
        ("دەريا گېزىتى", 10, "دەريا گېز…"),
    ],
)
def test_it_is_cut_between_words_if_that_loses_little(
    text: str, columns: int, expected: str
) -> None:
    assert cut(text, columns) == expected


def test_words_from_right_to_left_keep_their_column() -> None:
    assert fit("دەريا", 7) == "\u200eدەريا\u200e  "
    assert fit("old maps", 10) == "old maps  "
