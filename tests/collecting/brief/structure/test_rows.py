"""The rows of a brief: what their paragraphs say about them."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.rows import rows_of
from briefing.collecting.text.emphasis import Emphasis


def test_a_line_that_is_bold_in_a_document_is_strong() -> None:
    paragraph = Paragraph(("A ruling", "Harbour Post"), strong=frozenset({0}))
    assert [row.is_strong for row in rows_of([paragraph])] == [True, False]


def test_words_in_bold_at_the_start_of_a_line_are_its_lead() -> None:
    marked = rows_of([Paragraph(("**A ruling.** The court sat.",))])
    bold = Emphasis(0, 9, is_bold=True)
    document = rows_of(
        [Paragraph(("A ruling. The court sat.",), emphases=((bold,),))]
    )
    assert [row.lead for row in (*marked, *document)] == ["A ruling."] * 2


def test_a_line_that_is_bold_as_a_whole_has_no_lead() -> None:
    (row,) = rows_of([Paragraph(("**A ruling.**",))])
    assert (row.lead, row.is_strong) == ("", True)


def test_a_date_with_a_dash_behind_it_goes_on_in_the_next_row() -> None:
    below = ("2024-03-04 –", "Ferry returns", "News –", "The mill turns")
    rows = rows_of([Paragraph(below)])
    assert [row.words for row in rows] == [
        "2024-03-04 – Ferry returns",
        "News –",
        "The mill turns",
    ]


def test_what_counts_is_a_headline_if_it_is_a_link() -> None:
    titles = ["Episode 1", "Episode 2", "Episode 3"]
    paragraphs = [
        Paragraph((title,), links=((title, f"https://delta.example.org/{n}"),))
        for n, title in enumerate(titles)
    ]
    rows = rows_of(paragraphs)
    assert [row.words for row in rows] == titles


def test_a_date_with_a_dash_behind_it_stays_above_a_list() -> None:
    lines = ("4 March 2024 –", "- Ferry returns", "- The mill turns")
    rows = rows_of([Paragraph(lines)])
    assert [(row.mark, row.words) for row in rows] == [
        ("", "4 March 2024 –"),
        ("*", "Ferry returns"),
        ("*", "The mill turns"),
    ]


def test_a_row_with_a_bold_date_before_it_is_not_strong_as_a_whole() -> None:
    (row,) = rows_of([Paragraph(("**4 March 2024** –", "Ferry returns"))])
    assert not row.is_strong
    (row,) = rows_of([Paragraph(("**4 March 2024 –**", "Ferry returns"))])
    assert not row.is_strong
