"""A greeting above a brief is left out, with one note that quotes it as it was written."""

import pytest

from tests.collecting.brief.pasting import read

ITEMS = """\
Court rules
Quay Radio, 24 November 2026
The ruling is final.
https://example.org/ruling

Ferry returns
Quay Radio, 25 November 2026
It had been away since May.
https://example.org/ferry
"""


@pytest.mark.parametrize(
    "greeting",
    ["Dear readers,", "Dear R&D <i>friends</i>,", "Dear [all] \\o/,"],
)
def test_a_greeting_is_quoted_once_as_it_was_written(greeting: str) -> None:
    first, _ = read(f"{greeting}\n\n{ITEMS}")
    assert first.notes == (f"left out above it: “{greeting}”",)
