"""What speaks against a reading because its items begin in the wrong place."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.rows import rows_of
from briefing.collecting.brief.structure.segments import (
    ITEM,
    SECTION,
    Segment,
)
from briefing.collecting.brief.structure.starts import (
    against_starts,
    is_text_below,
)

HEADING, PROSE, OTHER = rows_of(
    [
        Paragraph(("Ferry returns",), level=2),
        Paragraph(("It runs again, for the first time in years.",)),
        Paragraph(("Mill opens",)),
    ]
)
SECTION_OF_FERRY = Segment(SECTION, (HEADING,))
PROSE_ITEM = Segment(ITEM, (PROSE,))


def test_the_heading_above_the_only_prose_is_its_headline() -> None:
    assert against_starts([SECTION_OF_FERRY, PROSE_ITEM]) > 0


def test_a_heading_above_several_items_is_the_title_of_their_section() -> None:
    several = [SECTION_OF_FERRY, PROSE_ITEM, Segment(ITEM, (OTHER,))]
    assert against_starts(several) == 0


def test_an_item_that_begins_with_a_headline_may_be_below_a_heading() -> None:
    assert against_starts([SECTION_OF_FERRY, Segment(ITEM, (OTHER,))]) == 0


def test_prose_directly_below_a_heading_is_its_text() -> None:
    assert is_text_below(HEADING, PROSE)
    assert not is_text_below(HEADING, OTHER)
    assert not is_text_below(OTHER, PROSE)
