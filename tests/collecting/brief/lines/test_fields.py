"""Which labels the lines of a brief repeat, and which fields a line has."""

import pytest

from briefing.collecting.brief.lines.fields import (
    FIELDS,
    field_of,
    repeated_labels,
    split_fields,
)
from briefing.collecting.brief.vocabulary import words


def test_a_label_may_have_several_words() -> None:
    assert field_of("Қысқаша мазмұны: сот ашылды") == ("text", "сот ашылды")
    assert field_of("Pubblicato su: Eco di Karsa") == ("source", "Eco di Karsa")
    assert field_of("Link naar het artikel: a.example") == ("link", "a.example")


@pytest.mark.parametrize("field", FIELDS)
def test_labels_are_compared_as_they_are_written(field: str) -> None:
    signs = set("[]()|*{}")
    assert all(signs.isdisjoint(label) for label in words(f"{field}_field"))


def test_a_label_below_the_headlines_of_three_items_is_one() -> None:
    items = [
        ["Court opens at night", "Filed under: courts"],
        ["School sells its bell", "Filed under: schools"],
        ["Two maps of one village", "Filed under: maps"],
    ]
    assert repeated_labels(items) == {"filed under"}
    assert repeated_labels(items[:2]) == set()


def test_a_name_with_which_items_begin_is_not_a_label() -> None:
    apart = [
        [f"Harbour Post: {headline}", "Nobody says why."]
        for headline in ("Court opens", "Bell is sold", "Map is found")
    ]
    together = [
        "News",
        "Harbour Post: Court opens",
        "Radio Karsa: Bell is sold",
        "Harbour Post: Map is found",
        "Tidal: Ferry stays",
        "Harbour Post: Snow melts",
    ]
    assert repeated_labels(apart) == set()
    assert repeated_labels([together]) == set()


def test_the_words_of_a_field_are_a_label_if_an_item_has_two_of_them() -> None:
    assert repeated_labels([["Title: Court opens", "Outlet: Tidal"]]) == {
        "title",
        "outlet",
    }
    assert (
        repeated_labels([["Report: the court opens", "Nobody says why."]])
        == set()
    )


def test_a_line_may_have_several_fields() -> None:
    line = (
        "Source: Harbour Post | Date: 3 May | Link: https://post.example.org/1"
    )
    assert split_fields(line) == [
        "Source: Harbour Post",
        "Date: 3 May",
        "Link: https://post.example.org/1",
    ]
    assert split_fields("来源：《港口报》 时间：5月3日") == [
        "来源：《港口报》",
        "时间：5月3日",
    ]
    assert split_fields("Source: Report: the end") == [
        "Source: Report: the end"
    ]
