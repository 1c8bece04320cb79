"""Values become JSON and bytes and come back, and nothing else comes back."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.model import Item, Kind
from briefing.sandbox.plain_data import from_parts, to_parts


@dataclass(frozen=True)
class Everything:
    text: str
    data: bytes
    date: dt.date | None
    kind: Kind
    path: Path
    pairs: Mapping[str, int]
    numbers: Sequence[float]
    either: tuple[str | bytes | Item, ...]
    two: tuple[str, bool]


everything = st.builds(
    Everything,
    text=st.text(),
    data=st.binary(),
    date=st.none() | st.dates(),
    kind=st.sampled_from(Kind),
    path=st.just(Path("a/b")),
    pairs=st.dictionaries(st.text(), st.integers()),
    numbers=st.lists(st.floats(allow_nan=False)),
    either=st.lists(st.text() | st.builds(Item, heading=st.text())).map(tuple),
    two=st.tuples(st.text(), st.booleans()),
)


@given(everything)
def test_a_value_comes_back_as_it_was(value: Everything) -> None:
    assert from_parts(Everything, to_parts(value)) == value


@pytest.mark.parametrize(
    ("expected", "plain"),
    [
        (int, True),
        (int, "1"),
        (str, 1),
        (str, None),
        (bytes, 5),
        (bytes, "0"),
        (Kind, "poem"),
        (dt.date, "yesterday"),
        (Item, ["heading"]),
        (Item, {"heading": "a"}),
        (list[str], ["a", 1]),
        (tuple[str, str], ["a"]),
        (Mapping[str, int], [["a", "b"]]),
        (str | None, 1),
        (object, {"__class__": "os"}),
    ],
)
def test_anything_else_is_refused(expected: Any, plain: object) -> None:
    with pytest.raises(ValueError, match="is"):
        from_parts(expected, [json.dumps(plain).encode()])


@given(st.binary())
def test_bytes_that_are_not_json_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # json words it
        from_parts(Everything, [data])


def test_values_without_a_form_are_refused() -> None:
    with pytest.raises(TypeError, match="function can't be sent"):
        to_parts(lambda: None)
