"""Fields that the collector wasn't certain about stay marked until somebody has decided."""

from briefing.issue.edits import Applied, RemoveItem, SetField, digest
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import Parts
from briefing.preview.adding import FoundItem
from briefing.preview.doubts import Doubts, still_doubtful

ITEM = Item(heading="A ruling", source="Harbour Post")


def marked(doubts: Doubts, parts: Parts) -> dict[str, list[str]]:
    return still_doubtful(doubts.of("en"), parts)


def found() -> tuple[Doubts, Parts]:
    """Return an item with two doubtful fields."""
    parts = Parts.number(Issue(sections=(Section(items=(ITEM,)),)))
    doubts = Doubts()
    doubts.remember("en", "i1", FoundItem(ITEM, ("source", "date")))
    return doubts, parts


def test_a_field_is_doubtful_until_it_has_another_value() -> None:
    doubts, parts = found()
    assert marked(doubts, parts) == {"i1": ["source", "date"]}
    done = SetField("i1", "source", "Harbour Post", "The Post").applied_to(
        parts
    )
    assert isinstance(done, Applied)
    assert marked(doubts, done.parts) == {"i1": ["date"]}


def test_a_value_can_be_found_right() -> None:
    doubts, parts = found()
    doubts.forget("en", "i1", "source")
    assert marked(doubts, parts) == {"i1": ["date"]}
    doubts.forget("en", "i1", "date")
    doubts.forget("ug", "i1", "date")
    assert marked(doubts, parts) == {}


def test_nothing_is_doubtful_about_an_item_that_was_removed() -> None:
    doubts, parts = found()
    done = RemoveItem("i1", digest(ITEM)).applied_to(parts)
    assert isinstance(done, Applied)
    assert marked(doubts, done.parts) == {}
