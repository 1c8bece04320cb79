"""How lines belong together: wrapped prose, headlines, lists, separating lines."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief
from briefing.issue.model import Item
from tests.collecting.brief.pasting import (
    HEADLINE,
    SOURCE,
    TEXT,
    only_item,
    read,
)


def test_hard_wrapped_lines_are_rejoined_and_listed_ones_are_not() -> None:
    text = "The archive in Exampleton is open to all again, as it\nwas before the war.\n\n- one\n- two, which\nis long"
    expected = (
        "The archive in Exampleton is open to all again, as it was before the war.\n\n"
        "- one\n- two, which is long"
    )
    assert only_item(HEADLINE, text).item.text == expected


def test_a_headline_may_be_directly_above_its_text() -> None:
    assert only_item(f"{HEADLINE}\n{TEXT}").item == Item(
        heading=HEADLINE, text=TEXT
    )


def test_a_wrapped_headline_is_one() -> None:
    headline = "Court opens the archive in Exampleton to all who ask for it, and\npublishes the names"
    assert only_item(
        headline, "Example Post, 8 October 2020", TEXT
    ).item.heading == headline.replace("\n", " ")


@pytest.mark.parametrize("mark", ["1. ", "2) ", "• ", "- "])
def test_the_bullet_or_number_before_a_headline_is_removed(mark: str) -> None:
    assert (
        only_item(
            mark + HEADLINE, "Example Post, 8 October 2020", TEXT
        ).item.heading
        == HEADLINE
    )
    assert (
        only_item(
            "1. Mai: Mahnwache", "Example Post, 8 October 2020", TEXT
        ).item.heading
        == "1. Mai: Mahnwache"
    )


def test_a_byline_and_an_ellipsis_stay_in_the_text() -> None:
    text = "By Ada Example — The archive is open […]"
    assert (
        only_item(HEADLINE, "Example Post, 8 October 2020", text).item.text
        == text
    )


def test_short_lines_that_were_never_wrapped_stay_separate() -> None:
    item = only_item(
        "Talk about names\nThursday, 12 Nov, 6 pm\nHouse of the Book, Exampleton"
    ).item
    assert (item.heading, item.text) == (
        "Talk about names",
        "Thursday, 12 Nov, 6 pm\n\nHouse of the Book, Exampleton",
    )


# --- Lists


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (("- one", "* two", "• three"), "- one\n- two\n- three"),
        (("– eins", "▪ zwei"), "- eins\n- zwei"),
        (("1. one", "2. two"), "1. one\n2. two"),
        (("4) four", "5) five"), "4. four\n5. five"),
        (("1. one", "2. two", "5. five"), "1. one\n2. two\n\n5) five"),
        (("1. one", "- a", "- b", "2. two"), "1. one\n\n- a\n- b\n\n2. two"),
        (
            ("- # no heading", "- - no list", "- 1. none", "- *so*"),
            "- \\# no heading\n- \\- no list\n- 1\\. none\n- \\*so\\*",
        ),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_marked_lines_are_one_list(
    lines: tuple[str, ...], source: str, between: str
) -> None:
    assert (
        only_item(HEADLINE, SOURCE, "It says:", between.join(lines)).item.text
        == f"It says:\n\n{source}"
    )


def test_a_listed_line_that_looks_like_a_source_line_stays_in_its_list() -> (
    None
):
    text = "- Agency, 8 October 2020\n- 9 October 2020\n- Photo: Example"
    assert only_item(HEADLINE, SOURCE, text).item.text == text


def test_wrapped_list_items_are_rejoined_and_the_text_below_the_list_is_not() -> (
    None
):
    text = "It says:\n- a point that is long enough to be wrapped by the program, and\n  Goes on\n- two\nThis is text."
    expected = (
        "It says:\n\n- a point that is long enough to be wrapped by the program, "
        "and Goes on\n- two\n\nThis is text."
    )
    assert only_item(HEADLINE, SOURCE, text).item.text == expected


def test_a_dash_moved_to_the_start_of_a_line_by_wrapping_does_not_begin_a_list() -> (
    None
):
    text = "The archive is open to all who ask\n– and many do – since it was shut for so long."
    assert only_item(HEADLINE, SOURCE, text).item.text == text.replace(
        "\n", " "
    )


def test_a_list_item_is_not_a_headline() -> None:
    item = only_item(SOURCE, "- one\n- two", TEXT).item
    assert (item.heading, item.text) == ("", f"- one\n- two\n\n{TEXT}")


def test_the_link_of_an_entire_list_line_is_kept() -> None:
    address = "https://example.org/a"
    blocks = [Paragraph((HEADLINE,)), Paragraph((SOURCE,)), Paragraph((TEXT,))]
    lines = Paragraph(
        ("- one", "- two"), (("- one", address), ("two", address))
    )
    (parsed,) = read_brief([*blocks, lines]).items
    assert (
        parsed.item.text == f"{TEXT}\n\n- [one]({address})\n- [two]({address})"
    )


MARKS = st.sampled_from(["- ", "* ", "• ", "– ", "1. ", "2) ", "17. ", ""])
WORDS = (
    st.text(alphabet="ab1 \\`*_[](){}<>#+-.!=~&;:|'/é", min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
MARKDOWN = MarkdownIt("commonmark", {"html": False})


@given(st.lists(st.tuples(MARKS, WORDS), min_size=1, max_size=6))
def test_only_marked_lines_become_lists_and_keep_their_words(
    lines: list[tuple[str, str]],
) -> None:
    parsed = only_item(
        HEADLINE, SOURCE, TEXT, *(f"{mark}x{words}y" for mark, words in lines)
    )
    seen: list[tuple[bool, str]] = []
    in_item = False
    for token in MARKDOWN.parse(parsed.item.text)[3:]:
        assert token.level <= 4, "nothing is nested"
        assert token.type.removesuffix("_open").removesuffix("_close") in LISTED
        if token.type in {"list_item_open", "list_item_close"}:
            in_item = token.type.endswith("open")
        if token.type == "inline":
            assert {child.type for child in token.children or []} <= {
                "text",
                "text_special",
            }
            seen.append(
                (
                    in_item,
                    "".join(child.content for child in token.children or []),
                )
            )
    assert seen == [
        (bool(mark), " ".join(f"x{words}y".split())) for mark, words in lines
    ]


LISTED = {"bullet_list", "ordered_list", "list_item", "paragraph", "inline"}


# --- Lines that only separate


@pytest.mark.parametrize(
    "line",
    [
        "* * *",
        "***",
        "---",
        "___",
        "====",
        "~~~~",
        "• • •",
        "– – –",
        "-=-=-",
        "###",
        "--",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_separating_line_ends_an_item_and_is_dropped(
    line: str, between: str
) -> None:
    text = between.join(
        [
            HEADLINE,
            SOURCE,
            TEXT,
            line,
            "Next headline",
            "It has a sentence. It has two.",
        ]
    )
    first, second = read(text)
    assert first.item.text == TEXT
    assert (second.item.heading, second.item.text) == (
        "Next headline",
        "It has a sentence. It has two.",
    )


def test_a_separating_line_around_or_below_a_headline_ends_nothing() -> None:
    for text in (
        f"{HEADLINE}\n-----\n{SOURCE}\n\n{TEXT}",
        f"=====\nWEEKLY BRIEF\n=====\n\n{HEADLINE}\n{'=' * len(HEADLINE)}\n\n{SOURCE}\n\n{TEXT}",
        f"{HEADLINE}\n{SOURCE}\n\n***\n\n{TEXT}",
    ):
        assert only_item(text).item == Item(
            heading=HEADLINE,
            source="Example Post",
            date=dt.date(2020, 10, 8),
            text=TEXT,
        )


@pytest.mark.parametrize("line", ["---", "===", "~~~"])
def test_three_marks_underline_a_headline(line: str) -> None:
    item = only_item(f"{HEADLINE}\n{line}\n{TEXT}").item
    assert (item.heading, item.text) == (HEADLINE, TEXT)


@pytest.mark.parametrize("line", ["--", "-=-", "***"])
def test_other_marks_below_a_headline_end_it(line: str) -> None:
    parsed = read(f"{TEXT}\n\n{HEADLINE}\n{line}\n{TEXT}")
    assert [item.item.text for item in parsed] != [TEXT, TEXT]
    assert HEADLINE not in [item.item.heading for item in parsed]


@pytest.mark.parametrize(("length", "underlines"), [(12, True), (11, False)])
def test_an_underline_is_at_least_half_as_long_as_its_headline(
    length: int, underlines: bool
) -> None:
    assert len(HEADLINE) == 23
    parsed = read(
        f"{SOURCE}\n{TEXT}\n\n* * *\n\n{TEXT}\n{HEADLINE}\n{'-' * length}\n{TEXT}"
    )
    assert parsed[-1].item.heading.endswith(HEADLINE) is underlines


# --- Without blank lines


def test_source_lines_separate_items_without_blank_lines() -> None:
    first, second, third = read(
        f"{HEADLINE}\nExample Post | 8 October 2020 | By Ada Example\n{TEXT}\nIts readers are glad\n"
        "Harbour union wins back its hall\nExample Radio | 9 October 2020\nThe union says:\n- we are glad\n- we go in\n"
        "Two papers close\n10.10.2020 - Example Herald\nBoth had reported on the police."
    )
    assert [
        (parsed.item.heading, parsed.item.source)
        for parsed in (first, second, third)
    ] == [
        (HEADLINE, "Example Post"),
        ("Harbour union wins back its hall", "Example Radio"),
        ("Two papers close", "Example Herald"),
    ]
    assert first.item.text == f"By Ada Example\n\n{TEXT} Its readers are glad"
    assert second.item.text == "The union says:\n\n- we are glad\n- we go in"
