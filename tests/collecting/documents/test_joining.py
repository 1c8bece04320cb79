"""Blocks of a page that are one paragraph of a brief are joined; the others stay apart."""

import pytest

from briefing.collecting.documents.read import read_document
from tests.collecting.documents.pages import items_in, lines_of
from tests.collecting.making import (
    as_html,
    as_mail,
    as_opendocument,
    as_rich_text,
    as_word,
)

BRIEF = """Dear all,
these three are for Friday. Please send corrections to me by Thursday noon.

GULL POST

Harbour office loses the keys to the harbour (3 March 2024)
Forty boats have waited since Tuesday. The mayor rows to work.
https://gullpost.example.org/keys

School bus has no road left (4 March 2024)
https://gullpost.example.org/bus

RADIO MARSH

Dyke wardens count their sheep twice (5 March 2024)
"One of us must be wrong," says the eldest of them.
https://marsh.example.net/sheep

Kind regards
Ada Lind
"""


def as_page(before: str, after: str, empty: str) -> bytes:
    """The brief as a page in which each line is an element, and so is each empty line."""
    return as_html(BRIEF, before, after + before, after + empty).encode()


DIVS = as_page("<div>", "</div>", "<div><br></div>")
FORMS = {
    "Word": as_word(BRIEF, lines_are_paragraphs=True),
    "OpenDocument": as_opendocument(BRIEF, lines_are_paragraphs=True),
    "rich text": as_rich_text(BRIEF, lines_are_paragraphs=True),
    "page of Word": as_page(
        '<p class="MsoNormal">', "</p>", '<p class="MsoNormal">&nbsp;</p>'
    ),
    "page with line breaks between": as_page("<p>", "</p>", "<br>"),
    "page of divs": DIVS,
    "mail": as_mail(BRIEF, page=DIVS.decode()),
}


class TestEmptyLines:
    @pytest.mark.parametrize("form", FORMS)
    def test_a_brief_with_a_paragraph_a_line_is_read_as_its_plain_text(
        self, form: str
    ) -> None:
        expected = items_in(BRIEF.encode())
        assert [each.item.source for each in expected] == [
            "GULL POST",
            "GULL POST",
            "RADIO MARSH",
        ]
        assert items_in(FORMS[form]) == expected

    def test_the_paragraphs_between_two_are_one_paragraph(self) -> None:
        page = "<p>a</p><p>b</p>{0}<p>c</p><p>d</p>{0}<p>e</p><p>f</p>"
        assert lines_of(page.format("<p>&nbsp;</p>")) == [
            ("a", "b"),
            ("c", "d"),
            ("e", "f"),
        ]

    def test_a_single_one_divides_nothing(self) -> None:
        assert lines_of("<p>a</p><p>b</p><br><p>c</p><p>d</p>") == [
            ("a",),
            ("b",),
            ("c",),
            ("d",),
        ]

    @pytest.mark.parametrize(("headings", "joined"), [(3, True), (4, False)])
    def test_they_divide_a_document_that_has_no_more_headings(
        self, headings: int, joined: bool
    ) -> None:
        page = "<h2>A</h2><p>a</p><p>b</p>" * headings
        page += "<p>&nbsp;</p><p>c</p><p>d</p>" * 3
        assert (("c", "d") in lines_of(page)) is joined

    def test_headings_lists_and_cells_stay_apart(self) -> None:
        page = "<p>&nbsp;</p><p>a</p><p>b</p>" * 3
        page += "<h2>c</h2><p>d</p><ul><li>e</li></ul>"
        page += "<p>f</p><table><tr><td>g</td></tr></table>"
        assert lines_of(page) == [
            *[("a", "b")] * 3,
            ("c",),
            ("d",),
            ("- e",),
            ("f",),
            ("g",),
        ]

    def test_a_greeting_stays_a_paragraph(self) -> None:
        page = "<p>Dear all,</p><p>a</p><p>b</p><br><p>c</p><p>d</p><br><p>e</p><p>f</p><p>g</p>"
        assert lines_of(page)[:2] == [("Dear all,",), ("a", "b")]

    def test_an_introduction_above_the_first_item_stays_apart(self) -> None:
        page = "<p>This week:</p><p>a</p><p>b</p><br><p>c</p><p>d</p><br><p>e</p><p>f</p><p>g</p>"
        assert lines_of(page)[:2] == [("This week:",), ("a", "b")]


CHAT = """5/3/24, 8:01 AM - Noor: links for Friday here please
5/3/24, 8:03 AM - Teo: *Ferry told to report "groups of more than three"*
Gull Post, May 2
Leaked memo, the company says it was a draft.
https://gullpost.example.org/ferry
5/3/24, 9:15 AM - Magda: Radio Marsh: Choir sings outside the court (May 3)
https://marsh.example.net/choir
the conductor is interviewed too
5/4/24, 6:58 AM - Teo: last one from me
*Sheep counters' open letter*
Dyke News, 30 April 2024
41 counters refuse to sign the form.
https://dyke.example.net/sheep
5/4/24, 7:00 AM - Noor: thank you
"""


def test_a_chat_with_a_paragraph_a_line_is_read_as_its_plain_text() -> None:
    expected = items_in(CHAT.encode())
    assert [each.item.source for each in expected] == [
        "Gull Post",
        "Radio Marsh",
        "Dyke News",
    ]
    word = as_word(CHAT, lines_are_paragraphs=True)
    assert items_in(word) == expected


TABLE = """Media log

Date\tOutlet\tHeadline\tLink\tRemarks
3 May 2024\tGull Post\tFerry stopped\thttps://gullpost.example.org/ferry\t
4 May 2024\tRadio Marsh\tChoir sings\t\tnot online
5 May 2024\tDyke News\tSheep counted\thttps://dyke.example.net/sheep\t
"""


class TestRowsWithTabs:
    @pytest.mark.parametrize(
        "document",
        [
            as_word(TABLE, lines_are_paragraphs=True),
            as_opendocument(TABLE, lines_are_paragraphs=True),
            as_rich_text(TABLE, lines_are_paragraphs=True),
        ],
        ids=["Word", "OpenDocument", "rich text"],
    )
    def test_a_table_with_tabs_is_read_as_its_plain_text(
        self, document: bytes
    ) -> None:
        expected = items_in(TABLE.encode())
        assert [each.item.heading for each in expected] == [
            "Ferry stopped",
            "Choir sings",
            "Sheep counted",
        ]
        assert items_in(document) == expected

    def test_a_tab_at_the_edge_of_a_line_is_only_space(self) -> None:
        word = as_word("\ta \nb\t", lines_are_paragraphs=True)
        assert [each.lines for each in read_document(word, "").paragraphs] == [
            ("a",),
            ("b",),
        ]

    def test_tabs_of_a_page_are_only_spaces(self) -> None:
        assert lines_of("<p>a\tb</p><p>c\td</p>") == [("a b",), ("c d",)]
        assert lines_of("<pre>a\tb\n\tc</pre>") == [("a\tb", "c")]


class TestHardWrappedLines:
    @pytest.mark.parametrize(
        ("length", "joined"),
        [(39, False), (40, True), (120, True), (121, False)],
    )
    def test_a_line_of_40_to_120_characters_may_go_on(
        self, length: int, joined: bool
    ) -> None:
        first = "a" * length
        lines = [(first, "goes on")] if joined else [(first,), ("goes on",)]
        assert lines_of(f"<p>{first}</p><p>goes on</p>") == lines

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("The court of appeal in the harbour town opened", "The archive"),
            ("The court of appeal in the harbour town opened.", "the archive"),
            ("The court of appeal in the harbour town opened", "3 archives"),
        ],
        ids=["capital", "full stop", "digit"],
    )
    def test_it_continues_only_in_lower_case_and_within_a_sentence(
        self, first: str, second: str
    ) -> None:
        assert lines_of(f"<p>{first}</p><p>{second}</p>") == [
            (first,),
            (second,),
        ]

    def test_an_empty_line_ends_it(self) -> None:
        first = "The court of appeal in the harbour town opened"
        assert lines_of(f"<p>{first}</p><p>&nbsp;</p><p>the archive</p>") == [
            (first,),
            ("the archive",),
        ]
        assert lines_of(f"{first}<br><br>the archive") == [
            (first,),
            ("the archive",),
        ]


class TestContacts:
    def test_the_lines_below_a_contact_belong_to_it(self) -> None:
        page = "<p>Contact: Ada Lind</p><p>Phone: +1 212 555 0100</p><p>ada@example.org</p><p>The next item</p>"
        assert lines_of(page) == [
            ("Contact: Ada Lind", "Phone: +1 212 555 0100", "ada@example.org"),
            ("The next item",),
        ]

    def test_a_block_of_several_lines_does_not_belong_to_a_contact(
        self,
    ) -> None:
        page = "<p>Contact: Ada Lind</p><p>ada@example.org<br>grace@example.org</p>"
        assert lines_of(page) == [
            ("Contact: Ada Lind",),
            ("ada@example.org", "grace@example.org"),
        ]

    def test_a_contact_has_at_most_five_lines(self) -> None:
        page = "<p>Contact: Ada Lind</p>" + "<p>ada@example.org</p>" * 5
        assert [len(lines) for lines in lines_of(page)] == [5, 1]

    @pytest.mark.parametrize(("length", "belongs"), [(60, True), (61, False)])
    def test_a_contact_line_has_at_most_60_characters(
        self, length: int, belongs: bool
    ) -> None:
        line = "ada@example.org".rjust(length, "x")
        assert len(lines_of(f"<p>Contact: Ada Lind</p><p>{line}</p>")) == (
            1 if belongs else 2
        )
