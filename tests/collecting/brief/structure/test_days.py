"""The dates of days, above the items of a brief."""

from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.structure.days import ends_day
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
