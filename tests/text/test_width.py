"""How many columns a text takes."""

import pytest

from briefing.text.width import width


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("新疆", 4),
        ("ＡＢ", 4),
        ("e\u0301", 1),
        ("خەۋەر", 5),
        ("a\u200db\u200f\u2068\u2069", 2),
        ("བོད", 2),
        ("", 0),
    ],
)
def test_ideographs_take_two_columns_and_combining_marks_none(
    text: str, columns: int
) -> None:
    assert width(text) == columns
