"""Every field of an issue is text to the editor, in the form that the file has."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue import markdown
from briefing.issue.fields import (
    ISSUE_FIELDS,
    ITEM_FIELDS,
    as_stored,
    item_of,
    value_of,
    values_of,
    with_value,
)
from briefing.issue.model import Issue, Item, Kind, Section
from tests.issue.strategies import AWKWARD, items

ANY_TEXT = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*AWKWARD, "\r\n", "\n", "\0", "\ud83d"])).map(
        "\n".join
    ),
)
FREE_FIELDS = sorted(set(ITEM_FIELDS) - {"kind", "date"})


class TestValues:
    def test_a_date_is_written_as_in_the_file(self) -> None:
        item = Item(date=dt.date(2020, 10, 9))
        assert value_of(item, "date") == "2020-10-09"

    def test_a_missing_value_is_empty(self) -> None:
        assert value_of(Item(), "date") == value_of(Item(), "link") == ""

    def test_a_field_that_the_part_does_not_have_is_empty(self) -> None:
        assert value_of(Section(title="News"), "heading") == ""
        assert value_of(Item(heading="A ruling"), "same_as") == ""

    def test_a_kind_is_its_name(self) -> None:
        assert value_of(Item(kind=Kind.BRIEF), "kind") == "brief"
        assert value_of(Item(), "kind") == "article"

    @given(items())
    def test_an_item_is_made_again_of_its_values(self, item: Item) -> None:
        assert item_of(values_of(item)) == item

    def test_only_fields_with_a_value_are_listed(self) -> None:
        assert values_of(Item(heading="A ruling")) == {"heading": "A ruling"}


class TestSetting:
    def test_a_date_and_a_kind_are_read_as_in_the_file(self) -> None:
        item = with_value(Item(), "date", " 2020-10-09 ")
        item = with_value(item, "kind", "Press-Release")
        assert item == Item(date=dt.date(2020, 10, 9), kind=Kind.PRESS_RELEASE)

    def test_an_empty_date_or_kind_is_none(self) -> None:
        item = Item(date=dt.date(2020, 10, 9), kind=Kind.BRIEF)
        for name in ("date", "kind"):
            item = with_value(item, name, "")
        assert item == Item()

    @pytest.mark.parametrize(
        ("name", "value", "why"),
        [
            ("date", "9 October", "'9 October' isn't a date"),
            ("kind", "breif", "there is no kind 'breif'; did you mean 'brief'"),
        ],
    )
    def test_what_the_file_cannot_have_is_an_error_with_the_reason(
        self, name: str, value: str, why: str
    ) -> None:
        with pytest.raises(ValueError, match=why):
            with_value(Item(), name, value)

    def test_what_would_be_a_heading_in_a_text_is_escaped(self) -> None:
        assert with_value(Item(), "text", "### So").text == r"\### So"
        issue = with_value(Issue(), "introduction", "So\n---")
        assert issue.introduction == "So\n\\---"

    def test_half_an_emoji_becomes_the_sign_for_an_unreadable_character(
        self,
    ) -> None:
        assert with_value(Item(), "heading", "so \ud83d").heading == "so \ufffd"

    def test_a_value_is_known_as_it_will_be_stored(self) -> None:
        assert as_stored(Item(), "heading", " A\nruling ") == "A ruling"
        assert as_stored(Item(), "date", "soon") == "soon"


class TestNothingBreaksTheFile:
    @given(st.sampled_from(FREE_FIELDS), ANY_TEXT)
    def test_a_field_of_an_item(self, name: str, typed: str) -> None:
        item = with_value(Item(heading="So"), name, typed)
        issue = Issue(title="Brief", sections=(Section(items=(item, item)),))
        assert markdown.read(markdown.write(issue), Path()) == issue
        assert_words_are_kept(typed, value_of(item, name))

    @given(st.sampled_from(sorted(set(ISSUE_FIELDS) - {"date"})), ANY_TEXT)
    def test_a_field_of_the_issue(self, name: str, typed: str) -> None:
        issue = with_value(Issue(title="Brief"), name, typed)
        assert markdown.read(markdown.write(issue), Path()) == issue
        assert_words_are_kept(typed, value_of(issue, name))

    @given(ANY_TEXT)
    def test_the_title_of_a_section(self, typed: str) -> None:
        section = with_value(Section(title=""), "title", typed)
        issue = Issue(title="Brief", sections=(section,))
        assert markdown.read(markdown.write(issue), Path()) == issue
        assert_words_are_kept(typed, value_of(section, "title"))


def assert_words_are_kept(typed: str, kept: str) -> None:
    readable = typed.replace("\0", "").replace("\ud83d", "\ufffd")
    readable = readable.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )
    assert words(readable) == words(kept)


def words(text: str) -> list[str]:
    """The words of a text, without the backslash before what would be a heading."""
    return text.replace("\\", "").split()
