"""Which headings begin an item, and which are titles of sections."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.evidence import Evidence
from briefing.collecting.brief.structure.headings import by_headings
from briefing.collecting.brief.structure.rows import rows_of

SITE = "https://delta.example.org"


def heading(words: str, level: int = 2) -> Paragraph:
    return Paragraph((words,), level=level)


def linked(words: str, behind: str = "") -> Paragraph:
    """A paragraph that begins with a link to a page of its own."""
    address = f"{SITE}/{words.lower().replace(' ', '-')}"
    return Paragraph((words + behind,), ((words, address),))


def divided(*paragraphs: Paragraph) -> list[tuple[str, str]]:
    """The kind and the first words of each segment."""
    segments = by_headings(rows_of(paragraphs), Evidence())
    return [(segment.kind, segment.rows[0].words) for segment in segments]


def test_a_heading_above_a_text_begins_an_item() -> None:
    text = Paragraph(("The ferry runs again.",))
    assert divided(heading("Ferry returns"), text) == [
        ("item", "Ferry returns")
    ]


def test_a_heading_above_links_to_several_pages_is_the_title_of_a_section() -> (
    None
):
    assert divided(
        heading("In short"),
        linked("Library", " | It opens at night."),
        linked("Mill Row", " | Nobody swept it."),
    ) == [
        ("section", "In short"),
        ("item", "Library | It opens at night."),
        ("item", "Mill Row | Nobody swept it."),
    ]


def test_a_heading_above_one_of_a_lower_level_is_the_title_of_a_section() -> (
    None
):
    text = Paragraph(("The ferry runs again.",))
    assert divided(heading("News", 2), heading("Ferry returns", 3), text) == [
        ("section", "News"),
        ("item", "Ferry returns"),
    ]


def test_buttons_are_not_a_list_of_items() -> None:
    assert divided(
        heading("How was it?"), linked("Loved it"), linked("Not for me")
    ) == [("item", "How was it?")]


def test_links_to_one_page_are_not_a_list_of_items() -> None:
    link = linked("The timetable of the ferry")
    assert divided(heading("Ferry returns"), link, link) == [
        ("item", "Ferry returns")
    ]


def test_a_label_may_stand_before_the_link_of_a_listed_item() -> None:
    listed = [
        Paragraph((f"Theatre: {words}",), ((words, f"{SITE}/{place}"),))
        for place, words in enumerate(["Reeds that dance", "Songs of silt"])
    ]
    assert [kind for kind, _ in divided(heading("On stage"), *listed)] == [
        "section",
        "item",
        "item",
    ]


def test_a_list_between_two_texts_is_part_of_a_story() -> None:
    above = Paragraph(("As every year, there are a few talks at the fair.",))
    talks = Paragraph(
        ("- Talk: Seeds without a licence", "- Talk: Reading a water bill"),
        (
            ("Seeds without a licence", f"{SITE}/seeds"),
            ("Reading a water bill", f"{SITE}/bill"),
        ),
    )
    below = Paragraph(("It is free for all, and we hope to see you there.",))
    assert divided(heading("The harvest fair"), above, talks, below) == [
        ("item", "The harvest fair")
    ]


def test_a_rule_is_not_a_heading() -> None:
    text = Paragraph(("The ferry runs again.",))
    assert divided(heading("Ferry returns"), text, heading("***")) == [
        ("item", "Ferry returns")
    ]
    assert divided(heading("***"), text) == []
    assert divided(heading("***")) == []


def test_a_link_without_words_begins_no_item() -> None:
    linked_space = Paragraph(("The ferry runs again.",), ((" ", SITE),))
    assert divided(heading("Ferry returns"), linked_space) == [
        ("item", "Ferry returns")
    ]
