"""Bold and italic words as Markdown: what is shown is the same text, emphasised in the same places."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefing.collecting.text.emphasis import (
    Emphasis,
    join_pieces,
    shifted,
)
from briefing.collecting.text.literal import Link, markdown

MARKDOWN = MarkdownIt("commonmark", {"html": False})
LINK = ("ruling", "https://example.org/ruling")


class Run(NamedTuple):
    """A piece of text, and how it is shown."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


def source_of(*runs: Run, links: list[Link] | None = None) -> str:
    text, places = join_pieces(run.text for run in runs)
    emphases = [
        Emphasis(start, end, run.is_bold, run.is_italic)
        for run, start, end in zip(runs, places, places[1:], strict=False)
        if run.is_bold or run.is_italic
    ]
    return markdown(text, links or [], emphases=emphases)


def bold(text: str) -> Run:
    return Run(text, is_bold=True)


def italic(text: str) -> Run:
    return Run(text, is_italic=True)


def both(text: str) -> Run:
    return Run(text, is_bold=True, is_italic=True)


@pytest.mark.parametrize(
    ("runs", "source"),
    [
        ([Run("The "), bold("court"), Run(" ruled")], "The **court** ruled"),
        ([Run("The "), italic("Post"), Run(".")], "The *Post*."),
        ([both("Both"), Run(" ways")], "***Both*** ways"),
        ([bold("The "), both("Post"), bold(" said")], "**The *Post* said**"),
        ([italic("a "), both("b"), italic(" c")], "*a **b** c*"),
        # Word divides what belongs together.
        ([bold("The"), bold(" "), bold("court")], "**The court**"),
        ([bold("The"), Run(" "), bold("court")], "**The court**"),
        ([bold(" The court "), Run("ruled")], "**The court** ruled"),
        ([Run("un"), italic("do"), Run("ne")], "un*do*ne"),
        # Marks wouldn't work beside these quotation marks and full stops.
        ([bold("“So”"), Run("she said")], "**“So**”she said"),
        ([bold("法院裁决。"), Run("此后")], "**法院裁决**。此后"),
        ([Run("5"), bold("!"), Run("x")], "5!x"),
        ([bold("2 * 3"), Run(" * 4")], r"**2 \* 3** \* 4"),
        ([bold("# so")], "**# so**"),
        # They cross.
        (
            [bold("one "), both("two"), italic(" three")],
            "**one *two*** *three*",
        ),
    ],
)
def test_words_are_marked_where_markdown_can(
    runs: list[Run], source: str
) -> None:
    assert source_of(*runs) == source


@pytest.mark.parametrize(
    ("runs", "source"),
    [
        (
            [Run("The "), bold("ruling")],
            "The **[ruling](https://example.org/ruling)**",
        ),
        (
            [bold("The ruling"), Run(" today")],
            "**The [ruling](https://example.org/ruling)** today",
        ),
        (
            [Run("x"), bold("ruling"), Run("y")],
            "x[ruling](https://example.org/ruling)y",
        ),
    ],
)
def test_links_are_inside_of_what_is_emphasised(
    runs: list[Run], source: str
) -> None:
    assert source_of(*runs, links=[LINK]) == source


@pytest.mark.parametrize(
    ("runs", "source"),
    [
        (
            [Run("See the "), bold("new"), Run(" ruling.")],
            "See [the **new** ruling](https://example.org/ruling).",
        ),
        (
            [Run("See "), italic("the new"), bold(" ruling.")],
            "See [*the new* **ruling**](https://example.org/ruling).",
        ),
        (
            [bold("See the "), both("new"), bold(" ruling"), Run(".")],
            "**See [the *new* ruling](https://example.org/ruling)**.",
        ),
        # It begins or ends within the link.
        (
            [bold("See the new"), Run(" ruling.")],
            "**See** [**the new** ruling](https://example.org/ruling).",
        ),
        (
            [Run("See the new r"), bold("uling.")],
            "See [the new r**uling**](https://example.org/ruling).",
        ),
    ],
)
def test_words_of_a_link_are_marked_inside_of_it(
    runs: list[Run], source: str
) -> None:
    link = ("the new ruling", "https://example.org/ruling")
    assert source_of(*runs, links=[link]) == source


def test_what_is_emphasised_moves_with_its_words() -> None:
    found = [Emphasis(0, 3, is_bold=True), Emphasis(4, 9, is_italic=True)]
    assert shifted(found, -4, 4) == (Emphasis(0, 4, is_italic=True),)


RUNS = st.lists(
    st.builds(
        Run,
        st.text("ab 1*_`[]()\\!<&;.“”。é€+\u00a0", min_size=1, max_size=4),
        st.booleans(),
        st.booleans(),
    ),
    max_size=7,
)


@given(RUNS, st.integers(0, 9), st.integers(1, 9))
def test_the_text_stays_the_same_and_nothing_else_is_emphasised(
    runs: list[Run], first: int, length: int
) -> None:
    text, places = join_pieces(run.text for run in runs)
    words = text[first : first + length].strip()
    links = [(words, LINK[1])] if words else []
    shown = list(_shown(MARKDOWN.parse(source_of(*runs, links=links))))
    assert "".join(character for character, _, _ in shown) == text
    wanted: list[tuple[bool, bool]] = [(False, False)] * len(text)
    for run, start, end in zip(runs, places, places[1:], strict=False):
        for place in range(start, min(end, len(text))):
            wanted[place] = (run.is_bold, run.is_italic)
    for (character, is_bold, is_italic), (may_be_bold, may_be_italic) in zip(
        shown, wanted, strict=True
    ):
        if not character.isspace():
            assert is_bold <= may_be_bold
            assert is_italic <= may_be_italic


def _shown(tokens: list[Token]) -> Iterator[tuple[str, bool, bool]]:
    """Yield each character, and whether it is bold and italic."""
    is_bold = is_italic = 0
    for token in tokens:
        yield from _shown(token.children or [])
        if token.type.startswith("strong_"):
            is_bold += token.nesting
        elif token.type.startswith("em_"):
            is_italic += token.nesting
        elif token.type in {"text", "text_special"}:
            for character in token.content:
                yield character, is_bold > 0, is_italic > 0
