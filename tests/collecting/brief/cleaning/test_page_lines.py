"""What copying leaves in a text is left out: the edges of pages, and what stands for pictures."""

from briefing.collecting.brief.cleaning.page_lines import without_page_lines
from briefing.collecting.brief.cleaning.pasted_lines import lines_of
from briefing.collecting.brief.paragraphs import split_paragraphs


def read(text: str) -> tuple[list[str], list[str]]:
    """The lines that stay, and those that are left out."""
    left_out: list[str] = []
    lines = list(lines_of(split_paragraphs(text)))
    return [line.text for line in without_page_lines(lines, left_out)], left_out


def test_all_are_quoted_once_and_in_their_order() -> None:
    left_out = ["Tidal | 1", "[image: Bell - 1]", "Tidal | 2", "<image002.png>"]
    text = "\n\n".join(["Ferry returns", *left_out, "[image: Bell - 2]"])
    assert read(text) == (["Ferry returns"], [*left_out, "[image: Bell - 2]"])


def test_numbers_that_do_not_rise_by_one_are_not_those_of_pages() -> None:
    lines = ["Tidal | 1", "Ferry returns", "Tidal | 3"]
    assert read("\n\n".join(lines)) == (lines, [])
