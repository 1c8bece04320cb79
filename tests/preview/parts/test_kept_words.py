"""Words that aren't in the file are listed with what they are, why, and where they belong."""

import pytest

from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import ISSUE, Parts
from briefing.preview.desk.records import KeptReason, KeptWords
from briefing.preview.parts.kept_words import WHY, cards_of, conflicts_in

RULING = Item(heading="A ruling", text="So.")
NEWS = Section(title="News")
REMOVED = {"i8": {"heading": "A law"}}
PARTS = Parts.number(Issue(sections=(Section(items=(RULING,)), NEWS)))


def kept(
    part: str,
    field: str,
    reason: KeptReason = KeptReason.CHANGED,
    **item: str,
) -> KeptWords:
    return KeptWords(part, field, "Before.", "Mine.", reason, item)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (kept("i1", "text"), "Text of “A ruling”"),
        (kept("s2", "title"), "Title of the section of “News”"),
        (kept(ISSUE, "subject"), "Subject"),
        (kept("i8", "text"), "Text of “A law”"),
        (kept("i9", "text", heading="Gone"), "Text of “Gone”"),
        (kept("i9", "", heading="Gone"), "“Gone”"),
        (
            kept("source", "source", KeptReason.SOURCE),
            "Your version of the file",
        ),
    ],
)
def test_they_are_called_by_their_field_and_part(
    words: KeptWords, what: str
) -> None:
    (card,) = cards_of([words], PARTS, REMOVED)
    assert card.what == what


@pytest.mark.parametrize("reason", KeptReason)
def test_there_is_always_a_reason(reason: KeptReason) -> None:
    (card,) = cards_of([kept("i1", "text", reason)], PARTS, REMOVED)
    assert card.why == WHY[reason]


def test_only_a_conflict_in_the_issue_is_decided_at_its_field() -> None:
    words = [
        kept("i1", "text"),
        kept("i1", "text", KeptReason.OVERWRITTEN),
        kept("i9", "text"),
    ]
    cards = cards_of(words, PARTS, REMOVED)
    assert [card.is_conflict for card in cards] == [True, False, False]
    assert [card.part for card in cards] == ["i1", "i1", "i9"]


def test_a_field_shows_the_newest_words_that_wait_for_a_decision() -> None:
    older, newer = kept("i1", "text"), kept("i1", "text")
    other = kept("i9", "text")
    found = conflicts_in([older, newer, other], "i1")
    assert list(found) == ["text"]
    assert found["text"] is newer
