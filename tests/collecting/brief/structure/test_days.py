"""The dates of days, above the items of a brief."""

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.days import ends_day, split_by_days
from briefing.collecting.brief.structure.rows import rows_of


def test_a_heading_ends_a_day_unless_it_is_below_that_of_the_day() -> None:
    emphasised, section, day, topic = rows_of(
        split_paragraphs(
            "**Monday, 3 May**\n\n# Courts\n\n## Tuesday, 4 May\n\n### Trials"
        )
    )
    assert ends_day(topic, emphasised)
    assert ends_day(section, day)
    assert not ends_day(topic, day)


def test_two_addresses_below_one_headline_are_not_those_of_a_day() -> None:
    rows = rows_of(
        split_paragraphs(
            "3 May 2024\nFerry returns\nhttps://delta.example.org/1\n"
            "https://tidal.example.org/2\n\nThe mill turns"
        )
    )
    assert [day for day, _ in split_by_days(rows, None)] == [None]
