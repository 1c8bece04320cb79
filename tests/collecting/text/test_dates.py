"""Which lines have a date, and which only look like it."""

import datetime as dt

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.text.written_dates import (
    is_month,
    mentioned,
    split_date,
    split_leading_date,
)

EIGHTH = dt.date(2020, 10, 8)


def find_date(line: str) -> dt.date | None:
    """The date that a line is, or that it ends with."""
    split = split_date(line)
    return split[1] if split else None


@pytest.mark.parametrize(
    "line",
    [
        "8 October 2020",
        "08 October 2020",
        "8th October 2020",
        "the 8th of October 2020",
        "October 8, 2020",
        "Oct. 8th, 2020",
        "8 Oct 2020",
        "8. Oktober 2020",
        "8. Okt. 2020",
        "8 Ekim 2020",
        "8 EKİM 2020",
        "8 Eki 2020",
        "8.10.2020",
        "08.10.2020",
        "2020-10-08",
        "8.10.20",
    ],
)
def test_a_date_is_read_in_english_german_turkish_and_numbers(
    line: str,
) -> None:
    assert find_date(line) == EIGHTH


@pytest.mark.parametrize("locale", ["en", "en_GB", "de", "de_AT", "tr"])
@pytest.mark.parametrize(
    "pattern",
    ["d MMMM y", "d MMM y", "EEEE, d MMMM y", "d. MMMM y", "d MMMM y EEEE"],
)
@given(date=st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_every_date_that_babel_writes_is_read(
    locale: str, pattern: str, date: dt.date
) -> None:
    assert find_date(format_date(date, pattern, locale=locale)) == date


@pytest.mark.parametrize(
    ("line", "before"),
    [
        ("BBC, 8 October 2020", "BBC,"),
        ("BBC, 8 October 2020.", "BBC,"),
        ("BBC – Thursday, 8 October 2020", "BBC –"),
        ("taz | Donnerstag, den 8. Oktober 2020", "taz |"),
        ("AA, 8 Ekim 2020 Perşembe", "AA,"),
        ("BBC (8 October 2020)", "BBC ("),
        ("BBC–8 October 2020", "BBC–"),
        ("BBC,\u00a08\u00a0October\u00a02020", "BBC,"),
        ("Bild am Sonntag, 8. Oktober 2020", "Bild am Sonntag,"),
        ("The Sun, 8 October 2020", "The Sun,"),
        ("8 October 2020", ""),
    ],
)
def test_the_text_before_the_date_comes_without_the_weekday(
    line: str, before: str
) -> None:
    """A weekday that belongs to a newspaper's name isn't taken off it."""
    assert split_date(line) == (before, EIGHTH)


@pytest.mark.parametrize(
    "line",
    [
        "31 February 2020",
        "2020-13-01",
        "0 May 2020",
        "8 October",
        "8 October 20",
        "8 people 2020",
        "22–24 September 2020",
        "22 - 24 September 2020",
        "8 October 2020 was a Thursday in Exampleton",
        "",
    ],
)
def test_a_line_needs_a_complete_existing_date_at_its_end(line: str) -> None:
    assert find_date(line) is None


def test_a_date_with_slashes_counts_only_if_it_has_one_reading() -> None:
    assert find_date("08/10/2020") is None
    assert (
        find_date("13/10/2020")
        == find_date("10/13/2020")
        == dt.date(2020, 10, 13)
    )
    assert find_date("08/08/2020") == dt.date(2020, 8, 8)


def test_a_date_may_begin_a_line_after_its_weekday() -> None:
    assert split_leading_date("8.10.2020 - BBC") == (EIGHTH, "- BBC")
    assert split_leading_date("Thursday, 8 October 2020 – BBC") == (
        EIGHTH,
        "– BBC",
    )
    assert split_leading_date("BBC, 8 October 2020") is None


def test_the_first_complete_date_in_a_text_is_found() -> None:
    assert (
        mentioned(
            "In May, and on the 8th of October 2020, then on 9 October 2020."
        )
        == EIGHTH
    )
    assert mentioned("On 30 February 2020 or 8 Ekim 2020'de") == EIGHTH
    assert mentioned("On 8 October we met.") is None


def test_months_are_recognised_in_full_and_abbreviated_with_any_turkish_i() -> (
    None
):
    assert all(
        is_month(name)
        for name in ("Mai", "Sept.", "KASIM", "Kasım", "Jänner", "Ara")
    )
    assert not is_month("Mahnwache")


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    find_date(text)
    mentioned(text)
