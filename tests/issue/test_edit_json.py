"""Edits travel as JSON; what describes no edit is refused, whatever it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.edit_json import from_json, known_edits, to_json
from briefing.issue.edits import (
    AddItem,
    AddSection,
    Edit,
    MoveItem,
    MoveSection,
    Refusal,
    RemoveItem,
    RemoveSection,
    SetField,
)
from briefing.issue.parts import ItemPlace

EDITS: list[Edit] = [
    SetField("i1", "text", "before", "after"),
    MoveItem("i1", "s2", "i3"),
    MoveItem("i1", "s2", "i3", ItemPlace("s4", "i5")),
    MoveSection("s1", "s2"),
    AddItem({"heading": "So"}, "s1", "i2", "i3"),
    RemoveItem("i1", "digest"),
    AddSection("News", "s1", "s2"),
    RemoveSection("s1"),
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_comes_back_as_it_was(edit: Edit) -> None:
    assert from_json(json.loads(json.dumps(to_json(edit)))) == edit


def test_edits_that_this_version_does_not_know_are_left_out() -> None:
    values = [to_json(EDITS[0]), {"do": "shout"}, to_json(EDITS[1])]
    assert known_edits(values) == (EDITS[0], EDITS[1])


def test_what_has_a_default_may_be_missing() -> None:
    move = {"do": "move-item", "item": "i1", "section": "s2"}
    assert from_json(move) == MoveItem("i1", "s2")


@pytest.mark.parametrize(
    ("value", "key", "why"),
    [
        ([], "", "an edit must be an object"),
        ({}, "do", "'do' must be one of set-field, move-item, "),
        ({"do": "shout"}, "do", "'do' must be one of set-field, "),
        ({"do": ["set-field"]}, "do", "'do' must be one of "),
        ({"do": "move-section"}, "section", "'section' is missing"),
        (
            {"do": "move-section", "section": "s1", "path": "/"},
            "path",
            "'path' isn't a key of this edit",
        ),
        (
            {"do": "move-section", "section": 1},
            "section",
            "'section' must be a text",
        ),
        (
            {"do": "add-item", "section": "s1", "item": {"heading": None}},
            "item",
            "'item' must be an object of texts",
        ),
        (
            {"do": "move-item", "item": "i1", "section": "", "before": {}},
            "before",
            "'before' must be an object with 'section' and 'after'",
        ),
    ],
)
def test_what_describes_no_edit_is_refused_with_the_reason(
    value: Any, key: str, why: str
) -> None:
    refusal = from_json(value)
    assert isinstance(refusal, Refusal)
    assert refusal.field == key
    assert refusal.why.startswith(why)


@given(st.sampled_from(EDITS), st.data())
def test_no_value_of_a_key_is_an_error(edit: Edit, data: st.DataObject) -> None:
    keys = to_json(edit)
    key = data.draw(st.sampled_from(sorted(keys)))
    is_answer = isinstance(keys[key], bool)
    keys[key] = data.draw(anything)
    result = from_json(keys)
    if not isinstance(result, Refusal):
        allowed = bool if is_answer else str | dict | None
        assert isinstance(keys[key], allowed)


@given(anything)
def test_nothing_else_is_an_edit(value: Any) -> None:
    assert isinstance(from_json(value), Refusal)
