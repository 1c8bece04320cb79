"""Of kept words whose part is back, those that are in the file need no decision, and those that were
typed over exactly what it has now are put back.
"""

from dataclasses import replace

import pytest

from briefing.issue.edits import SetField
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import Parts
from briefing.preview.desk.records import KeptReason, KeptWords
from briefing.preview.desk.returned_words import (
    edit_restoring,
    returned,
    settled,
)

RULING = Item(heading="A ruling", text="So.")
PARTS = Parts.number(
    Issue(
        title="Brief",
        sections=(Section(items=(RULING,)), Section(title="News")),
    )
)
MINE = KeptWords("i1", "text", "Earlier.", "Mine.", KeptReason.CHANGED, id=7)
GONE = KeptWords("i1", "text", "So.", "So it is.", KeptReason.GONE, id=8)


@pytest.mark.parametrize(
    ("reason", "words", "is_settled"),
    [
        (KeptReason.CHANGED, "So.", True),
        (KeptReason.CHANGED, "", False),
        (KeptReason.OVERWRITTEN, "", True),
        (KeptReason.OVERWRITTEN, "So.", True),
        (KeptReason.OVERWRITTEN, "So. And so on.", False),
    ],
)
def test_words_that_are_in_the_issue_need_no_decision(
    reason: KeptReason, words: str, *, is_settled: bool
) -> None:
    kept = replace(MINE, reason=reason, words=words)
    gone = replace(kept, part="i9", id=6)
    assert list(settled([gone, kept], PARTS)) == [7] * is_settled


def test_nor_does_a_part_that_is_back_as_it_was() -> None:
    kept = KeptWords(
        "i1", "", "", "A ruling", KeptReason.OVERWRITTEN, {"text": "So."}, 7
    )
    assert list(settled([kept], PARTS)) == [7]
    without = replace(kept, item={"text": "So it is."})
    assert list(settled([without], PARTS)) == []


def test_words_of_a_part_that_is_back_as_it_was_are_put_back() -> None:
    title = KeptWords("s2", "title", "News", "All news", KeptReason.GONE, id=9)
    assert returned([GONE, title], PARTS) == [GONE, title]
    assert list(settled([GONE, title], PARTS)) == []
    assert edit_restoring(GONE) == SetField("i1", "text", "So.", "So it is.")


def test_so_is_what_was_deleted() -> None:
    nothing = replace(GONE, words="")
    assert returned([nothing], PARTS) == [nothing]
    assert list(settled([nothing], PARTS)) == []


def test_words_of_a_field_that_their_part_does_not_have_stay() -> None:
    """Another version of this program may know it."""
    unknown = replace(GONE, field="unknown", before="")
    assert returned([unknown], PARTS) == []
    assert list(settled([unknown], PARTS)) == []


@pytest.mark.parametrize(
    "kept",
    [
        replace(GONE, part="i9"),
        replace(GONE, before="So it was."),
        replace(GONE, field="unknown"),
        replace(GONE, reason=KeptReason.CHANGED),
        replace(GONE, reason=KeptReason.OVERWRITTEN),
        replace(GONE, reason=KeptReason.READ_ONLY),
    ],
)
def test_all_other_words_wait_for_a_decision(kept: KeptWords) -> None:
    assert returned([kept], PARTS) == []
