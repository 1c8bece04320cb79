"""Requests wait in the journal as they were made."""

import json

import pytest

from briefing.issue.edits import RemoveSection, SetField
from briefing.preview.desk.requests import (
    ApplyEdits,
    DeskRequest,
    Redo,
    Resolve,
    Undo,
    from_journal,
    to_journal,
)

TYPED = SetField("i1", "text", "So", "So it is.")


@pytest.mark.parametrize(
    "request_",
    [
        ApplyEdits((TYPED, RemoveSection("s1")), continues=True, key="a key"),
        ApplyEdits(()),
        Undo(),
        Redo(),
        Resolve(7, mine=True),
        Resolve(7, mine=False),
    ],
)
def test_a_request_comes_back_as_it_was(request_: DeskRequest) -> None:
    written = json.dumps(to_journal(request_))
    assert from_journal(json.loads(written)) == request_


def test_only_typing_is_repeated() -> None:
    change = ApplyEdits((RemoveSection("s1"), TYPED), key="a key")
    assert change.fields_only == ApplyEdits((TYPED,))
