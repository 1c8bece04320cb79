"""Questions, lists to choose from, and what a person types."""

import datetime as dt

import pytest

from briefing.cli.prompts import parse_numbers, print_choice
from briefing.text.width import width


def test_a_date_is_shown_with_its_year_unless_it_is_this_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    today = dt.date(2021, 1, 4)
    print_choice(1, dt.date(2021, 1, 3), "New", today)
    print_choice(2, dt.date(2020, 12, 31), "Old", today)
    print_choice(3, None, "Undated", today)
    assert capsys.readouterr().out.splitlines() == [
        "   1  03 Jan       New",
        "   2  31 Dec 2020  Old",
        "   3               Undated",
    ]


def test_a_line_has_room_for_wide_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    day = dt.date(2021, 1, 3)
    print_choice(1, day, "第二法院认定旧地图有效" * 5, today=day)
    assert width(capsys.readouterr().out.rstrip("\n")) in {79, 80}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("all", [1, 2, 3, 4, 5]),
        (" ALL ", [1, 2, 3, 4, 5]),
        ("none", []),
        ("3", [3]),
        ("1,3-5", [1, 3, 4, 5]),
        ("5; 1 2", [5, 1, 2]),
        ("3,1", [3, 1]),
        ("2-4, 3-5", [2, 3, 4, 5]),
    ],
)
def test_numbers_and_ranges_are_chosen_once_each(
    text: str, numbers: list[int]
) -> None:
    assert parse_numbers(text, 5) == numbers


@pytest.mark.parametrize(
    "text",
    ["0", "6", "4-6", "3-2", "-1", "1-", "a", "", "٣", "1-2-3", "9" * 40],
)
def test_anything_else_is_explained(text: str) -> None:
    with pytest.raises(
        ValueError,
        match=r"isn't from 1 to 5. Type numbers such as 1,3-5, or 'all', or 'none'",
    ):
        parse_numbers(text, 5)
