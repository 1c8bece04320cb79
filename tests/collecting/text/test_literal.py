"""Plain text as Markdown source that reads exactly like the text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.collecting.text.literal import bare_links, markdown


def escape(text: str) -> str:
    """Return lines of plain text as Markdown source, each a paragraph."""
    return "\n\n".join(
        markdown(line.strip())
        for line in re.split(r"\r\n?|\n", text.replace("\0", ""))
    )


MARKDOWN = MarkdownIt("commonmark", {"html": False})
ACTIVE = st.text(alphabet="ab1 \n\t\\`*_[](){}<>#+-.!=~&;:|\"'/éØ\u00a0😀")


@pytest.mark.parametrize(
    "text",
    [
        "1,000 people (x) said “no”",
        "snake-case and snake_case",
        "5 * 3 < 20",
        "AT&T",
        "[…]",
        "it's 3.5 %",
        "a - b + c = d",
        "5*3 [sic] #1!",
        "snake__case, a _ b and a * b *",
        "_one and one*",
    ],
)
def test_ordinary_prose_gets_no_backslashes(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("*so*", r"\*so\*"),
        ("# so", r"\# so"),
        ("### so", r"\### so"),
        ("1. so", r"1\. so"),
        ("- so", r"\- so"),
        ("> so", r"\> so"),
        ("---", r"\---"),
        ("***", r"\***"),
        ("* * *", r"\* * *"),
        ("___", r"\___"),
        ("_ _  _", r"\_ _  _"),
        ("===", r"\==="),
        ("[a](b)", r"[a\](b)"),
        ("[a]: b", r"[a\]: b"),
        ("<b>", r"\<b>"),
        ("&amp;", r"\&amp;"),
        ("C:\\*", r"C:\\*"),
        ("_so_ 5*3 and 2*4", r"\_so\_ 5\*3 and 2\*4"),
        ("see https://example.org/a_b_.", "see <https://example.org/a_b_>."),
        ("https://a.example/x_(y)", "<https://a.example/x_(y)>"),
        ("(see https://a.example/x)", "(see <https://a.example/x>)"),
        ("(https://a.example/x_(y)).", "(<https://a.example/x_(y)>)."),
        (
            r"https://a.example/b\c https://a.example/b",
            r"https://a.example/b\c <https://a.example/b>",
        ),
    ],
)
def test_active_characters_are_escaped(text: str, source: str) -> None:
    assert escape(text) == source


@given(st.one_of(ACTIVE, st.text("*_- \n"), st.text()))
def test_any_text_reads_as_itself(text: str) -> None:
    assert (
        _words_of_plain_paragraphs(escape(text))
        == text.replace("\0", "").split()
    )


@given(
    ACTIVE.filter(lambda text: "\n" not in text),
    ACTIVE.filter(lambda text: "\n" not in text),
)
def test_text_around_a_link_reads_as_itself(before: str, after: str) -> None:
    line = f"X{before}word{after}"
    source = markdown(line, [("word", "https://example.org/a")])
    assert _words_of_plain_paragraphs(source) == line.split()


def test_a_link_may_begin_the_line() -> None:
    assert (
        markdown("Read more", [("Read", "https://a.example/")])
        == "[Read](https://a.example/) more"
    )
    assert list(bare_links("https://a.example/ and")) == [
        ("https://a.example/",) * 2
    ]


def test_an_exclamation_mark_does_not_turn_a_link_into_a_picture() -> None:
    assert (
        markdown("Read!this", [("this", "https://example.org/a")])
        == r"Read\![this](https://example.org/a)"
    )
    assert markdown("Please forward it!") == "Please forward it!"


@given(ACTIVE)
def test_text_in_bold_reads_as_itself(text: str) -> None:
    words = f"a{' '.join(text.split())}b"
    (_, inline, _) = MARKDOWN.parse(f"**{markdown(words, in_bold=True)}**")
    tokens = [token for token in inline.children or [] if token.content]
    assert {token.type for token in tokens} <= {"text", "text_special"}
    assert "".join(token.content for token in tokens) == words


def _words_of_plain_paragraphs(source: str) -> list[str]:
    """The words that a reader sees; fails on anything but paragraphs and links."""
    words: list[str] = []
    for block in MARKDOWN.parse(source):
        assert block.type in {"paragraph_open", "inline", "paragraph_close"}
        for token in block.children or []:
            assert token.type in {
                "text",
                "text_special",
                "softbreak",
                "link_open",
                "link_close",
            }
            words.append("\n" if token.type == "softbreak" else token.content)
        words.append("\n")
    return "".join(words).split()
