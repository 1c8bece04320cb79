"""What exported pages have beside their text: comments, and the headers and footers of pages."""

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
