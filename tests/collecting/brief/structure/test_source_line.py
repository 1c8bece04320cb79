"""Words that name a source, an author or a date."""

import datetime as dt

from briefing.collecting.brief.structure.publisher_names import likelihood
from briefing.collecting.brief.structure.source_line import (
    date_alone,
    labelled_source,
    split_author,
)


def test_the_second_author_is_not_a_publisher() -> None:
    assert split_author("By Jane Doe, and John Doe, Harbour Post") == (
        "By Jane Doe, and John Doe",
        "Harbour Post",
    )


def test_a_time_may_be_before_a_date_or_behind_it() -> None:
    for text in ("14:30, 3 May 2024", "3 May 2024, 14:30"):
        found = date_alone(text, None)
        assert found
        assert found.date == dt.date(2024, 5, 3)


def test_a_sentence_behind_the_label_of_a_source_is_not_a_name() -> None:
    assert labelled_source("Source: Harbour Post") == "Harbour Post"
    sentence = "people who live near the river and have seen the ferries"
    assert labelled_source(f"Source: {sentence} {sentence}") == ""


def test_what_leads_to_a_deadline_is_not_a_name() -> None:
    assert likelihood("Deadline", "") == 0


def test_from_leads_to_a_source_but_not_to_a_time() -> None:
    assert labelled_source("From: Bell Ringers and nine others") == (
        "Bell Ringers and nine others"
    )
    assert not labelled_source("From: 10:00 to noon")
    assert not labelled_source("From: 3–5 March 2024")
