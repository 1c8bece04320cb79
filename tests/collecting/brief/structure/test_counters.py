"""What counts the items of a brief at the start of their lines."""

import pytest

from briefing.collecting.brief.structure.counters import find_counters

HEADLINES = ("Court opens at night", "School sells its bell", "Fog stays")


def without_counters(*counters: str, alone: bool = False) -> list[str]:
    """The headlines behind some counters, without what was found to count them."""
    lines = [
        f"{counter} {headline}".strip()
        for counter, headline in zip(counters, HEADLINES, strict=True)
    ]
    numbers = range(len(lines)) if alone else ()
    ends = find_counters(lines, numbers)
    return [
        line[ends.get(number, 0) :].strip() for number, line in enumerate(lines)
    ]


@pytest.mark.parametrize(
    "counters",
    [
        ("01", "02", "03"),
        ("1:", "2:", "3:"),
        ("№ 1", "№ 2", "№ 3"),
        ("#1", "#2", "#3"),
        ("(1)", "(2)", "(3)"),
        ("1 |", "2 |", "3 |"),
        ("Item 1:", "Item 2:", "Item 4:"),
        ("A.", "B.", "C."),
        ("1.1", "1.2", "2.1"),
        ("A.1", "A.2", "B.1"),
        ("06:10", "06:13", "06:20"),
        ("(00:12)", "(02:14)", "(11:40)"),
    ],
)
def test_what_rises_from_line_to_line_counts(counters: tuple[str, ...]) -> None:
    assert without_counters(*counters) == list(HEADLINES)


@pytest.mark.parametrize(
    "counters",
    [
        ("812", "655", "420"),
        ("12", "13", "14"),
        ("4 March", "5 March", "6 March"),
        ("4 Mart –", "5 Mart –", "6 Mart –"),
        ("04.03 |", "05.03 |", "06.03 |"),
        ("9:30", "8:15", "7:00"),
        ("2019", "2020", "2021"),
        ("A", "B", "C"),
        ("Day 1", "Day 2", "Day 3"),
    ],
)
def test_other_numbers_belong_to_the_words(counters: tuple[str, ...]) -> None:
    lines = [
        f"{counter} {headline}"
        for counter, headline in zip(counters, HEADLINES, strict=True)
    ]
    assert without_counters(*counters) == lines


def test_the_letters_of_sections_belong_to_their_titles() -> None:
    assert without_counters("A.", "B.", "C.", alone=True)[0].startswith("A.")


def test_counting_may_begin_again_and_skip_other_lines() -> None:
    lines = ["1 Bell", "2 Fog", "12 people saw it", "1 Court", "2 Map", ""]
    assert find_counters(lines, ()) == {0: 1, 1: 1, 3: 1, 4: 1}
