"""Dates in a brief's lines, in all its languages."""

import datetime as dt

import pytest

from briefing.collecting.text.written_dates import find_dates

BEFORE = dt.date(2026, 11, 27)
TWENTIETH = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "2026-يىلى 20-نويابىر",
        "20 نوفمبر 2026",
        "٢٠ نوفمبر ٢٠٢٦",
        "۲۹ آبان ۱۴۰۵",
        "۲۹ آبان ماه ۱۴۰۵",
        "29 عقرب 1405",
        "۱۴۰۵/۸/۲۹",
        "1405-08-29",
        "20 novembre 2026",
        "20 de noviembre de 2026",
        "20 ноября 2026",
        "2026年11月20日",
        "20 Kasım 2026",
        "20 de novembro de 2026",
        "20 november 2026",
        "20 listopada 2026",
        "20 XI 2026 r.",
        "20.XI.2026",
        "الجمعة 10 جمادى الآخرة 1448هـ الموافق 20 نوفمبر 2026م",
        "20 листопада 2026",
        "2026 жылғы 20 қараша",
        "۲۰ نوامبر ۲۰۲۶",
        "20. November",
        "11/20",
    ],
)
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    (found,) = find_dates(text, BEFORE)
    assert (found.start, found.end) == (0, len(text))
    assert found.date == TWENTIETH


@pytest.mark.parametrize(
    "date", ["November 20", "November 20th", "20th November"]
)
def test_a_date_ends_before_a_colon(date: str) -> None:
    (found,) = find_dates(f"{date}: the ferry returns", BEFORE)
    assert (found.end, found.date) == (len(date), TWENTIETH)
    assert not find_dates("In November 20:15 is late.", BEFORE)


@pytest.mark.parametrize(
    "text", ["19–23 June", "2026年11月9日至13日", "11月9日至13日"]
)
def test_a_period_is_one_with_a_year_or_without(text: str) -> None:
    (found,) = find_dates(text, BEFORE)
    assert (found.start, found.end) == (0, len(text))
    assert found.is_period


@pytest.mark.parametrize("text", ["5 out of 10", "a set of 3 set 8"])
def test_short_months_that_are_words_of_other_languages_are_none(
    text: str,
) -> None:
    """They are October in Portuguese, and September in Italian."""
    assert not find_dates(text, BEFORE)


def test_the_letter_of_an_arabic_keyboard_is_read_in_the_name_of_a_month() -> (
    None
):
    (found,) = find_dates("۲۰ جدي ۱۴۰۴", BEFORE)
    assert found.date == dt.date(2026, 1, 10)


@pytest.mark.parametrize(
    ("days", "is_known"), [(-300, True), (0, True), (1, False), (60, False)]
)
def test_a_day_without_a_year_that_is_soon_is_not_a_year_old(
    days: int, is_known: bool
) -> None:
    day = BEFORE + dt.timedelta(days)
    (found,) = find_dates(f"{day:%-d %B}", BEFORE)
    assert found.date == (day if is_known else None)


def test_a_month_in_dari_without_a_year_is_an_ordinary_word() -> None:
    assert not find_dates("۵ اسد", BEFORE)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (
            "Heidekurier, Freitag, 20. November 2026",
            "Freitag, 20. November 2026",
        ),
        (
            "Heidekurier Freitag, 20. November 2026",
            "Freitag, 20. November 2026",
        ),
        ("Freitag, den 20. November 2026", "Freitag, den 20. November 2026"),
        ("Bild am Sonntag, 20. November 2026", "20. November 2026"),
        ("20 Kasım 2026 Cuma", "20 Kasım 2026 Cuma"),
    ],
)
def test_a_weekday_belongs_to_the_date_unless_it_is_part_of_a_name(
    text: str, date: str
) -> None:
    (found,) = find_dates(text, BEFORE)
    assert text[found.start : found.end] == date


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("9/10/2023", dt.date(2023, 10, 13), dt.date(2023, 10, 9)),
        ("10/9/2023", dt.date(2023, 10, 13), dt.date(2023, 10, 9)),
        ("9/10/2023", dt.date(2023, 10, 25), None),
        ("1/2/2019", dt.date(2023, 10, 13), None),
    ],
)
def test_of_two_readings_only_one_of_the_last_days_is_taken(
    text: str, before: dt.date, expected: dt.date | None
) -> None:
    found = find_dates(text, before)
    assert [date.date for date in found] == [expected]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Harbour Post 20/11", "20/11"),
        ("(Harbour Post 5/11)", "5/11"),
        ("late by 20/11", ""),
        ("Harbour Post 20/11 https://example.org/late", "20/11"),
    ],
)
def test_day_and_month_after_a_name_are_a_date(text: str, date: str) -> None:
    """But not after a word in small letters, or where they may as well be a fraction."""
    found = [text[date.start : date.end] for date in find_dates(text, BEFORE)]
    assert found == [date] * bool(date)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Friday 20 – Harbour Post", TWENTIETH),
        ("Vendredi 20 : Le Courrier", TWENTIETH),
        ("Fri 20, Harbour Post", TWENTIETH),
        ("Thursday 20 – Harbour Post", None),
        ("Friday 4 – Harbour Post", None),
        ("Friday 20 people came", None),
    ],
)
def test_a_weekday_with_the_number_of_a_day_is_a_date(
    text: str, date: dt.date | None
) -> None:
    """If that day, the last of this number before the brief's date, was that weekday."""
    assert [found.date for found in find_dates(text, BEFORE)] == [date] * bool(
        date
    )


def test_a_weekday_in_full_width_brackets_belongs_to_the_date() -> None:
    text = "11月20日（星期五）"
    (found,) = find_dates(text, BEFORE)
    assert (found.end, found.date) == (len(text), TWENTIETH)


@pytest.mark.parametrize(("text", "count"), [("Post 6/5", 1), ("Part 3/5", 0)])
def test_what_may_be_a_fraction_is_not_a_date(text: str, count: int) -> None:
    assert len(find_dates(text, dt.date(2026, 5, 8))) == count


def test_a_short_date_may_be_before_the_page_of_a_newspaper() -> None:
    (found,) = find_dates("(Hafenblatt vom 2.11., S. 3)", BEFORE)
    assert (found.date and found.date.month, found.end) == (11, 21)
    assert not find_dates("Sie warten bis 2.11., sagt S. 3", BEFORE)
