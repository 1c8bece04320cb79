"""What is typed while nothing can be written waits or is kept."""

from pathlib import Path

import pytest

from briefing.errors import BriefingError, ChangedError
from briefing.issue import receipt
from briefing.issue.edits import AddItem, MoveItem, SetField
from briefing.issue.parts import ISSUE, START
from briefing.newsletter import Newsletter
from briefing.preview.desk.desk import Desk
from briefing.preview.desk.read_only import Why
from briefing.preview.desk.source_text import SOURCE
from briefing.storage import files
from tests.preview.at_the_desk import (
    RECEIPT,
    TEXT,
    TYPED,
    edit,
    replace_in,
    set_text,
)


class TestWhenNothingCanBeWritten:
    def test_what_is_typed_on_a_full_disk_waits(
        self, desk: Desk, issue: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.view()
        with monkeypatch.context() as patch:
            patch.setattr(files, "write_atomically", refuse_to_write)
            result = desk.edit("en", [set_text(TEXT, "So")])
            assert (result.saved, result.why) == (False, FULL)
            further = set_text("So", "So it is.")
            desk.edit("en", [further], continues=True)
            view = desk.view()
            assert view.why == FULL
            assert view.unsaved == (set_text(TEXT, "So it is."),)
        assert desk.view().unsaved == ()
        assert "\nSo it is.\n" in issue.read_text("utf-8")
        desk.undo("en")
        assert TEXT in issue.read_text("utf-8")

    def test_what_is_typed_into_a_broken_file_waits_until_it_can_be_read(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        replace_in(issue, "source: BBC", "sauce: BBC")
        result = desk.edit("en", [set_text(TEXT, TYPED)])
        assert not result.saved
        assert "mistakes in its format" in result.why
        view = desk.view()
        assert [mistake.line for mistake in view.edition.mistakes] == [6]
        assert view.parts.item("i1") is not None
        replace_in(issue, "sauce: BBC", "source: BBC")
        assert desk.view().why == ""
        assert TYPED in issue.read_text("utf-8")

    def test_asking_again_whether_it_could_be_written_adds_nothing(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        replace_in(issue, "source: BBC", "sauce: BBC")
        assert desk.edit("en", [set_text(TEXT, TYPED)]).waits
        assert desk.edit("en", [set_text(TYPED, TYPED)]).waits
        assert desk.view().unsaved == (set_text(TEXT, TYPED),)
        replace_in(issue, "sauce: BBC", "source: BBC")
        assert desk.edit("en", [set_text(TYPED, TYPED)]).saved
        assert TYPED in issue.read_text("utf-8")
        # Nor is it in conflict with what somebody else writes then.
        replace_in(issue, TYPED, "Theirs.")
        assert not desk.edit("en", [set_text(TYPED, TYPED)]).conflicts

    def test_a_broken_file_is_corrected_as_text(
        self, desk: Desk, issue: Path
    ) -> None:
        replace_in(issue, "source: BBC", "sauce: BBC")
        view = desk.view()
        result = desk.write_source(
            "en", view.edition.digest, view.source.replace("sauce", "source")
        )
        assert result.saved
        assert desk.view().edition.mistakes == ()

    def test_a_correction_of_the_whole_file_is_one_step_and_can_be_undone(
        self, desk: Desk, issue: Path, restarted: Desk
    ) -> None:
        edit(desk, set_text(TEXT, TYPED))
        replace_in(issue, "source: BBC", "sauce: BBC")
        broken = issue.read_text("utf-8")
        for corrected in ("sourc: BBC", "source: BBC"):
            view = desk.view()
            text = broken.replace("sauce: BBC", corrected)
            assert desk.write_source("en", view.edition.digest, text).saved
        desk.close()
        assert restarted.view().undo == "typing in the file"
        assert restarted.undo("en").saved
        assert issue.read_text("utf-8") == broken
        assert restarted.redo("en").saved
        assert issue.read_text("utf-8") == text
        # Below it is what was typed before the file had mistakes.
        restarted.undo("en")
        replace_in(issue, "sauce: BBC", "source: BBC")
        restarted.undo("en")
        assert TYPED not in issue.read_text("utf-8")

    def test_what_someone_else_wrote_since_is_never_undone(
        self, desk: Desk, issue: Path
    ) -> None:
        view = desk.view()
        mine = view.source.replace(TEXT, "Mine.")
        assert desk.write_source("en", view.edition.digest, mine).saved
        replace_in(issue, "Nothing new.", "Theirs.")
        result = desk.undo("en")
        assert "was changed afterwards" in result.why
        assert "Theirs." in issue.read_text("utf-8")
        assert desk.view().undo == ""

    def test_words_that_were_discarded_come_back(
        self, desk: Desk, issue: Path
    ) -> None:
        view = desk.view()
        replace_in(issue, "source: BBC", "sauce: BBC")
        assert not desk.write_source("en", view.edition.digest, "Mine.").saved
        kept = desk.view().kept
        assert desk.resolve("en", SOURCE, SOURCE, "theirs").saved
        assert desk.view().kept == ()
        assert desk.undo("en").saved
        assert [words.words for words in desk.view().kept] == ["Mine."]
        assert desk.redo("en").saved
        assert desk.view().kept == ()
        assert kept

    def test_the_text_of_a_file_that_was_changed_elsewhere_is_kept(
        self, desk: Desk, issue: Path
    ) -> None:
        view = desk.view()
        replace_in(issue, TEXT, "Theirs.")
        mine = view.source.replace(TEXT, "Mine.")
        assert not desk.write_source("en", view.edition.digest, mine).saved
        assert "Theirs." in issue.read_text("utf-8")
        theirs = issue.read_text("utf-8")
        (kept,) = desk.view().kept
        assert (kept.part, kept.words) == (SOURCE, mine)
        assert desk.resolve("en", SOURCE, SOURCE, "mine").saved
        assert issue.read_text("utf-8") == mine
        (kept,) = desk.view().kept
        assert kept.words == theirs
        assert desk.resolve("en", SOURCE, SOURCE, "theirs").saved
        assert desk.view().kept == ()
        assert issue.read_text("utf-8") == mine

    def test_what_is_typed_further_in_a_file_that_was_changed_elsewhere_replaces_it(
        self, desk: Desk, issue: Path
    ) -> None:
        view = desk.view()
        edit(desk, set_text(TEXT, TYPED))
        first = desk.write_source("en", view.edition.digest, "Mine.")
        (kept,) = first.kept
        desk.write_source("en", view.edition.digest, "Mine, too.", kept)
        assert [words.words for words in desk.view().kept] == ["Mine, too."]
        # Words of another kind are never replaced.
        desk.write_source("en", view.edition.digest, "Other.", kept + 1)
        assert len(desk.view().kept) == 2

    def test_a_file_that_is_not_utf_8_is_left_as_it_is(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        data = issue.read_bytes().replace(
            b"BBC", "Die Zeitung für".encode("cp1252")
        )
        issue.write_bytes(data)
        view = desk.view()
        assert view.source == ""
        assert "UTF-8" in view.why
        assert not desk.edit("en", [set_text(TEXT, TYPED)]).saved
        result = desk.write_source("en", view.edition.digest, "# Brief\n")
        assert not result.saved
        assert "UTF-8" in result.why
        assert issue.read_bytes() == data
        assert [kept.words for kept in desk.view().kept] == ["# Brief\n"]

    def test_what_waits_is_joined_only_with_what_continues(
        self, desk: Desk, issue: Path
    ) -> None:
        subject = SetField(ISSUE, "subject", "", "Rulings")
        move = MoveItem("i1", START, "i2")
        further = set_text(TYPED, f"{TYPED} Yes.")
        desk.view()
        replace_in(issue, "source: BBC", "sauce: BBC")
        for edits in ([subject], [set_text(TEXT, TYPED)], [further], [move]):
            desk.edit("en", edits, continues=True)
        desk.edit("en", [further, subject], continues=True)
        whole = set_text(TEXT, f"{TYPED} Yes.")
        waiting = (subject, whole, move, further, subject)
        assert desk.view().unsaved == waiting

    def test_a_request_that_waits_does_not_wait_twice_if_it_is_repeated(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        added = AddItem({"heading": "New"}, START)
        replace_in(issue, "source: BBC", "sauce: BBC")
        for _ in range(2):
            assert not desk.edit("en", [added], key="a request").saved
        assert desk.view().unsaved == (added,)
        replace_in(issue, "sauce: BBC", "source: BBC")
        result = desk.edit("en", [added], key="a request")
        assert result.added == ("i3",)
        assert issue.read_text("utf-8").count("### New") == 1

    def test_what_is_to_be_done_now_or_not_at_all_does_not_wait(
        self, desk: Desk, folder: Path, issue: Path
    ) -> None:
        desk.view()
        added = AddItem({"heading": "New"}, START)
        replace_in(issue, "source: BBC", "sauce: BBC")
        result = desk.edit("en", [added], waits=False)
        assert not result.saved
        assert "mistakes in its format" in result.why
        assert desk.view().unsaved == ()
        receipt.write(folder, RECEIPT)
        assert not desk.edit("en", [added], waits=False).saved
        assert desk.view().kept == ()

    def test_a_step_back_does_not_wait(self, desk: Desk, issue: Path) -> None:
        edit(desk, set_text(TEXT, TYPED))
        replace_in(issue, "source: BBC", "sauce: BBC")
        assert not desk.undo("en").saved
        replace_in(issue, "sauce: BBC", "source: BBC")
        assert desk.view().undo == "typing in the text"
        assert TYPED in issue.read_text("utf-8")

    def test_words_of_a_deleted_file_wait_until_it_is_back(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        data = issue.read_bytes()
        issue.unlink()
        assert not desk.edit("en", [set_text(TEXT, TYPED)]).saved
        assert "no such file" in desk.view("en").why
        issue.write_bytes(data)
        desk.view()
        assert TYPED in issue.read_text("utf-8")

    def test_a_save_that_never_gets_its_turn_waits(
        self, desk: Desk, issue: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def outrun(path: Path, *_: object, **__: object) -> None:
            raise ChangedError(path, "was edited at the same moment")

        desk.view()
        with monkeypatch.context() as patch:
            patch.setattr(files, "write_atomically", outrun)
            assert not desk.edit("en", [set_text(TEXT, TYPED)]).saved
        desk.view()
        assert TYPED in issue.read_text("utf-8")

    def test_without_a_journal_nothing_is_written_but_everything_is_shown(
        self, desk: Desk, newsletter: Newsletter, issue: Path
    ) -> None:
        newsletter.state.write_text("in the way")
        before = issue.read_bytes()
        result = desk.edit("en", [set_text(TEXT, TYPED)])
        assert not result.saved
        assert result.why == desk.view().why != ""
        assert desk.view().parts.item("i1") is not None
        assert issue.read_bytes() == before


class TestReadOnly:
    def test_a_sent_issue_is_read_only_and_what_was_typed_is_kept(
        self, desk: Desk, folder: Path, issue: Path
    ) -> None:
        desk.view()
        receipt.write(folder, RECEIPT)
        before = issue.read_bytes()
        result = desk.edit("en", [set_text(TEXT, TYPED)])
        assert not result.saved
        view = desk.view()
        assert view.read_only is not None
        assert view.read_only.why is Why.SENT
        assert result.why == view.why == view.read_only.message
        assert "corrects: 2020-10-09" in view.why
        assert [kept.words for kept in view.kept] == [TYPED]
        assert issue.read_bytes() == before

    def test_what_was_typed_can_be_put_into_an_issue_that_was_recalled(
        self, desk: Desk, folder: Path, issue: Path
    ) -> None:
        desk.view()
        receipt.write(folder, RECEIPT)
        desk.edit("en", [set_text(TEXT, TYPED)])
        (folder / receipt.FILE).unlink()
        assert TYPED not in issue.read_text("utf-8")
        assert desk.resolve("en", "i1", "text", "mine").saved
        assert TYPED in issue.read_text("utf-8")

    def test_nothing_is_written_if_that_was_asked_for(
        self, newsletter: Newsletter, folder: Path, issue: Path
    ) -> None:
        desk = Desk(newsletter, folder, is_read_only=True)
        before = issue.read_bytes()
        ids = desk.view().parts.ids
        assert not desk.edit("en", [set_text(TEXT, TYPED)]).saved
        version = desk.view().edition.digest
        assert not desk.write_source("en", version, "# So\n").saved
        assert issue.read_bytes() == before
        assert not newsletter.state.exists()
        replace_in(issue, TEXT, "Theirs.")
        assert desk.view().parts.ids == ids
        desk.close()


FULL = "the disk is full"


def refuse_to_write(*_: object, **__: object) -> None:
    raise BriefingError(FULL)
