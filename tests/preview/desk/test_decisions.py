"""What a request does to an edition is decided from its parts, its steps and its kept words alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from briefing.issue.edits import (
    AddItem,
    AddSection,
    Conflict,
    Edit,
    MoveItem,
    Reason,
    RemoveItem,
    SetField,
    digest,
)
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import ISSUE, START, Parts
from briefing.preview.desk.decisions import (
    Decision,
    EditionState,
    decide,
    keep_unwritten,
)
from briefing.preview.desk.records import KeptReason, KeptWords, Step, StepState
from briefing.preview.desk.requests import ApplyEdits, Redo, Resolve, Undo

RULING = Item(heading="A ruling", text="So.")
NEWS = Section(title="News", items=(Item(heading="Other"),))
PARTS = Parts.number(
    Issue(title="Brief", sections=(Section(items=(RULING,)), NEWS))
)
NEWS_ID = PARTS.sections[1].id
TYPED = SetField("i1", "text", "So.", "So it is.")
BACK = SetField("i1", "text", "So it is.", "So.")
DONE = Step((TYPED,), (BACK,), "typing in the text", id=4)
MINE = KeptWords("i1", "text", "Earlier.", "Mine.", KeptReason.CHANGED, id=7)


def state(
    parts: Parts = PARTS,
    *,
    to_undo: Step | None = None,
    to_redo: Step | None = None,
    kept: Sequence[KeptWords] = (),
    removed: Mapping[str, Mapping[str, str]] | None = None,
) -> EditionState:
    return EditionState(parts, to_undo, to_redo, kept, removed or {})


def change(*edits: Edit, at: EditionState | None = None) -> Decision:
    return decide(ApplyEdits(edits), at or state())


def typed() -> Parts:
    return change(TYPED).parts


def value(parts: Parts, name: str = "text", part: str = "i1") -> object:
    return getattr(parts.part(part), name)


class TestChanges:
    def test_a_change_is_a_step_that_can_be_undone(self) -> None:
        decision = change(TYPED, MoveItem("i1", "s3"))
        (step,) = decision.steps
        assert step.edits == (TYPED, MoveItem("i1", "s3"))
        assert isinstance(step.inverses[0], MoveItem)
        assert step.inverses[1] == BACK
        assert step.label == "typing in the text"
        assert decision.stored == {"i1": {"text": "So it is."}}

    def test_what_changes_nothing_is_not_a_step(self) -> None:
        decision = change(SetField("i1", "text", "Earlier.", "So."))
        assert not decision.steps
        assert not decision.conflicts
        assert decision.stored == {"i1": {"text": "So."}}

    def test_new_parts_keep_their_ids_when_they_are_added_again(self) -> None:
        decision = change(AddItem({"heading": "New"}, START), AddSection("A"))
        assert decision.added == ["i4", "s5"]
        (step,) = decision.steps
        assert [getattr(edit, "id", "") for edit in step.edits] == ["i4", "s5"]

    def test_a_removed_part_is_remembered(self) -> None:
        decision = change(RemoveItem("i1", digest(RULING)))
        fields = {"heading": "A ruling", "text": "So."}
        assert decision.removed == {"i1": fields}

    def test_further_typing_changes_the_last_step(self) -> None:
        further = SetField("i1", "text", "So it is.", "So it is!")
        at = state(typed(), to_undo=DONE)
        decision = decide(ApplyEdits((further,), continues=True), at)
        (step,) = decision.steps
        assert step.id == DONE.id
        assert step.inverses == (SetField("i1", "text", "So it is!", "So."),)

    @pytest.mark.parametrize(
        ("continues", "undone"), [(False, None), (True, DONE), (False, DONE)]
    )
    def test_typing_that_does_not_continue_is_a_step_of_its_own(
        self, *, continues: bool, undone: Step | None
    ) -> None:
        further = SetField("i1", "text", "So it is.", "So it is!")
        at = state(typed(), to_undo=DONE, to_redo=undone)
        decision = decide(ApplyEdits((further,), continues), at)
        assert [step.id for step in decision.steps] == [0]

    @pytest.mark.parametrize(
        ("further", "last"),
        [
            (SetField("i1", "heading", "A ruling", "A law"), DONE),
            (MoveItem("i1", "s3"), DONE),
            (SetField("i1", "text", "So it is.", "!"), None),
            (
                SetField("i1", "text", "So it is.", "!"),
                replace(DONE, edits=(TYPED, TYPED), inverses=(BACK, BACK)),
            ),
        ],
    )
    def test_anything_else_is_a_step_of_its_own(
        self, further: Edit, last: Step | None
    ) -> None:
        at = state(typed(), to_undo=last)
        decision = decide(ApplyEdits((further,), continues=True), at)
        assert [step.id for step in decision.steps] == [0]


class TestConflicts:
    def test_the_words_are_kept(self) -> None:
        decision = change(SetField("i1", "text", "Earlier.", "Mine."))
        assert decision.parts == PARTS
        assert decision.keep == [replace(MINE, id=0)]
        (conflict,) = decision.conflicts
        assert (conflict.theirs, conflict.mine) == ("So.", "Mine.")

    def test_with_an_open_one_nothing_is_written_to_the_field(self) -> None:
        decision = change(TYPED, at=state(kept=[MINE]))
        assert decision.parts == PARTS
        assert decision.conflicts[0].reason is Reason.CHANGED
        assert [kept.words for kept in decision.keep] == ["So it is."]

    def test_another_field_is_free(self) -> None:
        edit = SetField("i1", "heading", "A ruling", "A law")
        decision = change(edit, at=state(kept=[MINE]))
        assert value(decision.parts, "heading") == "A law"

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("Mine.", "Mine, too."),
            ("Mine.", ""),
            ("Earlier.", "Mine. And more."),
        ],
    )
    def test_what_continues_kept_words_replaces_them(
        self, before: str, after: str
    ) -> None:
        edit = SetField("i1", "text", before, after)
        decision = change(edit, at=state(kept=[MINE]))
        assert decision.keep == [replace(MINE, words=after)]

    @pytest.mark.parametrize("after", ["Another.", "Mine.d"])
    def test_what_does_not_is_kept_beside_them(self, after: str) -> None:
        edit = SetField("i1", "text", "Earlier.", after)
        decision = change(edit, at=state(kept=[MINE]))
        assert [kept.id for kept in decision.keep] == [0]

    @pytest.mark.parametrize("kept", [[MINE], []])
    def test_what_changes_nothing_has_no_words_of_its_own(
        self, kept: list[KeptWords]
    ) -> None:
        """A page asks whether what it typed before could be written."""
        edit = SetField("i1", "text", "Earlier.", "Earlier.")
        decision = change(edit, at=state(kept=kept))
        assert not [*decision.keep, *decision.conflicts, *decision.steps]

    def test_words_for_a_part_that_is_gone_are_kept_with_the_part(self) -> None:
        edit = SetField("i9", "text", "Old.", "New.")
        fields = {"heading": "Gone"}
        decision = change(edit, at=state(removed={"i9": fields}))
        assert decision.keep == [
            KeptWords("i9", "text", "Old.", "New.", KeptReason.GONE, fields)
        ]

    def test_of_what_may_not_be_written_the_words_are_kept_once(self) -> None:
        item = AddItem({"text": "New"}, START)
        edits: list[Edit] = [TYPED, item, MoveItem("i1", "s3")]
        decision = keep_unwritten(edits, KeptReason.READ_ONLY, state())
        assert [kept.words for kept in decision.keep] == ["So it is.", "New"]
        known = [replace(kept, id=9) for kept in decision.keep]
        again = keep_unwritten(edits, KeptReason.READ_ONLY, state(kept=known))
        assert [kept.id for kept in again.keep] == [9]


class TestDeciding:
    def test_mine_replaces_theirs_and_can_be_undone(self) -> None:
        decision = decide(Resolve(7, mine=True), state(kept=[MINE]))
        assert value(decision.parts) == "Mine."
        assert decision.drop == [7]
        (step,) = decision.steps
        assert step.inverses == (SetField("i1", "text", "Mine.", "So."),)

    def test_theirs_stays(self) -> None:
        decision = decide(Resolve(7, mine=False), state(kept=[MINE]))
        assert decision.parts == PARTS
        assert decision.drop == [7]

    def test_other_versions_stay_until_they_are_decided_on(self) -> None:
        other = replace(MINE, words="Another tab's.", id=8)
        at = state(kept=[MINE, other])
        assert decide(Resolve(7, mine=True), at).drop == [7]

    def test_what_is_decided_already_changes_nothing(self) -> None:
        assert decide(Resolve(7, mine=True), state()) == Decision(PARTS)

    def test_a_part_that_is_gone_is_recreated_with_all_that_was_typed(
        self,
    ) -> None:
        parts = PARTS.without_item("i1")
        gone = {"heading": "A ruling", "link": "https://example.org/"}
        text = replace(MINE, reason=KeptReason.GONE, item=gone)
        heading = replace(text, field="heading", words="A law", id=8)
        other = replace(text, words="Another tab's.", id=9)
        at = state(parts, kept=[other, heading, text])
        decision = decide(Resolve(7, mine=True), at)
        item = decision.parts.item("i1")
        assert item == Item(
            heading="A law", link="https://example.org/", text="Mine."
        )
        assert sorted(decision.drop) == [7, 8]

    def test_a_section_that_is_gone_is_recreated(self) -> None:
        parts = PARTS.without_section("s3")
        kept = KeptWords(
            "s3", "", "", "News", KeptReason.OVERWRITTEN, {"title": "News"}, 7
        )
        decision = decide(Resolve(7, mine=True), state(parts, kept=[kept]))
        section = decision.parts.section("s3")
        assert section
        assert section.title == "News"

    def test_a_part_that_is_back_gets_all_its_words_again(self) -> None:
        fields = {"heading": "A law", "text": "Mine."}
        kept = KeptWords(
            "i1", "", "", "A law", KeptReason.OVERWRITTEN, fields, 7
        )
        decision = decide(Resolve(7, mine=True), state(kept=[kept]))
        assert decision.parts.item("i1") == Item(heading="A law", text="Mine.")

    def test_what_the_file_cannot_have_stays_kept(self) -> None:
        kept = KeptWords("i1", "date", "", "soon", KeptReason.READ_ONLY, id=7)
        decision = decide(Resolve(7, mine=True), state(kept=[kept]))
        assert decision.drop == []
        assert decision.refused[0].field == "date"


class TestUndoAndRedo:
    def test_a_step_is_undone_and_redone(self) -> None:
        undone = decide(Undo(), state(typed(), to_undo=DONE))
        assert undone.parts.sections == PARTS.sections
        (step,) = undone.steps
        assert (step.id, step.state) == (DONE.id, StepState.UNDONE)
        again = decide(Redo(), state(undone.parts, to_redo=step))
        assert value(again.parts) == "So it is."
        assert again.steps[0].state is StepState.DONE
        assert again.stored == {"i1": {"text": "So it is."}}

    def test_without_a_step_nothing_happens(self) -> None:
        assert decide(Undo(), state()) == decide(Redo(), state())

    def test_a_step_is_undone_as_a_whole_or_not_at_all(self) -> None:
        heading = SetField("i1", "heading", "A law", "A ruling")
        step = replace(DONE, inverses=(BACK, heading))
        theirs = change(
            SetField("i1", "heading", "A ruling", "Theirs"), at=state(typed())
        )
        decision = decide(Undo(), state(theirs.parts, to_undo=step))
        assert decision.conflicts[0].field == "heading"
        assert decision.steps == [replace(step, state=StepState.STUCK)]
        assert value(decision.parts) == "So it is."

    def test_a_move_stays_if_someone_has_moved_the_item_elsewhere(
        self,
    ) -> None:
        moved = change(MoveItem("i1", NEWS_ID, "i2"))
        (step,) = moved.steps
        elsewhere = MoveItem("i1", NEWS_ID)
        theirs = change(elsewhere, at=state(moved.parts)).parts
        decision = decide(Undo(), state(theirs, to_undo=step))
        assert decision.conflicts == [Conflict("i1", Reason.MOVED)]
        assert decision.steps == [replace(step, state=StepState.STUCK)]
        assert decision.parts == theirs

    def test_what_the_file_cannot_have_any_more_is_not_redone(self) -> None:
        step = replace(DONE, edits=(SetField(ISSUE, "date", "", "soon"),))
        decision = decide(Redo(), state(to_redo=step))
        assert decision.refused[0].field == "date"

    def test_a_field_with_two_versions_is_decided_on_first(self) -> None:
        decision = decide(Undo(), state(typed(), to_undo=DONE, kept=[MINE]))
        assert decision.conflicts[0].theirs == "So it is."
        assert decision.steps == []
        assert value(decision.parts) == "So it is."
