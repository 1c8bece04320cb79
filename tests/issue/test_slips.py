"""Lines that were meant as headings or header lines, and text that only looks a little like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.header_lines import ITEM_HEADERS
from briefing.issue.headings import heading_slip, split_heading
from briefing.issue.slips import header_line_slips

words = st.text(
    st.characters(categories=["L", "N", "P", "Zs"]), min_size=1
).filter(lambda text: any(map(str.isalnum, text)) and text[0].isalpha())
blanks = st.text("\t \u00a0\u3000\u200b\ufeff", max_size=4)
names = st.sampled_from(ITEM_HEADERS)


@given(blanks, st.integers(2, 7), blanks, words)
def test_several_marks_before_words_are_a_heading_or_a_slip(
    before: str, level: int, gap: str, title: str
) -> None:
    line = f"{before}{'#' * level}{gap}{title}"
    assert bool(split_heading(line)) != bool(heading_slip(line))


@given(blanks, st.integers(1, 7), blanks, words)
def test_a_backslash_before_the_marks_keeps_them_as_text(
    before: str, level: int, gap: str, title: str
) -> None:
    assert heading_slip(rf"{before}\{'#' * level}{gap}{title}") == ""


@given(words, words)
def test_a_hashtag_is_never_a_slip(tag: str, others: str) -> None:
    assert heading_slip(f"#{tag} #{others}") == ""


@given(
    st.lists(names, min_size=1, max_size=4), words, st.text("abc .", max_size=9)
)
def test_header_lines_at_the_start_of_a_text_are_one_slip(
    found: list[str], value: str, text: str
) -> None:
    lines = [f"{name}: {value}" for name in found] + ["", text]
    (slip,) = header_line_slips(list(enumerate(lines, 9)), ITEM_HEADERS, ())
    assert slip.line == 9


@given(st.lists(names, min_size=1, max_size=4), words)
def test_a_backslash_before_the_colon_keeps_a_line_as_text(
    found: list[str], value: str
) -> None:
    lines = [rf"{name}\: {value}" for name in found]
    assert not [*header_line_slips(list(enumerate(lines, 1)), ITEM_HEADERS, ())]


@pytest.mark.parametrize(
    ("line", "slip"),
    [
        (
            f"\t### {'x' * 24}",
            "there is a space or tab before ###; "
            f"write '### {'x' * 24}' at the start of the line; if it is text, put a backslash before ###",
        ),
        (
            f"###{'y' * 25}",
            f"there is no space after ###; write '### {'y' * 23}…' at the start of the line; "
            "if it is text, put a backslash before ###",
        ),
        (
            "#### Title",
            "#### has more than three #; write '### Title' at the start of the line; "
            "if it is text, put a backslash before ####",
        ),
        (
            "＃＃＃ Title",
            "'＃＃＃' aren't ordinary # marks; write '### Title' at the start of the line",
        ),
        (
            " # Title",
            "there is a space or tab before #; write '### Title' at the start of the line; "
            "if it is text, put a backslash before #",
        ),
        (
            "**### Title**",
            "there is '**' before ###; write '### Title' at the start of the line; "
            "if it is text, put a backslash before ###",
        ),
        (
            "###Title*",
            "there is no space after ###; write '### Title*' at the start of the line; "
            "if it is text, put a backslash before ###",
        ),
    ],
)
def test_a_slip_says_what_is_wrong_and_what_to_write(
    line: str, slip: str
) -> None:
    assert (
        heading_slip(line) == f"readers would see this heading as text: {slip}"
    )


@pytest.mark.parametrize(
    "line", ["# Title", "#Title", "**# Title**", "(# Title)"]
)
def test_a_single_mark_among_words_is_text(line: str) -> None:
    assert heading_slip(line) == ""


@pytest.mark.parametrize(
    ("name", "is_slip"),
    [("source", True), ("sorce", True), ("sorc", True), ("kinn", False)],
)
def test_a_name_that_is_nearly_a_header_line_s_is_a_slip(
    name: str, is_slip: bool
) -> None:
    """Four fifths of the letters must agree."""
    line = 4, f"{name}: Harbour Post"
    assert bool([*header_line_slips([line], ITEM_HEADERS, ())]) == is_slip
