"""What speaks against a reading because its items begin in the wrong place."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.rows import rows_of
from briefing.collecting.brief.structure.segments import (
    ITEM,
    SECTION,
    Segment,
)
from briefing.collecting.brief.structure.stories import is_text_below
from briefing.collecting.brief.structure.wrong_starts import (
    against_wrong_starts,
)
from tests.collecting.brief.pasting import read

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
    assert against_wrong_starts([SECTION_OF_FERRY, PROSE_ITEM]) > 0


def test_a_heading_above_several_items_is_the_title_of_their_section() -> None:
    several = [SECTION_OF_FERRY, PROSE_ITEM, Segment(ITEM, (OTHER,))]
    assert against_wrong_starts(several) == 0


def test_an_item_that_begins_with_a_headline_may_be_below_a_heading() -> None:
    assert (
        against_wrong_starts([SECTION_OF_FERRY, Segment(ITEM, (OTHER,))]) == 0
    )


def test_prose_directly_below_a_heading_is_its_text() -> None:
    assert is_text_below(HEADING, PROSE)
    assert not is_text_below(HEADING, OTHER)
    assert not is_text_below(OTHER, PROSE)


def test_points_above_the_link_of_their_item_are_its_text() -> None:
    text = """
• Weavers describe the contracts (Harbour Post, 11 February 2024)
- they are signed at night
https://harbour-post.example.org/1

• Court rejects an appeal (Radio Karsa, 12 February 2024)
- it is the third one
https://karsa.example.org/2
"""
    assert [(parsed.item.text, parsed.item.link) for parsed in read(text)] == [
        ("- they are signed at night", "https://harbour-post.example.org/1"),
        ("- it is the third one", "https://karsa.example.org/2"),
    ]


def test_an_item_without_a_link_is_one_although_that_below_has_one() -> None:
    text = """
• Weavers describe the contracts
Officials gave no reason.
Harbour Post – 11 February 2024
https://harbour-post.example.org/1
• Court rejects a third appeal
Nobody answered the phone.
Radio Karsa – 12 February 2024
• Fishermen want their boats back
The building is closed.
The Inland Mail – 13 February 2024
https://short.example.org/2
"""
    links = {parsed.item.source: parsed.item.link for parsed in read(text)}
    assert links == {
        "Harbour Post": "https://harbour-post.example.org/1",
        "Radio Karsa": "",
        "The Inland Mail": "https://short.example.org/2",
    }


def test_a_row_without_a_bullet_begins_no_item_within_one() -> None:
    """It reads better than the bullet, but repeats it."""
    text = """
• Harbour Post: Ferry returns to the pier
Read more: Ferry returns to the pier | Harbour Post
https://post.example.org/1
• Radio Karsa: Court opens at night
Read more: Court opens at night | Radio Karsa
https://karsa.example.org/2
• Tidal: Mill turns again
• The Inland Mail: Choir sings outside
Read more: Choir sings outside | The Inland Mail
https://inland.example.org/4
"""
    assert [parsed.item.heading for parsed in read(text)] == [
        "Ferry returns to the pier",
        "Court opens at night",
        "Mill turns again",
        "Choir sings outside",
    ]
