"""The rows of a brief: what their paragraphs say about them."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.rows import rows_of


def test_a_line_that_is_bold_in_a_document_is_strong() -> None:
    paragraph = Paragraph(("A ruling", "Harbour Post"), strong=frozenset({0}))
    assert [row.is_strong for row in rows_of([paragraph])] == [True, False]
