"""At the desk an issue is made in the browser: what is typed is in the file, and every step can be
taken back.
"""

import shutil
import stat
from pathlib import Path

import pytest

from briefing.errors import NotFoundError
from briefing.issue.edits import (
    AddItem,
    MoveItem,
    RemoveItem,
    SetField,
    digest,
)
from briefing.issue.model import Item
from briefing.issue.parts import ISSUE, START
from briefing.newsletter import Newsletter
from briefing.preview.desk.desk import Desk
from briefing.storage import files
from tests.preview.at_the_desk import (
    HEADING,
    TEXT,
    TYPED,
    edit,
    replace_in,
    set_text,
)


class TestEditing:
    def test_what_is_typed_is_in_the_file(
        self, desk: Desk, issue: Path
    ) -> None:
        result = edit(desk, set_text(TEXT, "### Ruled."))
        assert r"\### Ruled." in issue.read_text("utf-8")
        assert result.stored == {"i1": {"text": r"\### Ruled."}}
        assert result.version == files.digest(issue.read_bytes())
        assert desk.view().edition.digest == result.version

    def test_several_edits_are_saved_at_once(
        self, desk: Desk, issue: Path
    ) -> None:
        added = AddItem({"heading": "New"}, START, "i1")
        result = edit(desk, added, SetField(ISSUE, "subject", "", "Rulings"))
        assert result.added == ("i3",)
        text = issue.read_text("utf-8")
        assert text.index(HEADING) < text.index("### New")
        assert "subject: Rulings" in text

    def test_what_the_file_cannot_have_is_refused_beside_its_field(
        self, desk: Desk, issue: Path
    ) -> None:
        before = issue.read_bytes()
        result = edit(desk, SetField("i1", "date", "2020-10-08", "soon"))
        (refusal,) = result.refused
        assert (refusal.part, refusal.field) == ("i1", "date")
        assert issue.read_bytes() == before

    def test_so_is_a_field_that_the_part_does_not_have(
        self, desk: Desk, issue: Path
    ) -> None:
        before = issue.read_bytes()
        result = edit(desk, SetField(ISSUE, "heading", "", TYPED))
        (refusal,) = result.refused
        assert (refusal.part, refusal.field) == (ISSUE, "heading")
        assert [kept.words for kept in desk.view().kept] == [TYPED]
        assert issue.read_bytes() == before
        # The desk goes on.
        edit(desk, set_text(TEXT, TYPED))
        assert TYPED in issue.read_text("utf-8")
        assert desk.resolve("en", ISSUE, "heading", "theirs").saved
        assert desk.view().kept == ()

    def test_each_edition_has_its_own_parts(
        self, desk: Desk, folder: Path
    ) -> None:
        desk.edit("ug", [SetField("i1", "text", "تېكىست.", "يېڭى.")])
        assert "يېڭى." in (folder / "issue.ug.md").read_text("utf-8")
        assert TEXT in (folder / "issue.md").read_text("utf-8")

    def test_a_language_without_an_edition_is_not_found(
        self, desk: Desk, folder: Path
    ) -> None:
        (folder / "issue.ug.md").unlink()
        with pytest.raises(NotFoundError, match="no edition in ‘ug’"):
            desk.view("ug")
        with pytest.raises(NotFoundError, match="no edition in ‘ug’"):
            desk.edit("ug", [])

    def test_the_journal_is_for_its_owner_alone(
        self, desk: Desk, newsletter: Newsletter
    ) -> None:
        desk.view()
        for path in newsletter.state.glob("desk.sqlite3*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(newsletter.state.stat().st_mode) == 0o700

    def test_line_ends_and_a_byte_order_mark_stay_as_they_are(
        self, desk: Desk, issue: Path
    ) -> None:
        text = issue.read_text("utf-8")
        issue.write_bytes(f"\ufeff{text}".replace("\n", "\r\n").encode())
        edit(desk, set_text(TEXT, "One.\n\nTwo."))
        expected = f"\ufeff{text}".replace(TEXT, "One.\n\nTwo.")
        assert issue.read_bytes() == expected.replace("\n", "\r\n").encode()
        view = desk.view()
        source = view.source.replace("\r\n", "\n").replace("Two.", "Three.")
        assert desk.write_source("en", view.edition.digest, source).saved
        expected = expected.replace("Two.", "Three.")
        assert issue.read_bytes() == expected.replace("\n", "\r\n").encode()

    def test_two_programs_share_the_journal(
        self, desk: Desk, restarted: Desk, issue: Path
    ) -> None:
        before = issue.read_bytes()
        edit(desk, AddItem({"heading": "New"}, START))
        edit(restarted, SetField("i3", "heading", "New", "Newer"))
        edit(desk, SetField("i3", "heading", "Newer", "Newest"))
        assert restarted.view().parts == desk.view().parts
        for undoing in (restarted, desk, restarted):
            undoing.undo("en")
        assert issue.read_bytes() == before

    def test_the_inbox_is_edited_in_the_same_way(
        self, newsletter: Newsletter
    ) -> None:
        inbox = newsletter.issues / "inbox"
        inbox.mkdir()
        (inbox / "issue.md").write_text("# Inbox\n\n### A link\n", "utf-8")
        desk = Desk(newsletter, inbox)
        edit(desk, SetField("i1", "heading", "A link", "A ruling"))
        assert "### A ruling" in (inbox / "issue.md").read_text("utf-8")
        desk.close()


class TestUndo:
    def test_every_step_is_undone_and_redone(
        self, desk: Desk, issue: Path
    ) -> None:
        versions = [desk.view().parts.sections]
        for change in (
            set_text(TEXT, TYPED),
            MoveItem("i1", START, "i2"),
            RemoveItem("i2", digest(store_item(desk, "i2"))),
            AddItem({"heading": "New"}, START),
        ):
            edit(desk, change)
            versions.append(desk.view().parts.sections)
        labels = []
        for version in versions[-2::-1]:
            labels.append(desk.view().undo)
            assert desk.undo("en").saved
            assert desk.view().parts.sections == version
        assert labels == [
            "new item",
            "removal of an item",
            "move of an item",
            "typing in the text",
        ]
        assert desk.view().undo == ""
        for version in versions[1:]:
            assert desk.redo("en").saved
            assert desk.view().parts.sections == version
        assert desk.view().redo == ""

    def test_also_after_a_restart(
        self, desk: Desk, restarted: Desk, issue: Path
    ) -> None:
        before = issue.read_bytes()
        edit(desk, set_text(TEXT, "So"))
        edit(desk, MoveItem("i1", START, "i2"))
        desk.close()
        restarted.undo("en")
        restarted.undo("en")
        assert issue.read_bytes() == before

    def test_also_after_its_records_were_removed(
        self, desk: Desk, newsletter: Newsletter, issue: Path
    ) -> None:
        before = issue.read_bytes()
        edit(desk, set_text(TEXT, TYPED))
        shutil.rmtree(newsletter.state)
        desk.undo("en")
        assert issue.read_bytes() == before

    def test_typing_on_is_one_step(self, desk: Desk, issue: Path) -> None:
        desk.view()
        edit(desk, set_text(TEXT, "### S"))
        edit(desk, set_text(r"\### S", "### So"), continues=True)
        edit(desk, set_text("### So", "### So it"), continues=True)
        desk.undo("en")
        assert TEXT in issue.read_text("utf-8")
        desk.redo("en")
        assert r"\### So it" in issue.read_text("utf-8")

    def test_what_someone_else_changed_since_is_not_undone(
        self, desk: Desk, issue: Path
    ) -> None:
        edit(desk, SetField(ISSUE, "subject", "", "Rulings"))
        edit(desk, set_text(TEXT, TYPED))
        replace_in(issue, TYPED, f"{TYPED} Theirs.")
        assert desk.undo("en").conflicts[0].field == "text"
        assert f"{TYPED} Theirs." in issue.read_text("utf-8")
        assert desk.view().undo == "change of the subject"
        assert not desk.undo("en").conflicts
        assert "subject" not in issue.read_text("utf-8")

    def test_words_for_an_item_whose_addition_was_undone_recreate_it(
        self, desk: Desk, issue: Path
    ) -> None:
        edit(desk, AddItem({"heading": "New", "text": "So."}, START))
        desk.undo("en")
        assert edit(desk, set_text("So.", "So it is.", "i3")).conflicts
        assert desk.resolve("en", "i3", "text", "mine").saved
        assert "### New\n\nSo it is." in issue.read_text("utf-8")

    def test_after_another_edit_nothing_can_be_redone(self, desk: Desk) -> None:
        edit(desk, set_text(TEXT, TYPED))
        desk.undo("en")
        edit(desk, SetField(ISSUE, "subject", "", "Rulings"))
        assert desk.view().redo == ""
        assert desk.redo("en").saved


def store_item(desk: Desk, part: str) -> Item:
    item = desk.view().parts.item(part)
    assert item is not None
    return item
