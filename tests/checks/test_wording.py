"""Phrases for messages."""

import pytest

from briefing.checks.wording import quoted


@pytest.mark.parametrize("override", ["\u202e", "\u2066"])
def test_nothing_turns_quoted_words_round(override: str) -> None:
    assert quoted(f"court{override}.exe") == "'court.exe'"


def test_invisible_characters_are_spaces_in_a_quotation() -> None:
    assert quoted("the\u200bcourt\n\u200bopens") == "'the court opens'"
