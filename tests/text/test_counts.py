"""Counts with their nouns, and choices between words."""

import pytest

from briefing.text.counts import counted, either


@pytest.mark.parametrize(
    ("number", "phrase"),
    [(0, "0 links"), (1, "1 link"), (2, "2 links"), (2000, "2,000 links")],
)
def test_a_noun_follows_its_number(number: int, phrase: str) -> None:
    assert counted(number, "link") == phrase


@pytest.mark.parametrize(
    ("choices", "phrase"),
    [
        (["yes"], "yes"),
        (["yes", "no"], "yes or no"),
        (["yes", "no", "later"], "yes, no or later"),
    ],
)
def test_choices_end_with_or(choices: list[str], phrase: str) -> None:
    assert either(choices) == phrase
