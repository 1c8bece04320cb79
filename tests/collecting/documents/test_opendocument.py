"""OpenDocument texts: headings, lists, tables, links, footnotes and pictures as Writer shows them."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.documents.read import read_document
from tests.collecting.making import jpeg, opendocument

A = "https://www.example.org/a"
STYLES = (
    '<style:style style:name="Bold"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Gone">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="Hidden"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Ours" style:parent-style-name="Theirs"/>'
    '<style:style style:name="Theirs" style:default-outline-level="2"/>'
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
    '<style:style style:name="Title"/>'
    '<text:list-style style:name="Numbers">'
    '<text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
)


def paragraphs(*body: str) -> list[Paragraph]:
    return read_document(opendocument(*body, styles=STYLES), "").paragraphs


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def span(text: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def note(text: str) -> str:
    return (
        "<text:note><text:note-citation>1</text:note-citation>"
        f"<text:note-body>{p(text)}</text:note-body></text:note>"
    )


def test_headings_have_the_level_of_their_element_or_style() -> None:
    assert paragraphs(
        '<text:h text:outline-level="3">Three</text:h>',
        "<text:h>One</text:h>",
        p("Two", "Ours"),
        p("Title", "P1"),
        p("Text"),
    ) == [
        Paragraph(("Three",), level=3),
        Paragraph(("One",), level=1),
        Paragraph(("Two",), level=2),
        Paragraph(("Title",), level=1),
        Paragraph(("Text",)),
    ]


def test_spaces_line_breaks_and_links_stay() -> None:
    body = f'one<text:s/>two<text:line-break/><text:a xlink:href="{A}">three</text:a>'
    assert paragraphs(p(body)) == [
        Paragraph(("one two", "three"), (("three", A),))
    ]


def test_lists_are_numbered_as_their_style_says() -> None:
    def items(*texts: str) -> str:
        return "".join(
            f"<text:list-item>{p(text)}</text:list-item>" for text in texts
        )

    numbered = (
        f'<text:list text:style-name="Numbers">{items("a", "b")}</text:list>'
    )
    inner = f"<text:list>{items('d')}</text:list>"
    nested = f"<text:list><text:list-item>{p('c')}{inner}</text:list-item></text:list>"
    assert paragraphs(numbered, p("between"), nested) == [
        Paragraph(("1. a", "2. b")),
        Paragraph(("between",)),
        Paragraph(("- c", "- d")),
    ]


def test_the_rows_of_a_table_are_rows() -> None:
    rows = "".join(
        f"<table:table-row><table:table-cell>{p(f'{n} Nov')}</table:table-cell>"
        f"<table:table-cell>{p('Film')}</table:table-cell></table:table-row>"
        for n in (1, 2, 3)
    )
    assert paragraphs(f"<table:table>{rows}</table:table>") == [
        Paragraph((f"{n} Nov", "Film"), cells=(0, 1)) for n in (1, 2, 3)
    ]


def test_a_footnote_is_a_line_of_its_paragraph_and_stands_below_its_heading() -> (
    None
):
    assert paragraphs(
        p(f"Words{note('See the report.')} go on."),
        f"<text:h>Head{note('Note.')}</text:h>",
        p("Text"),
    ) == [
        Paragraph(("Words go on.", "See the report.")),
        Paragraph(("Head",), level=1),
        Paragraph(("Note.",)),
        Paragraph(("Text",)),
    ]


def test_deleted_and_hidden_text_and_comments_are_left_out_and_noted() -> None:
    document = read_document(
        opendocument(
            "<text:tracked-changes><text:changed-region><text:deletion>"
            f"{p('secret')}</text:deletion></text:changed-region></text:tracked-changes>",
            p(
                f"Stays{span('secret', 'Gone')}{span('secret', 'Hidden')}"
                f"<office:annotation>{p('Is this right?')}</office:annotation>."
            ),
            styles=STYLES,
        ),
        "",
    )
    assert document.paragraphs == [Paragraph(("Stays.",))]
    assert document.left_out == [
        "left out: deleted text",
        "left out a comment: “Is this right?”",
    ]


def test_the_headers_and_footers_of_pages_are_left_out_and_noted() -> None:
    page = (
        '<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        "<style:master-page><style:header><text:p>Delta</text:p></style:header>"
        "<style:footer-left><text:p>Page 1</text:p></style:footer-left>"
        "</style:master-page></office:document-styles>"
    )
    data = opendocument(p("Text."), parts={"styles.xml": page})
    document = read_document(data, "")
    assert document.paragraphs == [Paragraph(("Text.",))]
    assert document.left_out == [
        "left out the page header: “Delta”",
        "left out the page footer: “Page 1”",
    ]


def test_a_table_of_contents_is_not_read_twice() -> None:
    index = f"<text:table-of-content>{p('Head 1')}</text:table-of-content>"
    assert paragraphs(index, "<text:h>Head</text:h>") == [
        Paragraph(("Head",), level=1)
    ]


def test_pictures_keep_their_places_and_descriptions_also_in_a_frame_with_a_caption() -> (
    None
):
    def frame(inside: str) -> str:
        return f"<draw:frame>{inside}<svg:desc>A court</svg:desc></draw:frame>"

    image = '<draw:image xlink:href="Pictures/1.jpg"/>'
    missing = '<draw:image xlink:href="../../etc/passwd"/>'
    caption = f"<draw:text-box>{p(frame(image) + 'The court')}</draw:text-box>"
    document = read_document(
        opendocument(
            p("one"),
            p(frame(image) + frame(missing)),
            p(frame(caption) + "two"),
            p("three"),
            parts={"Pictures/1.jpg": jpeg()},
        ),
        "",
    )
    assert [paragraph.lines for paragraph in document.paragraphs] == [
        ("one",),
        ("two",),
        ("The court",),
        ("three",),
    ]
    assert [
        (picture.place, picture.inside, picture.alt, picture.data)
        for picture in document.pictures
    ] == [(1, False, "A court", jpeg()), (2, True, "A court", jpeg())]
