"""A plain row is read in one step, and gives the reader that the careful way gives."""

import csv

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.subscribers.csv_columns import find_columns, read_row
from briefing.subscribers.plain_rows import plain_reader
from briefing.subscribers.subscriber import Subscriber
from tests.subscribers.lists import DELIMITERS, LINE_ENDS

HEADINGS = ["tags", "email", "", "name", "lang"]

LIKE_ADDRESSES = st.builds(
    "{}@{}".format,
    st.text("aB1._+-ü'", max_size=6),
    st.lists(
        st.sampled_from(["a", "B", "xn--a", "a-b", "-a", "test", "org", "ü"]),
        max_size=4,
    ).map(".".join),
)
TEXTS = st.text("aB1 ._'\"=?+-@,;\t\u0130\u200f\u2028\xa0\xadئە姓\0\x1f")
LONG = st.builds(
    "{}{}".format, TEXTS, st.sampled_from(["", "a" * 190, "b" * 260])
)
LANGUAGES = st.sampled_from(
    ["", "en", "EN", "de-at", "zh_hans", "e", "eng", "ı"]
)


def careful(text: str, delimiter: str) -> Subscriber | None:
    """The reader in a row; None if it is refused, or isn't a row on its own."""
    try:
        (cells,) = csv.reader(
            [text], delimiter=delimiter, strict=True, skipinitialspace=True
        )
        return read_row(7, cells, find_columns(HEADINGS))
    except (ValueError, csv.Error):
        return None


@given(
    tags=LONG,
    address=LIKE_ADDRESSES | TEXTS,
    name=LONG,
    lang=LANGUAGES,
    unheaded=st.sampled_from(["", "", " ", "x"]),
    delimiter=st.sampled_from(DELIMITERS),
    line_end=st.sampled_from(["", *LINE_ENDS]),
)
@example("", "a@b.test", "", "", "", ",", "\n")
@example("", "a@b.org", "A", "en", "", ",", "\n")
@example(
    "", f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 60}.org", "", "", "", ",", ""
)
def test_the_careful_way_gives_the_same_reader(
    tags: str,
    address: str,
    name: str,
    lang: str,
    unheaded: str,
    delimiter: str,
    line_end: str,
) -> None:
    text = delimiter.join([tags, address, unheaded, name, lang]) + line_end
    found = plain_reader(find_columns(HEADINGS), delimiter)(7, text)
    assert found is None or found == careful(text, delimiter)


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("line_end", ["", *LINE_ENDS])
@pytest.mark.parametrize(
    "cells",
    [
        ["press", "amina@example.org", "", "Amina Example", "en"],
        ["", "AMINA+news@Example.ORG", "", "", ""],
        ["", "amina@example.org", "", "ئامىنە", "ug"],
        ["a/b", "amina@mail.example.org", "", "Dr. A.-B. Lee (Bern)", ""],
    ],
)
def test_nearly_all_rows_are_plain(
    cells: list[str], delimiter: str, line_end: str
) -> None:
    text = delimiter.join(cells) + line_end
    found = plain_reader(find_columns(HEADINGS), delimiter)(7, text)
    assert found == careful(text, delimiter)
    assert found is not None


@pytest.mark.parametrize(
    "row",
    [
        "",
        "amina@example.org",
        "amina@example.org,'=A,",
        'amina@example.org,"A",',
        "amina@example.org,A =? B,",
        "amina@example.org, A,",
        "amina@example.org,A ,",
        "amina@example.org,A,EN",
        "amina@example.test,A,en",
        "amina@exämple.org,A,en",
        f"amina@example.org,{'a' * 201},en",
    ],
)
def test_other_rows_are_left_to_the_careful_way(row: str) -> None:
    columns = find_columns(["email", "name", "lang"])
    assert plain_reader(columns, ",")(7, row) is None


def test_two_columns_of_names_are_joined_by_the_careful_way() -> None:
    columns = find_columns(["email", "first name", "last name"])
    row = "amina@example.org,Amina,Example"
    assert plain_reader(columns, ",")(7, row) is None
