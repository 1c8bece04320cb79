"""What a note quotes of a line names nobody's address."""

import pytest

from briefing.collecting.brief.addresses import quoted


@pytest.mark.parametrize(
    "line",
    [
        "To leave, write to jane@example.org",
        "To leave, write to @jane",
        "To leave, write to https://example.org/leave?reader=17",
        "To leave, write to https://example.org/unsubscribe/17",
    ],
)
def test_a_quote_has_no_personal_address(line: str) -> None:
    assert quoted(line) == "To leave, write to"


def test_a_quote_has_the_address_of_a_page() -> None:
    assert quoted("More at https://example.org/news") == (
        "More at https://example.org/news"
    )
