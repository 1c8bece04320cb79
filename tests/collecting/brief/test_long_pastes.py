"""Reading a brief takes time in proportion to its length, whatever is parsed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.collecting.brief.pasting import HEADLINE, SOURCE, TEXT, read

ROOT = Path(__file__).parents[3]
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
    "The union, says Harbour Post, has asked for boxes; on 4 March it got a letter. Nobody – so far – has it.\n\n",
]
FORWARDED = "Forwarded message --: again\n"
"""It announces a forwarded email, and is a header of the one that the line above announces."""
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


def assert_in_proportion(lines: list[str], above: str = "") -> None:
    """A hundred of each line, with the same words above, take hardly more than twice the calls that fifty take."""
    counted = subprocess.run(
        [sys.executable, "-m", "tests.collecting.brief.counting"],
        input=json.dumps([above, lines]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    for line, (once, twice) in zip(
        lines, json.loads(counted.stdout), strict=True
    ):
        assert once > 0
        assert twice < 2.1 * once, line


def test_twice_as_many_lines_are_twice_as_much_work() -> None:
    assert_in_proportion([LINES[1], FORWARDED])


@pytest.mark.long
def test_twice_as_many_of_the_other_lines_are_twice_as_much_work() -> None:
    assert_in_proportion([*LINES[:1], *LINES[2:]])


@pytest.mark.long
def test_twice_as_many_paragraphs_below_a_headline_are_twice_as_much_work() -> (
    None
):
    assert_in_proportion([f"{TEXT}\n\n" * 4], f"{HEADLINE}\n{SOURCE}\n\n")


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
