"""Reading a brief takes time in proportion to its length, whatever is parsed."""

import sys
from collections.abc import Callable

import pytest

from tests.collecting.brief.pasting import HEADLINE, SOURCE, TEXT, read

SEPARATOR = "-----\n"
LINES = [
    "The quick brown fox jumps over the\n",
    f"{HEADLINE}\n{SOURCE}\n{TEXT}\nRead more →\n",
    f"{HEADLINE}\n{SOURCE}\n{TEXT}\n",
    "- an item of a list\n",
    "1. an item of a list\n\n",
    "- an item\nand its end\n",
    "Best regards,\n",
    "Unsubscribe\n",
    "1 Example Street | 10999 Exampleton\n",
    "Hillside Watch\n",
    "Hillside Watch\n\n",
    "8 October 2020\n",
    "Press release\n",
    "Contact: Hillside Watch\n+44 20 0000 0000\n",
    "Dear friends,\n\n",
    SEPARATOR,
]
# A form that tries each of these again and again would never finish.
WITHOUT_LINE_ENDS = [
    "[email ",
    "(",
    "*",
    "*a ",
    "_a_ ",
    "@",
    "8 October 20 ",
    "Read more. ",
    "https://example.org/(",
    "© all rights ",
]


def count_calls(function: Callable[[], object]) -> int:
    """How many functions a call calls, in Python and in C: work that doesn't depend on how fast the
    machine is.
    """
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    profile = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(profile)
    return calls


@pytest.mark.parametrize("line", LINES)
def test_twice_as_many_lines_are_twice_as_much_work(line: str) -> None:
    read(line * 50)  # word lists are read and forms compiled once
    once = count_calls(lambda: read(line * 100))
    twice = count_calls(lambda: read(line * 200))
    assert twice < 2.2 * once


@pytest.mark.parametrize("words", WITHOUT_LINE_ENDS)
def test_a_long_line_is_read(words: str) -> None:
    assert read(words * (20_000 // len(words)))


@pytest.mark.long
@pytest.mark.parametrize("line", LINES)
def test_a_brief_of_a_hundred_thousand_lines_is_read(line: str) -> None:
    items = read(line * (100_000 // line.count("\n")))
    assert bool(items) is (line != SEPARATOR)


@pytest.mark.long
@pytest.mark.parametrize("words", WITHOUT_LINE_ENDS)
def test_a_line_of_a_million_characters_is_read(words: str) -> None:
    assert read(words * (1_000_000 // len(words)))


@pytest.mark.long
def test_a_long_address_is_read() -> None:
    assert read("https://example.org/" + "(" * 9 + ")" * 1_000_000)
