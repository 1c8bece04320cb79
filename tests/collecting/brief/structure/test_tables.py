"""Which lines of text are the rows of a table."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.tables import with_tables


def rows_of_table(*lines: str) -> list[tuple[str, ...]]:
    """The cells of each row of a paragraph with these lines; all of them in one if it isn't a table."""
    return [row.lines for row in with_tables([Paragraph(lines)])]


def test_values_keep_the_delimiters_that_quotes_protect() -> None:
    assert rows_of_table(
        'Tidal,"A, B and ""C""",https://tidal.example.net/1',
        'Tidal,"D",https://tidal.example.net/2',
        "Tidal,E,https://tidal.example.net/3",
    ) == [
        ("Tidal", 'A, B and "C"', "https://tidal.example.net/1"),
        ("Tidal", "D", "https://tidal.example.net/2"),
        ("Tidal", "E", "https://tidal.example.net/3"),
    ]


def test_sentences_with_as_many_commas_are_not_a_table() -> None:
    lines = (
        "Harbour Post, 4 March, https://post.example.org/1",
        "Radio Karsa, 5 March, https://karsa.example.org/2",
        "Tidal Review, 6 March, https://tidal.example.org/3",
    )
    assert rows_of_table(*lines) == [lines]


def test_a_value_that_no_program_writes_is_left_as_it_is() -> None:
    lines = (f'"{"a" * 150_000};b;https://post.example.org/1',) * 3
    assert rows_of_table(*lines) == [lines]


def test_a_row_of_a_table_keeps_its_cells_though_it_has_a_line_for_each() -> (
    None
):
    columns = Paragraph(("Title", "Source", "Date"), cells=(0, 1, 2))
    row = Paragraph(("Ferry returns", "A first", "Tidal"), cells=(0, 0, 1))
    assert [found.cells for found in with_tables([columns, row])] == [
        (0, 1, 2),
        (0, 0, 1),
    ]
