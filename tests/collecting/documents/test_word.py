"""Word documents: text as Word shows it, links, line breaks, pictures."""

import datetime as dt

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.read import read_document
from tests.collecting.making import jpeg, link, paragraph, photo, run, word

GOOGLE = "https://www.google.com/url?q=https://www.example.org/a%3Fb&sa=D&source=editors"


def test_a_word_document_keeps_its_links_lists_and_line_breaks() -> None:
    data = word(
        paragraph(run("Head"), run("line")),
        paragraph(run("a\nb "), link("l", "Read more →")),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        relations={"l": GOOGLE},
    )
    assert read_document(data, "").paragraphs == [
        Paragraph(("Headline",)),
        Paragraph(("a", "b Read more →"), (("Read more →", GOOGLE),)),
        Paragraph(("cell",)),
    ]


def test_the_styles_of_lists_in_lists_make_lists_in_lists() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="L{level}"><w:name w:val="List Bullet{level}"/></w:style>'
        for level in ("", " 2")
    )

    def listed(level: str, words: str) -> str:
        style = f'<w:pPr><w:pStyle w:val="L{level}"/></w:pPr>'
        return paragraph(style, words)

    data = word(
        listed("", run("North")),
        listed(" 2", link("l", "a")),
        listed("", run("South")),
        listed(" 2", link("l", "a")),
        relations={"l": GOOGLE},
        parts={
            "word/styles.xml": f"{_STYLES.partition('>')[0]}>{styles}</w:styles>"
        },
    )
    levels = [
        paragraph.level for paragraph in read_document(data, "").paragraphs
    ]
    assert levels == [6, 0, 6, 0]


def test_hidden_and_deleted_text_is_not_read() -> None:
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
    hidden = run("hidden", "<w:vanish/>") + run(
        "shown", '<w:vanish w:val="0"/>'
    )
    assert read_document(word(paragraph(deleted, hidden)), "").paragraphs == [
        Paragraph(("newshown",))
    ]


def test_pictures_keep_their_positions() -> None:
    data = word(
        paragraph(run("one")),
        paragraph(photo("p", "A court")),
        paragraph(run("two")),
        paragraph(run("three "), photo("q")),
        relations={"p": "media/image1.jpeg", "q": "media/image2.jpeg"},
        parts={
            "word/media/image1.jpeg": jpeg("red"),
            "word/media/image2.jpeg": jpeg("blue"),
        },
    )
    document = read_document(data, "")
    assert [
        (picture.place, picture.inside, picture.alt, picture.data)
        for picture in document.pictures
    ] == [
        (1, False, "A court", jpeg("red")),
        (2, True, "", jpeg("blue")),
    ]


def test_a_footnote_is_a_line_of_its_paragraph_and_comments_and_deletions_are_noted() -> (
    None
):
    footnotes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:footnote w:id="2">{paragraph(run("See the report."))}</w:footnote></w:footnotes>'
    )
    comments = (
        '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:comment w:id="0">{paragraph(run("Is this right?"))}</w:comment></w:comments>'
    )
    data = word(
        paragraph(
            run("Words"),
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            '<w:r><w:footnoteReference w:id="9"/></w:r>',
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>",
            run(" go on."),
        ),
        paragraph(run("Text")),
        parts={"word/footnotes.xml": footnotes, "word/comments.xml": comments},
        relations={},
    )
    document = read_document(data, "")
    assert document.paragraphs == [
        Paragraph(("Words go on.", "See the report.")),
        Paragraph(("Text",)),
    ]
    assert document.left_out == [
        "left out: deleted text",
        "left out a comment: “Is this right?”",
    ]


def test_the_headers_and_footers_of_pages_are_left_out_and_noted_once() -> None:
    margin = (
        '<w:{0} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
        '2006/main"><w:p><w:r><w:t>{1}</w:t></w:r></w:p></w:{0}>'
    )
    parts = {
        "word/header1.xml": margin.format("hdr", "Delta – internal"),
        "word/header2.xml": margin.format("hdr", "Delta – internal"),
        "word/footer1.xml": margin.format("ftr", "2"),
        "word/footer2.xml": margin.format("ftr", "Page 2"),
    }
    document = read_document(word(paragraph(run("Text.")), parts=parts), "")
    assert document.paragraphs == [Paragraph(("Text.",))]
    assert document.left_out == [
        "left out the page header: “Delta – internal”",
        "left out the page footer: “Page 2”",
    ]


def test_a_line_that_is_bold_as_a_whole_is_strong() -> None:
    data = word(
        paragraph(run("Bold", "<w:b/>")),
        paragraph(run("Some", "<w:b/>"), run(" bold")),
    )
    assert [item.strong for item in read_document(data, "").paragraphs] == [
        frozenset({0}),
        frozenset(),
    ]


_STYLES = """<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style></w:styles>"""
_STYLED = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>{}</w:p>'


def test_a_paragraph_with_the_style_of_captions_is_that_of_the_picture_above() -> (
    None
):
    styles = _STYLES.replace("heading 2", "caption")
    data = word(
        paragraph(photo("p")),
        _STYLED.format("H2", run("The quay.")),
        paragraph(run("one")),
        relations={"p": "media/image1.jpeg"},
        parts={
            "word/media/image1.jpeg": jpeg("red"),
            "word/styles.xml": styles,
        },
    )
    document = read_document(data, "")
    assert [paragraph.lines for paragraph in document.paragraphs] == [("one",)]
    assert [picture.caption for picture in document.pictures] == ["The quay."]


def test_a_document_with_two_headings_has_two_items() -> None:
    news = [
        ("Ferry crews keep their lists", "Harbour Post · 20 November 2026"),
        ("The archive was moved", "Radio Karsa · 23 November 2026"),
    ]
    body = [
        _STYLED.format("Title", run("Weekly digest for members")),
        paragraph(run("Dear members, only two pieces this week.")),
    ]
    for number, (title, source) in enumerate(news):
        body += [
            _STYLED.format("H2", run(title)),
            paragraph(run(source)),
            paragraph(run("It was said on Monday.")),
            paragraph(link(f"l{number}", "Read the article")),
        ]
    links = {
        "l0": "https://harbour-post.example.com/lists",
        "l1": "https://karsa.example.net/archive",
    }
    data = word(*body, relations=links, parts={"word/styles.xml": _STYLES})
    brief = read_brief(read_document(data, "").paragraphs)
    assert brief.introduction == "Dear members, only two pieces this week."
    found = [
        (item.heading, item.source, item.date, item.link, item.text)
        for item in (parsed.item for parsed in brief.items)
    ]
    assert found == [
        (
            "Ferry crews keep their lists",
            "Harbour Post",
            dt.date(2026, 11, 20),
            links["l0"],
            "It was said on Monday.",
        ),
        (
            "The archive was moved",
            "Radio Karsa",
            dt.date(2026, 11, 23),
            links["l1"],
            "It was said on Monday.",
        ),
    ]
