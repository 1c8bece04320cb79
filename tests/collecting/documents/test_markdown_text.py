"""Markdown files: what it marks becomes structure."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.read import read_document
from tests.collecting.making import jpeg


def read(text: str) -> Document:
    return read_document(
        text.encode(), "Brief.md", beside={"court.jpg": jpeg()}
    )


def test_headings_lines_lists_tables_and_links_keep_their_structure() -> None:
    text = (
        "Weekly brief\n============\n\n## News\n\nOne line\n[another][a]\n\n- b\n  - c\n\n"
        "| 1 Nov | Film |\n|---|---|\n| 2 Nov | Talk |\n| 3 Nov | Fair |\n\n[a]: https://www.example.org/a"
    )
    assert read(text).paragraphs == [
        Paragraph(("Weekly brief",), level=1),
        Paragraph(("News",), level=2),
        Paragraph(
            ("One line", "another"), (("another", "https://www.example.org/a"),)
        ),
        Paragraph(("- b", "- c")),
        Paragraph(("1 Nov", "Film"), cells=(0, 1)),
        Paragraph(("2 Nov", "Talk"), cells=(0, 1)),
        Paragraph(("3 Nov", "Fair"), cells=(0, 1)),
    ]


def test_a_link_to_a_host_needs_no_https() -> None:
    (paragraph,) = read(
        "[Harbour Post](example.org), [list](list.md)"
    ).paragraphs
    assert paragraph.links == (("Harbour Post", "https://example.org"),)


def test_a_footnote_is_a_line_below_the_one_that_refers_to_it() -> None:
    text = "One.[^1]\n\nTwo.[^none]\n\n[^1]: https://www.example.org/a\n[^2]: Unused note.\n"
    assert [paragraph.lines for paragraph in read(text).paragraphs] == [
        ("One.", "https://www.example.org/a"),
        ("Two.[^none]",),
        ("[^2]: Unused note.",),
    ]


def test_struck_out_text_is_left_out_and_noted() -> None:
    document = read("It was ~~never~~ <del>not</del> so.")
    assert document.paragraphs == [Paragraph(("It was so.",))]
    assert document.left_out == ["left out: deleted text"]


def test_a_picture_beside_the_file_keeps_its_place() -> None:
    document = read(
        "One.\n\n![A court](court.jpg)\n\n![None](none.jpg)\n\nTwo."
    )
    assert [(picture.place, picture.alt) for picture in document.pictures] == [
        (1, "A court")
    ]
    assert document.missing == ["none.jpg"]


def test_the_properties_above_a_text_are_quoted_in_a_note() -> None:
    document = read(
        "---\ntitle: Tide Letter\ntags:\n- sea\n---\n\n# Ferry returns\n\nIt runs again."
    )
    assert document.paragraphs == [
        Paragraph(("Ferry returns",), level=1),
        Paragraph(("It runs again.",)),
    ]
    assert document.left_out == [
        "left out the properties above the text: “title: Tide Letter tags: - sea”"
    ]


def test_a_text_below_a_rule_is_not_a_list_of_properties() -> None:
    text = "---\nThe ferry runs again.\n\n---\n\nSo does the tram."
    words = [paragraph.lines[0] for paragraph in read(text).paragraphs]
    assert "The ferry runs again." in words


def test_sentences_above_a_rule_are_not_a_heading() -> None:
    text = "The ferry runs again. Bring a coat.\n---\nNews\n---\n"
    levels = [paragraph.level for paragraph in read(text).paragraphs]
    assert levels == [0, 2]
