"""Rich text: headings, lists, tables, links and footnotes as a word processor shows them."""

import pytest

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.read import read_document
from briefing.collecting.text.emphasis import Emphasis
from tests.collecting.making import jpeg

A = "https://www.example.org/a"


def read(body: str) -> Document:
    styles = (
        r"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2\outlinelevel1 Ours;}}"
    )
    fonts = r"{\fonttbl{\f0 Serif;}{\f1\fcharset162 Serif;}}"
    return read_document(
        rf"{{\rtf1\ansi\ansicpg1252{fonts}{styles}{body}}}".encode(), ""
    )


def test_headings_have_the_level_of_their_style_or_outline() -> None:
    body = r"\pard\s1 One\par\pard\s2 Two\par\pard\outlinelevel2 Three\par\pard Text\par"
    assert read(body).paragraphs == [
        Paragraph(("One",), level=1),
        Paragraph(("Two",), level=2),
        Paragraph(("Three",), level=3),
        Paragraph(("Text",)),
    ]


def test_letters_are_those_of_the_font_or_of_unicode() -> None:
    body = r"caf\'e9 {\f1 \'fe} \u350\'53 \u-10179?\u-8704? \{\emdash\~x"
    assert read(body).paragraphs[0].lines == ("café ş Ş 😀 {— x",)


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_paragraphs_of_textedit_end_at_a_backslash_before_a_line_end(
    line_end: str,
) -> None:
    body = "One\\\n\\\nTwo \nand\\\nThree".replace("\n", line_end)
    assert [each.lines for each in read(body).paragraphs] == [
        ("One",),
        ("Two and",),
        ("Three",),
    ]


def test_links_lists_and_tables_keep_their_structure() -> None:
    link = rf'{{\field{{\*\fldinst{{HYPERLINK "{A}"}}}}{{\fldrslt{{linked}}}}}}'
    bullet = r"\pard{\listtext\pard\bullet\tab}"
    row = r"\pard\intbl 1 Nov\cell\pard\intbl Film\cell\row"
    body = rf"{link}\par{bullet}a\par{bullet}b\par{row}{row}{row}\pard end\par"
    assert read(body).paragraphs == [
        Paragraph(("linked",), (("linked", A),)),
        Paragraph(("- a", "- b")),
        *[Paragraph(("1 Nov", "Film"), cells=(0, 1))] * 3,
        Paragraph(("end",)),
    ]


def test_a_list_right_below_a_table_is_a_list() -> None:
    bullet = r"\pard{\listtext\pard\bullet\tab}"
    row = r"\pard\intbl 1 Nov\cell\pard\intbl Film\cell\row"
    body = rf"{row}{row}{row}{bullet}a\par{bullet}b\par\pard end\par"
    assert read(body).paragraphs == [
        *[Paragraph(("1 Nov", "Film"), cells=(0, 1))] * 3,
        Paragraph(("- a", "- b")),
        Paragraph(("end",)),
    ]


def test_a_list_knows_which_item_of_another_list_it_is_in() -> None:
    link = rf'{{\field{{\*\fldinst{{HYPERLINK "{A}"}}}}{{\fldrslt{{a}}}}}}'
    title = r"\pard{\listtext\pard\bullet\tab}\ilvl0 "
    item = rf"\pard{{\listtext\pard\bullet\tab}}\ilvl1 {link}\par"
    body = rf"{title}North\par{item}{title}South\par{item}"
    assert read(body).paragraphs == [
        Paragraph(("North",), level=6),
        Paragraph(("- a",), (("a", A),)),
        Paragraph(("South",), level=6),
        Paragraph(("- a",), (("a", A),)),
    ]


def test_bold_lines_are_strong_and_footnotes_stay_at_their_item() -> None:
    body = r"{\b Bold}\line text{\footnote\pard See the report.} goes on\par"
    assert read(body).paragraphs == [
        Paragraph(
            ("Bold", "text goes on", "See the report."),
            strong=frozenset({0}),
            emphases=((Emphasis(0, 4, is_bold=True),), (), ()),
        )
    ]


def test_deleted_and_hidden_text_and_comments_are_left_out_and_noted() -> None:
    document = read(
        r"It {\strike x}{\deleted y}{\v z}{\*\annotation Right?}{\header top}is so.\par"
    )
    assert document.paragraphs == [Paragraph(("It is so.",))]
    assert document.left_out == [
        "left out: deleted text",
        "left out a comment: “Right?”",
        "left out the page header: “top”",
    ]


def test_the_fields_of_a_page_footer_are_left_out_of_its_note() -> None:
    document = read(
        r"{\footer Delta {\field{\*\fldinst PAGE}{\fldrslt 1}} of 2}Text.\par"
    )
    assert document.paragraphs == [Paragraph(("Text.",))]
    assert document.left_out == ["left out the page footer: “Delta 1 of 2”"]


def test_pictures_keep_their_places() -> None:
    picture = rf"{{\*\shppict{{\pict\jpegblip {jpeg().hex()}}}}}"
    document = read(rf"one\par {picture}\par two\par")
    assert [(found.place, found.data) for found in document.pictures] == [
        (1, jpeg())
    ]
