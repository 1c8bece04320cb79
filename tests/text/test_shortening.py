"""What is cut off leaves an ellipsis, within the length that was asked for."""

import pytest

from briefing.text.shortening import shorten, shorten_between_words


@pytest.mark.parametrize(
    ("text", "shortened"),
    [("12345", "12345"), ("123456", "1234…"), ("123 56", "123…")],
)
def test_anywhere(text: str, shortened: str) -> None:
    assert shorten(text, 5) == shortened


@pytest.mark.parametrize(
    ("text", "shortest", "shortened"),
    [
        ("one two", 0, "one two"),
        ("one two three", 0, "one two…"),
        ("one two, three", 0, "one two…"),
        ("onetwothreefour", 0, "onetwothr…"),
        # A space near the beginning, in a script that hardly has any.
        ("一 二三四五六七八九十", 5, "一 二三四五六七八…"),
    ],
)
def test_between_words(text: str, shortest: int, shortened: str) -> None:
    assert shorten_between_words(text, 10, shortest=shortest) == shortened
