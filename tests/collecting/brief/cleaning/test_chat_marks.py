"""Bold and italic words of a chat."""

import pytest

from briefing.collecting.brief.cleaning.chat_marks import without_chat_marks
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.emphasis import Emphasis


def test_marks_become_emphasis() -> None:
    line = "The *court* has _finally_ ruled (*so*)."
    assert without_chat_marks(Paragraph((line, "Two"))) == Paragraph(
        ("The court has finally ruled (so).", "Two"),
        emphases=(
            (
                Emphasis(4, 9, is_bold=True),
                Emphasis(14, 21, is_italic=True),
                Emphasis(29, 31, is_bold=True),
            ),
            (),
        ),
    )


@pytest.mark.parametrize(
    "line",
    [
        "5 * 3 * 2",
        "snake_case_name",
        "https://example.org/_a_/b",
        "* a list",
        "an *open mark",
        "a* b*",
    ],
)
def test_other_asterisks_and_underscores_stay(line: str) -> None:
    assert without_chat_marks(Paragraph((line,))).lines == (line,)
