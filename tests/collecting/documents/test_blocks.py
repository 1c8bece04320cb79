"""Forms, captions, logos and the parts of a page become paragraphs and pictures of a brief."""

import pytest

from briefing.collecting.documents.html import read_html
from tests.collecting.documents.pages import lines_of


def rows(**cells: str) -> str:
    """Return rows of a table, with a label in front of each cell."""
    return "".join(
        f"<tr><td>{label}</td><td>{cell}</td></tr>"
        for label, cell in cells.items()
    )


class TestForms:
    FORM = (
        "<table><tr><td>Title:</td><td>The ferry runs</td></tr>"
        "<tr><td>Text:</td><td><p>Nobody waits.</p><p>It is late.</p></td></tr></table>"
    )

    def test_a_table_with_a_label_in_each_row_is_lines(self) -> None:
        assert lines_of(f"{self.FORM}<p>Next</p>") == [
            ("Title: The ferry runs", "Text: Nobody waits.", "It is late."),
            ("Next",),
        ]

    def test_a_row_can_have_a_label_of_two_lines_or_only_a_picture(
        self,
    ) -> None:
        page = self.FORM.replace("Title:", "The<br>title:").replace(
            "<p>Nobody waits.</p><p>It is late.</p>",
            '<img src="https://example.org/a.jpg" alt="A ferry">',
        )
        document = read_html(page, lambda _: None)
        assert [paragraph.lines for paragraph in document.paragraphs] == [
            ("The title: The ferry runs", "Text:")
        ]
        assert [picture.alt for picture in document.pictures] == ["A ferry"]

    def test_labels_that_name_fields_need_no_colon(self) -> None:
        page = rows(Headline="The ferry", Outlet="Harbour Post", Date="")
        assert lines_of(f"<table>{page}</table>") == [
            ("Headline: The ferry", "Outlet: Harbour Post", "Date:")
        ]

    def test_other_labels_need_none_if_they_repeat(self) -> None:
        page = rows(Outlet="Harbour Post", Seen="on the quay", Link="here")
        entry = ("Outlet: Harbour Post", "Seen: on the quay", "Link: here")
        assert lines_of(f"<table>{page}</table>" * 2) == [entry, entry]
        assert entry not in lines_of(f"<table>{page}</table>")

    def test_labels_with_colons_may_repeat_and_need_not_name_fields(
        self,
    ) -> None:
        page = rows(**{"Seen:": "on the quay", "Place:": "Karsa"})
        entry = ("Seen: on the quay", "Place: Karsa")
        assert lines_of(f"<table>{page}</table>") == [entry]
        assert lines_of(f"<table>{page}</table>" * 2) == [entry, entry]

    def test_the_next_entry_begins_with_the_same_label_or_a_headline(
        self,
    ) -> None:
        entry = rows(Source="Harbour Post", Link="here")
        lines = ("Source: Harbour Post", "Link: here")
        assert lines_of(f"<table>{entry * 2}</table>") == [lines, lines]
        headline = "<tr><td colspan=2><h3>{}</h3></td></tr>"
        first, second = headline.format("One"), headline.format("Two")
        page = f"<table>{first}{entry}{second}{entry}</table>"
        assert lines_of(page) == [("One", *lines), ("Two", *lines)]

    @pytest.mark.parametrize("other", ["Harbour", f"{'Title' * 6}:"])
    def test_other_tables_are_not(self, other: str) -> None:
        page = self.FORM.replace("Title:", other)
        assert lines_of(page)[0] == (other,)


class TestSourceLines:
    ROW = "<table><tr><td>{}</td><td>3 May 2024</td></tr></table>"

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("a" * 50, [(f"{'a' * 50} | 3 May 2024",)]),
            ("a" * 51, [("a" * 51,), ("3 May 2024",)]),
            ("<p>a</p><p>b</p>", [("a",), ("b",), ("3 May 2024",)]),
            ("<h3>a</h3>", [("a",), ("3 May 2024",)]),
        ],
        ids=["short", "long", "two paragraphs", "a heading"],
    )
    def test_short_cells_with_a_date_are_a_line(
        self, source: str, expected: list[tuple[str, ...]]
    ) -> None:
        assert lines_of(self.ROW.format(source)) == expected

    def test_paragraphs_are_not_a_line(self) -> None:
        assert lines_of("<p>a</p><p>3 May 2024</p>") == [
            ("a",),
            ("3 May 2024",),
        ]


class TestCaptions:
    @pytest.mark.parametrize(
        ("below", "caption"),
        [
            (
                "<figcaption><p>The quay.</p><p>Photo: Jo Doe</p></figcaption>",
                "The quay. Photo: Jo Doe",
            ),
            (
                "<figcaption>The quay</figcaption><p>Photo: Jo Doe</p>",
                "The quay. Photo: Jo Doe",
            ),
            (
                "<p>Photo: Jo Doe</p><figcaption>The quay</figcaption>",
                "Photo: Jo Doe. The quay",
            ),
        ],
        ids=["two paragraphs", "a credit below", "a credit above"],
    )
    def test_all_words_of_a_caption_are_kept(
        self, below: str, caption: str
    ) -> None:
        page = f'<figure><img src="a.png">{below}</figure><p>Text.</p>'
        document = read_html(page, lambda _: b"picture")
        assert [picture.caption for picture in document.pictures] == [caption]
        assert [part.lines for part in document.paragraphs] == [("Text.",)]


LOGO = '<p><img src="a.png" height="20" alt="{0}"><br><a href="https://{1}.example.org">The ferry runs</a></p>'


class TestLogos:
    def test_the_names_of_publishers_on_pictures_are_read(self) -> None:
        page = LOGO.format("Harbour Post", "harbourpost") + LOGO.format(
            "Karsa", "karsa"
        )
        assert lines_of(page) == [
            ("Harbour Post",),
            ("The ferry runs",),
            ("Karsa",),
            ("The ferry runs",),
        ]

    @pytest.mark.parametrize(
        "page",
        [
            LOGO.format("Harbour Post", "harbourpost"),
            LOGO.format("Facebook", "harbourpost") * 2,
            LOGO.format("Harbour Post", "harbourpost").replace(
                "The ferry", "Harbour Post: The ferry"
            )
            * 2,
        ],
        ids=["only one", "another name", "in the text as well"],
    )
    def test_what_other_small_pictures_say_is_not(self, page: str) -> None:
        assert {len(lines) for lines in lines_of(page)} == {1}
        assert "runs" in "".join(
            line for lines in lines_of(page) for line in lines
        )
        assert not {("Harbour Post",), ("Facebook",)} & set(lines_of(page))


class TestPartOfThePage:
    @pytest.mark.parametrize(
        ("article", "expected"), [("word", ["word"]), ("wor", ["side", "wor"])]
    )
    def test_articles_are_read_alone_if_they_have_at_least_half_of_the_text(
        self, article: str, expected: list[str]
    ) -> None:
        lines = lines_of(f"<div>side</div><article>{article}</article>")
        assert lines == [(text,) for text in expected]

    def test_the_main_part_is_read_alone_however_short_it_is(self) -> None:
        assert lines_of(
            "<div>side side side</div><div role=main>a</div><article>b</article>"
        ) == [("a",)]
