"""What editors write to change a column."""

import pytest

from briefing.errors import RefusedError
from briefing.subscribers import assignments
from briefing.subscribers.assignments import (
    Assignment,
    is_assignment,
    parse_assignment,
)
from briefing.subscribers.reader_changes import Set
from briefing.subscribers.subscriber import Subscriber
from tests.subscribers.lists_in_memory import ANN

READER = Subscriber(ANN, "Ann", "en", {"tags": "press, board", "city": ""})


def changes(*texts: str) -> list[Set]:
    wanted = [parse_assignment(text) for text in texts]
    return assignments.changes([READER], wanted)


@pytest.mark.parametrize(
    ("text", "assignment"),
    [
        ("lang=DE", Assignment("lang", "=", "de")),
        ("Name = Ann  Lee ", Assignment("name", "=", "Ann  Lee")),
        ("tags+=press", Assignment("tags", "+=", "press")),
        ("tags-= press", Assignment("tags", "-=", "press")),
        ("Home town=", Assignment("home town", "=", "")),
        ("note=a=b", Assignment("note", "=", "a=b")),
    ],
)
def test_an_assignment_has_a_column_and_a_value(
    text: str, assignment: Assignment
) -> None:
    assert is_assignment(text)
    assert parse_assignment(text) == assignment


@pytest.mark.parametrize(
    "text",
    [ANN, "a" * 30, "mailto:leave@example.org?subject=0123", "=x", "1=x"],
)
def test_anything_else_names_a_reader(text: str) -> None:
    assert not is_assignment(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["lang=de"], [Set(ANN, "lang", "de")]),
        (
            ["name=", "city=Bonn"],
            [Set(ANN, "name", ""), Set(ANN, "city", "Bonn")],
        ),
        (["tags+=new"], [Set(ANN, "tags", "press, board, new")]),
        (["tags-=press"], [Set(ANN, "tags", "board")]),
        (["tags+=new", "tags-=press"], [Set(ANN, "tags", "board, new")]),
        (["lang=en", "tags+=press", "tags-=none", "phone="], []),
    ],
)
def test_only_what_differs_is_changed(
    texts: list[str], expected: list[Set]
) -> None:
    assert changes(*texts) == expected


@pytest.mark.parametrize(
    "text", ["lang=German", "note=" + "x" * 2_001, "tags+=a,b", "tags-="]
)
def test_a_value_that_cannot_stand_there_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="nothing was changed"):
        parse_assignment(text)


class TestColumns:
    def test_usual_columns_and_those_of_the_list_are_known(self) -> None:
        wanted = [Assignment("city", "=", "x"), Assignment("joined", "=", "x")]
        assignments.refuse_unknown(wanted, ["city"], new_columns=False)

    def test_another_one_is_a_slip_unless_it_is_wanted(self) -> None:
        wanted = [Assignment("ctiy", "=", "x")]
        with pytest.raises(RefusedError, match=r"did you mean 'city'\?"):
            assignments.refuse_unknown(wanted, ["city"], new_columns=False)
        assignments.refuse_unknown(wanted, ["city"], new_columns=True)

    def test_an_address_is_moved(self) -> None:
        wanted = [Assignment("email", "=", "x")]
        with pytest.raises(RefusedError, match="subscribers move"):
            assignments.refuse_unknown(wanted, [], new_columns=True)
