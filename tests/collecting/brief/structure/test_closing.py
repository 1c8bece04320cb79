"""Where a brief ends: at the sign-off below its last news."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.closing import split_closing
from briefing.collecting.brief.structure.rows import rows_of


def link(words: str, number: int) -> Paragraph:
    return Paragraph((words,), ((words, f"https://example.org/{number}"),))


NEWS = link("The ferry to Delta returns", 1)
FAREWELL = Paragraph(("👋 That's a wrap!",))


def closing(*paragraphs: Paragraph) -> list[str]:
    """The words of the rows that end a brief."""
    _, end = split_closing(rows_of(paragraphs))
    return [row.words for row in end]


def test_buttons_may_be_below_the_sign_off() -> None:
    assert closing(NEWS, FAREWELL, link("👍 Loved it!", 2)) == [
        "That's a wrap!",
        "Loved it!",
    ]


def test_news_below_a_sign_off_go_on() -> None:
    assert closing(NEWS, FAREWELL, link("A choir finds its archive", 2)) == []


def test_a_sign_off_above_all_links_ends_nothing() -> None:
    assert closing(FAREWELL, NEWS) == []
