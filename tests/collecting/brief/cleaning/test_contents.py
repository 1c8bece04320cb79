"""A table of contents is left out: its lines stand again below, as headlines."""

from briefing.collecting.brief.cleaning.contents import without_contents
from briefing.collecting.brief.cleaning.pasted_lines import lines_of
from briefing.collecting.brief.paragraphs import split_paragraphs

ITEMS = "Pilots meet\nThey talked.\n\nCourt sits\nIt heard four.\n\nFerry stops\nUntil May.\n"


def read(text: str) -> tuple[list[str], list[str]]:
    """The lines that stay, and those that are left out."""
    left_out: list[str] = []
    lines = without_contents(list(lines_of(split_paragraphs(text))), left_out)
    return [line.text for line in lines], left_out


def test_a_list_of_the_headlines_is_left_out() -> None:
    text = f"Our week\n\n- Pilots meet\n- Court sits\n- Ferry stops\n\n{ITEMS}"
    kept, left_out = read(text)
    assert kept == ["Our week", *filter(None, ITEMS.split("\n"))]
    assert left_out == ["- Pilots meet", "- Court sits", "- Ferry stops"]


def test_two_repeated_lines_stay() -> None:
    text = f"Pilots meet\nCourt sits\n\n{ITEMS}"
    assert read(text)[1] == []


def test_lines_that_stand_together_again_stay() -> None:
    address = "Harbour House\n1 Quay Street\nExampleton\n"
    assert read(f"{address}\n{ITEMS}\n{address}")[1] == []


def test_lines_in_another_order_stay() -> None:
    text = f"Ferry stops\nPilots meet\nCourt sits\n\n{ITEMS}"
    assert read(text)[1] == []


def test_the_list_may_have_page_numbers_and_a_rule_below() -> None:
    text = f"Pilots meet ....... 1\nCourt sits ........ 2\nFerry stops ..... 14\n\n-----\n\n{ITEMS}"
    kept, left_out = read(text)
    assert left_out == [
        "Pilots meet ....... 1",
        "Court sits ........ 2",
        "Ferry stops ..... 14",
    ]
    assert kept[0] == "-----"
