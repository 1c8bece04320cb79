"""How many words a heading and a declared title must have in common to count as the same."""

import pytest

from briefing.collecting.web.headings import Heading
from briefing.collecting.web.title_agreement import agreement_of

HEADING = Heading("Harbour ferry stops every night", ())


@pytest.mark.parametrize(
    ("title", "agrees"),
    [
        ("Winter: no harbour ferry stops here", True),
        ("Harbour ferry stops moving, residents told", True),
        ("Harbour ferry cancelled, residents told", False),
        ("Harbour ferry cancelled today", False),
    ],
)
def test_three_fifths_of_the_long_words_are_enough_and_half_are_not(
    title: str, agrees: bool
) -> None:
    assert (agreement_of(HEADING, title).degree > 0) == agrees


def test_of_two_long_words_both_are_not_enough() -> None:
    assert not agreement_of(HEADING, "Stops: ferry").degree
