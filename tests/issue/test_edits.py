"""An edit says what it changes and what was there; it never overwrites what someone else did."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.edits import (
    AddItem,
    AddSection,
    Applied,
    Conflict,
    Edit,
    EditOutcome,
    MoveItem,
    MoveSection,
    Reason,
    Refusal,
    RemoveItem,
    RemoveSection,
    SetField,
    continue_typing,
    digest,
    label,
)
from briefing.issue.fields import ITEM_FIELDS, value_of, values_of
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import ISSUE, START, ItemPlace, Parts
from tests.issue.strategies import issues, values

RULING = Item(heading="A ruling", link="https://example.org/a", text="So.")
APPEAL = Item(heading="An appeal", text="Please help.")
LETTER = Item(heading="A letter", text="Dear all.")
NEWS = "s4"
LETTERS = "s5"
PARTS = Parts.number(
    Issue(
        title="Brief",
        sections=(
            Section(items=(RULING,)),
            Section(title="News", items=(APPEAL, LETTER)),
            Section(title="Letters"),
        ),
    )
)


def applied(edit: Edit, parts: Parts = PARTS) -> Parts:
    """The parts after an edit that must succeed, and that can be taken back."""
    outcome = edit.applied_to(parts)
    assert isinstance(outcome, Applied)
    assert undone(outcome).sections == parts.sections
    return outcome.parts


def undone(outcome: EditOutcome) -> Parts:
    assert isinstance(outcome, Applied)
    back = outcome.inverse.applied_to(outcome.parts)
    assert isinstance(back, Applied)
    return back.parts


def order(parts: Parts) -> list[tuple[str, list[str]]]:
    return [
        (section.title, [part.id for part in section.items])
        for section in parts.sections
    ]


class TestFields:
    def test_a_field_of_an_item_a_section_or_the_issue_is_set(self) -> None:
        item = applied(SetField("i1", "heading", "A ruling", "A law")).item(
            "i1"
        )
        assert item == replace(RULING, heading="A law")
        assert (
            order(applied(SetField(NEWS, "title", "News", "New")))[1][0]
            == "New"
        )
        head = applied(SetField(ISSUE, "subject", "", "This week")).head
        assert head.subject == "This week"

    def test_setting_what_is_there_already_changes_nothing(self) -> None:
        assert applied(SetField("i1", "text", "Earlier.", "So.")) == PARTS

    def test_what_was_there_may_be_given_as_it_was_typed(self) -> None:
        parts = applied(SetField("i1", "text", "So.", "### So"))
        edit = SetField("i1", "text", "### So", "### So be it")
        item = applied(edit, parts).item("i1")
        assert item == replace(RULING, text=r"\### So be it")

    def test_a_field_that_someone_else_changed_is_a_conflict(self) -> None:
        edit = SetField("i1", "text", "Earlier.", " Later. ")
        assert edit.applied_to(PARTS) == Conflict(
            "i1", Reason.CHANGED, "text", theirs="So.", mine=" Later. "
        )

    def test_a_field_of_an_item_that_is_gone_is_a_conflict(self) -> None:
        edit = SetField("i9", "text", "Earlier.", "Later.")
        assert edit.applied_to(PARTS) == Conflict(
            "i9", Reason.GONE, "text", mine="Later."
        )

    @pytest.mark.parametrize(
        ("edit", "why"),
        [
            (SetField("i1", "date", "", "soon"), "isn't a date"),
            (SetField(ISSUE, "date", "", "2020-13-01"), "isn't a date"),
            (SetField("i1", "kind", "article", "poem"), "no kind 'poem'"),
            (SetField("i1", "subject", "", "So"), "no such field"),
            (SetField(NEWS, "text", "", "So"), "no such field"),
        ],
    )
    def test_what_the_file_cannot_have_is_refused_with_the_reason(
        self, edit: SetField, why: str
    ) -> None:
        outcome = edit.applied_to(PARTS)
        assert isinstance(outcome, Refusal)
        assert (outcome.part, outcome.field) == (edit.part, edit.field)
        assert why in outcome.why

    def test_taking_an_edit_back_never_overwrites_what_came_later(self) -> None:
        outcome = SetField("i1", "text", "So.", "Later.").applied_to(PARTS)
        assert isinstance(outcome, Applied)
        theirs = applied(
            SetField("i1", "text", "Later.", "Theirs."), outcome.parts
        )
        conflict = outcome.inverse.applied_to(theirs)
        assert isinstance(conflict, Conflict)
        assert (conflict.theirs, conflict.mine) == ("Theirs.", "So.")


class TestMoving:
    @pytest.mark.parametrize(
        ("section", "after", "items"),
        [
            (START, "", [["i1"], ["i2", "i3"], []]),
            (NEWS, "", [[], ["i1", "i2", "i3"], []]),
            (NEWS, "i2", [[], ["i2", "i1", "i3"], []]),
            (NEWS, "i9", [[], ["i2", "i3", "i1"], []]),
            (LETTERS, "", [[], ["i2", "i3"], ["i1"]]),
            (LETTERS, "i1", [["i1"], ["i2", "i3"], []]),
        ],
    )
    def test_an_item_moves_to_a_place_in_a_section(
        self, section: str, after: str, items: list[list[str]]
    ) -> None:
        moved = applied(MoveItem("i1", section, after))
        assert [below for _, below in order(moved)] == items

    def test_moving_what_or_where_nothing_is_is_a_conflict(self) -> None:
        gone = Conflict("i9", Reason.GONE)
        assert MoveItem("i9", NEWS).applied_to(PARTS) == gone
        gone = Conflict("s9", Reason.GONE)
        assert MoveItem("i1", "s9").applied_to(PARTS) == gone
        assert MoveSection("s9").applied_to(PARTS) == gone

    @pytest.mark.parametrize(
        "elsewhere", [MoveItem("i1", LETTERS), MoveItem("i1", NEWS, "")]
    )
    def test_what_someone_else_moved_on_is_not_moved_back(
        self, elsewhere: MoveItem
    ) -> None:
        outcome = MoveItem("i1", NEWS, "i2").applied_to(PARTS)
        assert isinstance(outcome, Applied)
        theirs = applied(elsewhere, outcome.parts)
        conflict = Conflict("i1", Reason.MOVED)
        assert outcome.inverse.applied_to(theirs) == conflict

    def test_a_section_moves_with_its_items_but_never_above_the_start(
        self,
    ) -> None:
        moved = applied(MoveSection(LETTERS, START))
        assert order(moved) == [
            ("", ["i1"]),
            ("Letters", []),
            ("News", ["i2", "i3"]),
        ]
        assert applied(MoveSection(NEWS, LETTERS)) == moved
        assert applied(MoveSection(NEWS, NEWS)) == PARTS

    def test_the_start_stays(self) -> None:
        start = Conflict(START, Reason.GONE)
        assert MoveSection(START, NEWS).applied_to(PARTS) == start
        assert RemoveSection(START).applied_to(PARTS) == start


class TestAddingAndRemoving:
    def test_an_item_is_added(self) -> None:
        edit = AddItem({"heading": "New", "kind": "brief"}, NEWS, "i2")
        parts = applied(edit)
        assert order(parts)[1] == ("News", ["i2", "i6", "i3"])

    def test_an_item_for_a_section_that_is_gone_is_added_to_the_last(
        self,
    ) -> None:
        parts = applied(AddItem({"heading": "New"}, "s9"))
        assert order(parts)[-1] == ("Letters", ["i6"])

    @pytest.mark.parametrize(
        ("name", "value", "why"),
        [
            ("date", "soon", "'soon' isn't a date"),
            ("colour", "red", "there is no such field here"),
        ],
    )
    def test_an_item_that_the_file_cannot_have_is_refused(
        self, name: str, value: str, why: str
    ) -> None:
        outcome = AddItem({name: value}, NEWS).applied_to(PARTS)
        assert isinstance(outcome, Refusal)
        assert outcome.field == name
        assert outcome.why.startswith(why)

    def test_a_removed_item_comes_back_with_its_id(self) -> None:
        parts = applied(RemoveItem("i2", digest(APPEAL)))
        assert order(parts)[1] == ("News", ["i3"])
        again = AddItem(values_of(APPEAL), NEWS, "", "i2")
        assert applied(again, parts) == PARTS

    def test_only_an_id_of_this_issue_is_given_again(self) -> None:
        for other in ("i99", "s4", "../x"):
            parts = applied(AddItem({}, LETTERS, id=other))
            assert order(parts)[-1] == ("Letters", ["i6"])

    def test_an_item_that_came_back_already_is_not_added_twice(self) -> None:
        edit = AddItem(values_of(APPEAL), NEWS, id="i2")
        assert edit.applied_to(PARTS) == Conflict("i2", Reason.CHANGED)
        section = AddSection("News", id=NEWS)
        assert section.applied_to(PARTS) == Conflict(NEWS, Reason.CHANGED)

    @pytest.mark.parametrize("name", ITEM_FIELDS)
    def test_an_item_that_someone_changed_is_not_removed(
        self, name: str
    ) -> None:
        value = {"date": "2020-10-09", "kind": "brief"}.get(name, "Theirs")
        before = value_of(APPEAL, name)
        theirs = applied(SetField("i2", name, before, value))
        edit = RemoveItem("i2", digest(APPEAL))
        assert edit.applied_to(theirs) == Conflict("i2", Reason.CHANGED)

    def test_an_item_is_removed_once(self) -> None:
        edit = RemoveItem("i9", digest(APPEAL))
        assert edit.applied_to(PARTS) == Conflict("i9", Reason.GONE)

    def test_a_section_is_added_and_removed(self) -> None:
        parts = applied(AddSection("Reports\n2020", NEWS))
        assert order(parts)[2] == ("Reports 2020", [])
        assert order(applied(RemoveSection(LETTERS))) == order(PARTS)[:-1]

    def test_a_section_with_items_is_not_removed(self) -> None:
        outcome = RemoveSection(NEWS).applied_to(PARTS)
        why = "the section has items; move them out of it first"
        assert outcome == Refusal(NEWS, "", why)
        assert RemoveSection("s9").applied_to(PARTS) == Conflict(
            "s9", Reason.GONE
        )


@st.composite
def edits(draw: st.DrawFn, parts: Parts) -> Edit:
    """An edit of an issue that may make no sense."""
    items = [part.id for part in parts.items]
    sections = [section.id for section in parts.sections]
    item = draw(st.sampled_from(["i99", *items]))
    section = draw(st.sampled_from(["s99", *sections]))
    after = draw(st.sampled_from(["", *items]))
    known = parts.item(item)
    name = draw(st.sampled_from(ITEM_FIELDS))
    value = draw(values)
    before = value_of(known, name) if known else draw(values)
    choices: list[Edit] = [
        SetField(item, name, before, value),
        MoveItem(item, section, after),
        MoveItem(item, section, after, ItemPlace(section, after)),
        MoveSection(section, draw(st.sampled_from(sections))),
        AddItem({"heading": value}, section, after),
        RemoveItem(item, digest(known) if known else ""),
        AddSection(value, section),
        RemoveSection(section),
    ]
    return draw(st.sampled_from(choices))


class TestProperties:
    @given(st.data(), issues())
    def test_an_edit_taken_back_leaves_the_issue_as_it_was(
        self, data: st.DataObject, issue: Issue
    ) -> None:
        parts = Parts.number(issue)
        outcome = data.draw(edits(parts)).applied_to(parts)
        if isinstance(outcome, Applied):
            assert undone(outcome).issue == issue

    @given(st.data(), issues())
    def test_many_edits_are_taken_back_and_done_again(
        self, data: st.DataObject, issue: Issue
    ) -> None:
        parts = first = Parts.number(issue)
        inverses: list[Edit] = []
        for _ in range(data.draw(st.integers(1, 6))):
            outcome = data.draw(edits(parts)).applied_to(parts)
            if isinstance(outcome, Applied):
                parts = outcome.parts
                inverses.append(outcome.inverse)
        last = parts
        again: list[Edit] = []
        for inverse in reversed(inverses):
            outcome = inverse.applied_to(parts)
            assert isinstance(outcome, Applied)
            parts = outcome.parts
            again.append(outcome.inverse)
        assert parts.sections == first.sections
        for edit in reversed(again):
            outcome = edit.applied_to(parts)
            assert isinstance(outcome, Applied)
            parts = outcome.parts
        assert parts.sections == last.sections

    @given(st.data(), issues())
    def test_edits_of_different_fields_give_the_same_in_either_order(
        self, data: st.DataObject, issue: Issue
    ) -> None:
        parts = Parts.number(issue)
        fields = [
            (part.id, name) for part in parts.items for name in ITEM_FIELDS
        ]
        fields += [(ISSUE, "subject"), (ISSUE, "introduction")]
        one, other = data.draw(
            st.lists(
                st.sampled_from(fields), min_size=2, max_size=2, unique=True
            )
        )
        first = setting(parts, one, data.draw(values))
        second = setting(parts, other, data.draw(values))
        assert both(parts, first, second) == both(parts, second, first)


def setting(parts: Parts, field: tuple[str, str], value: str) -> SetField:
    part_id, name = field
    part = parts.part(part_id)
    assert part is not None
    return SetField(part_id, name, value_of(part, name), value)


def both(parts: Parts, *edits: Edit) -> Parts:
    for edit in edits:
        outcome = edit.applied_to(parts)
        if isinstance(outcome, Applied):
            parts = outcome.parts
    return parts


class TestSteps:
    def test_typing_on_is_one_step(self) -> None:
        first = SetField("i1", "text", "So.", "So it")
        further = SetField("i1", "text", "So it", "So it is.")
        whole = SetField("i1", "text", "So.", "So it is.")
        assert continue_typing([first], [further]) == whole

    @pytest.mark.parametrize(
        "further",
        [
            SetField("i1", "heading", "So it", "So"),
            SetField("i2", "text", "So it", "So"),
            SetField("i1", "text", "Something else", "So"),
            MoveItem("i1", NEWS),
        ],
    )
    def test_typing_elsewhere_is_another_step(self, further: Edit) -> None:
        first = SetField("i1", "text", "So.", "So it")
        assert continue_typing([first], [further]) is None

    def test_so_is_typing_together_with_another_edit(self) -> None:
        first = SetField("i1", "text", "So.", "So it")
        further = SetField("i1", "text", "So it", "So it is.")
        move = MoveItem("i1", NEWS)
        assert continue_typing([first, move], [further]) is None
        assert continue_typing([first], [further, move]) is None

    @pytest.mark.parametrize(
        ("edit", "words"),
        [
            (SetField("i1", "text", "", ""), "typing in the text"),
            (SetField("i1", "heading", "", ""), "change of the headline"),
            (SetField("i1", "link", "", ""), "change of the link"),
            (MoveItem("i1", NEWS), "move of an item"),
            (RemoveItem("i1", ""), "removal of an item"),
        ],
    )
    def test_an_edit_is_described_for_the_undo_button(
        self, edit: Edit, words: str
    ) -> None:
        assert label(edit) == words
