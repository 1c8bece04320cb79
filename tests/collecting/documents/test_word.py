"""Word documents: text as Word shows it, links, line breaks, pictures."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.documents.read import read_document
from tests.collecting.making import jpeg, link, paragraph, photo, run, word

GOOGLE = (
    "https://www.google.com/url?q=https://www.example.org/a%3Fb&sa=D&source=editors"
)


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


def test_hidden_and_deleted_text_is_not_read() -> None:
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
    hidden = run("hidden", "<w:vanish/>") + run("shown", '<w:vanish w:val="0"/>')
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
