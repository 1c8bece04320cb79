"""What pages have beside their text: menus, margins, forms, hidden text, comments. It is left out and noted."""

import pytest

from tests.collecting.documents.pages import read_page

GOOGLE = (
    '<p>The school is closed.<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>'
    "<p>It was open.</p>"
    '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Is the date </span>right?</p>'
    "<p>Ask Mira.</p></div>"
)
WORD = (
    "<p>The school is closed.<a class=msocomanchor href='#_msocom_1'>[A1]</a></p>"
    "<p>It was open.</p>"
    "<div style='mso-element:comment-list'><div style='mso-element:comment'>"
    "<p>[A1]Is the date right? Ask Mira.</p></div></div>"
)


def test_comments_in_a_page_of_google_docs_are_left_out_and_noted() -> None:
    document = read_page(GOOGLE)
    lines = [paragraph.lines for paragraph in document.paragraphs]
    assert lines == [("The school is closed.",), ("It was open.",)]
    assert document.left_out == [
        "left out a comment: “[a]Is the date right? Ask Mira.”"
    ]


def test_comments_in_a_page_of_word_are_left_out_and_noted() -> None:
    document = read_page(WORD)
    lines = [paragraph.lines for paragraph in document.paragraphs]
    assert lines == [("The school is closed.",), ("It was open.",)]
    assert document.left_out == [
        "left out a comment: “[A1]Is the date right? Ask Mira.”"
    ]


def test_the_text_around_a_comment_stays_whatever_is_around_them() -> None:
    page = (
        "<div><p>Above.</p>"
        '<p><a href="#cmnt_ref1">[a]</a>Right?</p><p>Below.</p></div>'
    )
    document = read_page(page)
    lines = [paragraph.lines for paragraph in document.paragraphs]
    assert lines == [("Above.",), ("Below.",)]
    assert document.left_out == ["left out a comment: “[a]Right?”"]


def test_the_margins_in_a_page_of_libreoffice_are_left_out_and_noted() -> None:
    document = read_page(
        '<div title="header"><p>Delta</p></div><p>Text.</p>'
        '<div title="footer"><p>2</p></div>'
    )
    assert [paragraph.lines for paragraph in document.paragraphs] == [
        ("Text.",)
    ]
    assert document.left_out == ["left out the page header: “Delta”"]


@pytest.mark.parametrize(
    ("aside", "note"),
    [
        (
            "<header><b>Delta</b><br>Weekly</header>",
            "the page header: “Delta Weekly”",
        ),
        (
            "<footer><p>Delta</p><p>12 Quay</p></footer>",
            "the page footer: “Delta 12 Quay”",
        ),
        (
            "<div role=contentinfo>12 Quay</div>",
            "the page footer: “12 Quay”",
        ),
        (
            "<nav><ul><li>Home<li>Past issues</ul></nav>",
            "a menu: “Home Past issues”",
        ),
        ("<aside>Most read</aside>", "a marginal note: “Most read”"),
        (
            "<form><select><option>Weekly<option>Daily</select></form>",
            "a form: “Weekly Daily”",
        ),
        (
            "<p style='display:none'>Ferries run \u034f \u200c \u034f</p>",
            "hidden text: “Ferries run”",
        ),
    ],
)
def test_words_beside_the_text_are_quoted_in_a_note(
    aside: str, note: str
) -> None:
    document = read_page(f"{aside}<p>Text.</p>")
    assert [paragraph.lines for paragraph in document.paragraphs] == [
        ("Text.",)
    ]
    assert document.left_out == [f"left out {note}"]


def test_what_nobody_is_meant_to_read_is_not_quoted() -> None:
    page = (
        "<footer>12 Quay<script>run()</script><p hidden>x</p></footer>"
        "<style>p{color:red}</style><p>Text.</p>"
    )
    assert read_page(page).left_out == ["left out the page footer: “12 Quay”"]


def test_what_is_beside_the_article_is_quoted_in_a_note() -> None:
    page = "<div>Most read</div><main><p>Text.</p></main><div>12 Quay</div>"
    assert read_page(page).left_out == [
        "left out the sidebar: “Most read 12 Quay”"
    ]
