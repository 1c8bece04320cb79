"""What a note quotes of a line names nobody's address."""

import pytest

from briefing.collecting.brief.lines.addresses import (
    is_unsubscribe_link,
    quoted,
)


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


@pytest.mark.parametrize(
    "end",
    [
        "unsubscribe",
        "newsletter-abmelden",
        "unsubscribe/how-it-works",
        "unsubscribe-from-this-list?reader=17",
        "unsubscribe-from-list-17",
        "unsubscribe-from-this-list-aBcD",
        "unsubscribe-from-this-list/17",
        "leave?then=unsubscribe",
        "%2Funsubscribe%3Freader=17/from-this-list",
    ],
)
def test_a_link_with_a_word_for_it_unsubscribes(end: str) -> None:
    assert is_unsubscribe_link(f"https://example.org/{end}")


@pytest.mark.parametrize(
    "end",
    [
        "abmeldung-der-vereine",
        "news/how-clubs-unsubscribe/",
        "2026/clubs-may-opt-out-of-maps.html",
    ],
)
def test_one_with_it_in_the_title_of_an_article_does_not(end: str) -> None:
    article = f"https://example.org/{end}"
    assert not is_unsubscribe_link(article)
    assert quoted(f"More at {article}") == f"More at {article}"
