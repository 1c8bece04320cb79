"""The fields of an opened part."""

import datetime as dt

import pytest

from briefing.issue.fields import ISSUE_FIELDS, ITEM_FIELDS
from briefing.issue.model import Issue, Item, Kind, Section
from briefing.issue.parts import Parts
from briefing.preview.parts.editor import open_part

ITEM = Item(heading="A ruling", date=dt.date(2020, 10, 8), text="It *ruled*.")


def parts(item: Item = ITEM) -> Parts:
    section = Section(title="News", items=(item,))
    return Parts.number(Issue(title="T", sections=(section,)))


def values(part: str, item: Item = ITEM) -> dict[str, str]:
    return {
        field.name: field.value for field in open_part(parts(item), part).fields
    }


def id_of(kind: str) -> str:
    numbered = parts()
    found = {
        "item": next(numbered.items).id,
        "section": numbered.sections[1].id,
    }
    return found[kind]


def test_an_item_has_its_fields_as_the_file_has_them() -> None:
    found = values(id_of("item"))
    assert found["heading"] == "A ruling"
    assert found["kind"] == "article"
    assert found["date"] == "2020-10-08"
    assert found["text"] == "It *ruled*."
    assert found["link"] == ""


def test_a_section_has_a_title_and_the_issue_all_its_fields() -> None:
    assert values(id_of("section")) == {"title": "News"}
    assert set(values("issue")) == set(ISSUE_FIELDS)


@pytest.mark.parametrize("part", ["", "i99", "s99", "../x", "\0"])
def test_a_part_that_does_not_exist_opens_the_issue(part: str) -> None:
    assert open_part(parts(), part).part == "issue"


@pytest.mark.parametrize(
    ("kind", "has_contact", "has_action"),
    [
        (Kind.ARTICLE, False, False),
        (Kind.BRIEF, False, False),
        (Kind.STATEMENT, True, False),
        (Kind.PRESS_RELEASE, True, True),
        (Kind.APPEAL, True, True),
    ],
)
def test_an_item_has_the_fields_of_its_kind(
    kind: Kind, has_contact: bool, has_action: bool
) -> None:
    found = values(id_of("item"), Item(kind=kind))
    assert ("contact" in found, "action" in found) == (has_contact, has_action)


def test_a_field_that_is_filled_in_is_shown_whatever_the_kind() -> None:
    item = Item(kind=Kind.ARTICLE, contact="Mira", action="Read")
    assert set(values(id_of("item"), item)) == set(ITEM_FIELDS) - {"original"}
