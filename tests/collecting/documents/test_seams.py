"""Spaces that a page shows between two elements of a line, although its text has none."""

import pytest

from tests.collecting.documents.pages import lines_of


@pytest.mark.parametrize(
    "line",
    [
        '<span class="source">Harbour Post</span><time>8 October</time>',
        '<span class="source">Harbour Post</span><span class="date">8 October</span>',
        '<b>Harbour Post</b><i class="x"><span>8 October</span></i>',
    ],
)
def test_words_of_elements_that_look_different_are_apart(line: str) -> None:
    assert lines_of(line) == [("Harbour Post 8 October",)]


def test_a_capital_after_a_small_letter_begins_a_word() -> None:
    line = "<time>8 May</time><small>Harbour Post</small>"
    assert lines_of(line) == [("8 May Harbour Post",)]


@pytest.mark.parametrize(
    "line",
    [
        "<span>Har</span><b>bour</b>",
        '<span class="a">Harbour</span><span class="a">Post</span>',
        "<b>Harbour</b>Post",
        "Harbour<b>Post</b>",
        "<b>M</b><i>Post</i>",
    ],
    ids=["small letters", "same look", "no start", "no end", "one letter"],
)
def test_others_may_be_parts_of_a_word(line: str) -> None:
    (words,) = lines_of(line)[0]
    assert " " not in words
