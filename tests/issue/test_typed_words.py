"""What was typed here and isn't in someone else's version of the file is found."""

from collections import Counter
from dataclasses import replace

from hypothesis import given

from briefing.issue.edits import AddItem, AddSection, Edit, SetField
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import ISSUE, START, Parts, follow
from briefing.issue.typed_words import Overwritten, overwritten, typed
from tests.issue.strategies import issues

RULING = Item(heading="A ruling", text="The court has ruled at last.")
BRIEF = Issue(title="Brief", sections=(Section(items=(RULING,)),))
TYPED = SetField("i1", "text", "The court has ruled.", RULING.text)


def lost(now: Issue, *edits: Edit, known: Issue = BRIEF) -> list[Overwritten]:
    """What `edits` typed that isn't in the issue any more."""
    before = Parts.number(known)
    return list(overwritten(before, follow(before, now), typed(edits)))


def with_item(item: Item) -> Issue:
    return replace(BRIEF, sections=(Section(items=(item,)),))


class TestTyped:
    def test_only_new_words_count(self) -> None:
        words = typed([SetField("i1", "text", "So it", "So it is, so it")])
        assert words == {("i1", "text"): Counter(["is", "so", "it"])}

    def test_all_words_of_a_new_part_count(self) -> None:
        edits = [AddItem({"heading": "So"}, START, id="i2")]
        assert typed(edits) == {("i2", "heading"): Counter(["So"])}
        section = AddSection("News", id="s3")
        assert typed([section]) == {("s3", "title"): Counter(["News"])}


class TestOverwritten:
    def test_a_field_without_a_word_that_was_typed(self) -> None:
        now = with_item(replace(RULING, text="The court has ruled."))
        assert lost(now, TYPED) == [Overwritten("i1", "text", RULING.text)]

    def test_words_that_someone_else_wrote_are_theirs_to_change(self) -> None:
        now = with_item(replace(RULING, text="A judge ruled at last."))
        assert lost(now, TYPED) == []
        assert lost(with_item(replace(RULING, heading="So")), TYPED) == []

    def test_a_mark_beside_a_word_makes_no_other_word_of_it(self) -> None:
        now = with_item(
            replace(RULING, text="The court has ruled, **at** last")
        )
        assert lost(now, TYPED) == []

    def test_a_part_that_is_gone_as_a_whole(self) -> None:
        heading = SetField("i1", "heading", "", "A ruling")
        values = {"heading": "A ruling", "text": RULING.text}
        assert lost(Issue(title="Brief"), TYPED, heading) == [
            Overwritten("i1", "", "A ruling", values)
        ]

    def test_a_text_that_was_moved_elsewhere_is_not_lost(self) -> None:
        now = Issue(title="Brief", introduction=f"So.\n\n{RULING.text}")
        assert lost(now, TYPED) == []

    def test_a_short_value_that_is_elsewhere_by_chance_is_lost(self) -> None:
        known = replace(BRIEF, subject="ruled")
        subject = SetField(ISSUE, "subject", "", "ruled")
        now = replace(known, subject="")
        assert lost(now, subject, known=known) == [
            Overwritten(ISSUE, "subject", "ruled")
        ]

    def test_what_was_never_in_the_file_is_not_lost(self) -> None:
        other = SetField("i9", "text", "", "Other.")
        assert lost(Issue(), other) == []

    @given(issues(), issues())
    def test_an_unchanged_issue_has_everything(
        self, issue: Issue, other: Issue
    ) -> None:
        parts = Parts.number(issue)
        edits = [
            SetField(part.id, "text", "", part.item.text)
            for part in Parts.number(other).items
        ]
        assert list(overwritten(parts, parts, typed(edits))) == []
