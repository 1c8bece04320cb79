"""First and last names in two columns become one name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.subscribers.names import join_name
from briefing.subscribers.subscriber_list import open_list, read_all


def name_in(folder: Path, heading: str, row: str) -> str:
    path = folder / "list.csv"
    path.write_text(f"{heading}\n{row}\n", "utf-8")
    (reader,) = read_all(open_list(path)).subscribers
    return reader.name


@pytest.mark.parametrize(
    ("first", "last", "lang", "name"),
    [
        ("Ann", "Lee", "", "Ann Lee"),
        ("Ann", "Lee", "en-gb", "Ann Lee"),
        ("Ayşe", "Yılmaz", "tr", "Ayşe Yılmaz"),
        ("Péter", "Nagy", "hu", "Nagy Péter"),
        ("Xiaoming", "Wang", "zh", "Wang Xiaoming"),
        ("Xiaoming", "Wang", "zh-hans", "Wang Xiaoming"),
        ("小明", "王", "zh", "王小明"),
        ("小明", "王", "en", "王小明"),
        ("민수", "김", "", "김민수"),
        ("ئايگۈل", "تۇرسۇن", "ug", "ئايگۈل تۇرسۇن"),
        ("Ann", "", "", "Ann"),
        ("", "Lee", "hu", "Lee"),
        ("", "", "", ""),
        ("Ann Lee", "Lee", "", "Ann Lee"),
        ("Ann", "Ann Lee", "hu", "Ann Lee"),
        ("Lee", "Lee", "", "Lee Lee"),
    ],
)
def test_the_language_decides_the_order(
    first: str, last: str, lang: str, name: str
) -> None:
    assert join_name(first, last, lang) == name


@given(st.text(), st.text(), st.sampled_from(["", "en", "hu", "zh-hans"]))
def test_no_part_of_a_name_is_lost(first: str, last: str, lang: str) -> None:
    name = join_name(first, last, lang)
    letters = set("".join((first + last).casefold().split()))
    assert set("".join(name.casefold().split())) == letters


@pytest.mark.parametrize(
    "heading",
    [
        "Email Address,First Name,Last Name",  # Mailchimp's export
        "EMAIL,FNAME,LNAME",  # Mailchimp's merge fields
        "email,first_name,last_name",  # SendGrid
        "EMAIL,VORNAME,NACHNAME",  # Brevo
        "E-mail 1 - Value,Given Name,Family Name",  # Google's contacts
        "E-mail Address,First Name,Last Name",  # Outlook
        "email,Forename,Surname",
        "email,Name,Surname",
        "E-Mail,Vorname,Nachname",
        "E-Mail,Vorname,Name",
        "E-posta,Ad,Soyad",
        "E-posta,Adı,Soyadı",
        "ئېلخەت,ئىسىم,فامىلە",
        "邮箱,名,姓",
        "邮箱,名字,姓氏",
    ],
)
def test_the_columns_are_found_in_many_exports(
    tmp_path: Path, heading: str
) -> None:
    assert name_in(tmp_path, heading, "ann@example.org,Ann,Lee") == "Ann Lee"


def test_the_order_of_the_columns_does_not_matter(tmp_path: Path) -> None:
    for heading, row in (
        ("Name;Vorname;E-Mail", "Lee;Ann;ann@example.org"),
        ("Soyad,E-posta,Ad", "Lee,ann@example.org,Ann"),
        ("姓,名,邮箱", "Lee,Ann,ann@example.org"),
    ):
        assert name_in(tmp_path, heading, row) == "Ann Lee"


def test_the_language_of_the_reader_counts(tmp_path: Path) -> None:
    heading = "email,lang,First Name,Last Name"
    row = "nagy@example.org,hu,Péter,Nagy"
    assert name_in(tmp_path, heading, row) == "Nagy Péter"


def test_a_column_with_the_whole_name_comes_first(tmp_path: Path) -> None:
    heading = "email,Name,Given Name,Family Name"
    assert (
        name_in(tmp_path, heading, "ann@example.org,Annie,Ann,Lee") == "Annie"
    )
    assert name_in(tmp_path, heading, "ann@example.org,,Ann,Lee") == "Ann Lee"


def test_one_of_the_two_is_enough(tmp_path: Path) -> None:
    assert name_in(tmp_path, "email,First Name", "ann@example.org,Ann") == "Ann"
    assert name_in(tmp_path, "email,Last Name", "ann@example.org,Lee") == "Lee"


def test_both_stay_columns_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "email,First Name,Last Name\nann@example.org,Ann,Lee\n", "utf-8"
    )
    (reader,) = read_all(open_list(path)).subscribers
    assert reader.columns == {"first name": "Ann", "last name": "Lee"}


def test_a_last_visit_is_not_a_last_name(tmp_path: Path) -> None:
    heading = "email,First,Last"
    assert name_in(tmp_path, heading, "ann@example.org,2019,2020") == ""
