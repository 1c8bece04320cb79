"""At the desk an issue is made in the browser, and no word is lost, on neither side."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing import files
from briefing.errors import BriefingError, ChangedError, NotFoundError
from briefing.issue import receipt, store
from briefing.issue.edits import (
    AddItem,
    Edit,
    MoveItem,
    Reason,
    RemoveItem,
    SetField,
    digest,
)
from briefing.issue.model import Item
from briefing.issue.parts import ISSUE, START
from briefing.issue.receipt import Receipt
from briefing.newsletter import Newsletter
from briefing.preview.desk import SOURCE, Desk, EditResult
from briefing.preview.read_only import Why
from briefing.preview.records import KeptReason

TEXT = "The court has ruled."
TYPED = "The court has ruled. At last."
HEADING = "### A ruling <on> maps"


@pytest.fixture
def desk(newsletter: Newsletter, folder: Path) -> Iterator[Desk]:
    desk = Desk(newsletter, folder)
    yield desk
    desk.close()


@pytest.fixture
def restarted(newsletter: Newsletter, folder: Path) -> Iterator[Desk]:
    """A desk that is opened later than the other one: the program was started again."""
    desk = Desk(newsletter, folder)
    yield desk
    desk.close()


def set_text(before: str, after: str, part: str = "i1") -> SetField:
    return SetField(part, "text", before, after)


def edit(desk: Desk, *edits: Edit, continues: bool = False) -> EditResult:
    result = desk.edit("en", edits, continues=continues)
    assert result.saved, result.why
    return result


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a file as an editor beside the desk does."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


class TestEditing:
    def test_what_is_typed_is_in_the_file(
        self, desk: Desk, issue: Path
    ) -> None:
        result = edit(desk, set_text(TEXT, "### Ruled."))
        assert r"\### Ruled." in issue.read_text("utf-8")
        assert result.stored == {"i1": {"text": r"\### Ruled."}}
        assert result.version == store.digest(issue.read_bytes())
        assert desk.view().version == result.version

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
        with pytest.raises(NotFoundError, match="no edition in 'ug'"):
            desk.view("ug")
        with pytest.raises(NotFoundError, match="no edition in 'ug'"):
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
        assert desk.write_source("en", view.version, source).saved
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


class TestChangesElsewhere:
    def test_the_desk_follows_the_file(self, desk: Desk, issue: Path) -> None:
        ids = desk.view().parts.ids
        replace_in(issue, "# Weekly Brief", "# Our Brief")
        replace_in(issue, TEXT, TYPED)
        view = desk.view()
        assert view.parts.ids == ids
        assert view.edition.issue.title == "Our Brief, 9 October 2020"
        assert view.kept == ()

    def test_changes_of_different_fields_are_both_kept(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        replace_in(issue, HEADING, "### Theirs")
        edit(desk, set_text(TEXT, TYPED))
        text = issue.read_text("utf-8")
        assert "### Theirs" in text
        assert TYPED in text

    def test_a_field_changed_on_both_sides_keeps_both_until_one_is_chosen(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        replace_in(issue, TEXT, "Theirs.")
        result = edit(desk, set_text(TEXT, "Mine."))
        (conflict,) = result.conflicts
        assert (conflict.theirs, conflict.mine) == ("Theirs.", "Mine.")
        assert "Theirs." in issue.read_text("utf-8")
        view = desk.view()
        (kept,) = view.kept
        assert (kept.words, view.theirs(kept)) == ("Mine.", "Theirs.")

    def test_nothing_else_is_written_to_such_a_field(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        replace_in(issue, TEXT, "Theirs.")
        edit(desk, set_text(TEXT, "Mine."))
        edit(desk, set_text("Mine.", "Mine, too."))
        result = edit(desk, set_text("Theirs.", "A third text."))
        assert result.conflicts[0].reason is Reason.CHANGED
        assert "\nTheirs.\n" in issue.read_text("utf-8")
        words = [kept.words for kept in desk.view().kept]
        assert words == ["Mine, too.", "A third text."]

    @pytest.mark.parametrize(
        ("choice", "text"), [("mine", "Mine."), ("theirs", "Theirs.")]
    )
    def test_either_text_can_be_taken(
        self, desk: Desk, issue: Path, choice: str, text: str
    ) -> None:
        desk.view()
        replace_in(issue, TEXT, "Theirs.")
        edit(desk, set_text(TEXT, "Mine."))
        assert choice in {"mine", "theirs"}
        result = desk.resolve(
            "en", "i1", "text", "mine" if choice == "mine" else "theirs"
        )
        assert result.saved
        assert text in issue.read_text("utf-8")
        assert desk.view().kept == ()
        edit(desk, set_text(text, "Further."))
        assert "Further." in issue.read_text("utf-8")

    def test_words_for_an_item_that_was_deleted_elsewhere_make_it_again(
        self, desk: Desk, issue: Path
    ) -> None:
        before = desk.view().edition.issue
        whole = issue.read_text("utf-8")
        start, end = whole.index(HEADING), whole.index("### A second")
        issue.write_text(whole[:start] + whole[end:], "utf-8")
        result = edit(desk, set_text(TEXT, TYPED))
        assert result.conflicts[0].reason is Reason.GONE
        (kept,) = desk.view().kept
        assert (kept.words, kept.reason) == (TYPED, KeptReason.GONE)
        assert desk.resolve("en", "i1", "text", "mine").saved
        assert desk.view().kept == ()
        first, *_ = before.items
        again = desk.view().parts.item("i1")
        assert again is not None
        assert (again.heading, again.link) == (first.heading, first.link)
        assert again.text == TYPED

    def test_words_that_an_older_version_overwrote_are_kept(
        self, desk: Desk, issue: Path
    ) -> None:
        older = issue.read_text("utf-8")
        edit(desk, set_text(TEXT, TYPED))
        issue.write_text(older.replace("Nothing new.", "News."), "utf-8")
        view = desk.view()
        (kept,) = view.kept
        assert kept.reason is KeptReason.OVERWRITTEN
        assert (kept.words, view.theirs(kept)) == (TYPED, TEXT)
        edit(desk, set_text(TEXT, "Typed on."))
        assert desk.resolve("en", "i1", "text", "mine").saved
        assert TYPED in issue.read_text("utf-8")

    def test_words_that_come_back_are_kept_no_longer(
        self, desk: Desk, issue: Path
    ) -> None:
        older = issue.read_text("utf-8")
        edit(desk, set_text(TEXT, TYPED))
        edit(desk, AddItem({"heading": "New", "text": "So it is."}, START))
        newer = issue.read_text("utf-8")
        ids = desk.view().parts.ids
        issue.write_text(older, "utf-8")
        assert len(desk.view().kept) == 2
        issue.write_text(newer, "utf-8")
        view = desk.view()
        assert view.kept == ()
        assert view.parts.ids == ids

    def test_an_item_of_ours_that_an_older_version_lacks_is_kept(
        self, desk: Desk, issue: Path
    ) -> None:
        older = issue.read_text("utf-8")
        edit(desk, AddItem({"heading": "New", "text": "So it is."}, START))
        issue.write_text(older, "utf-8")
        (kept,) = desk.view().kept
        assert (kept.part, kept.field, kept.words) == ("i3", "", "New")
        assert desk.resolve("en", "i3", "", "mine").saved
        assert "### New\n\nSo it is." in issue.read_text("utf-8")

    def test_what_a_colleague_wrote_may_be_changed_by_colleagues(
        self, desk: Desk, issue: Path
    ) -> None:
        desk.view()
        edit(desk, SetField("i1", "heading", "A ruling <on> maps", "Mine"))
        replace_in(issue, TEXT, "Theirs.")
        assert desk.view().kept == ()

    def test_a_save_at_the_same_moment_is_followed(
        self, desk: Desk, issue: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.view()
        write = files.write_atomically
        meanwhile = ["### Theirs"]

        def interrupted(path: Path, data: bytes, **options: object) -> None:
            if path == issue and meanwhile:
                replace_in(issue, HEADING, meanwhile.pop())
            write(path, data, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(files, "write_atomically", interrupted)
        edit(desk, set_text(TEXT, TYPED))
        text = issue.read_text("utf-8")
        assert "### Theirs" in text
        assert TYPED in text


class TestUndo:
    def test_every_step_is_taken_back_and_done_again(
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

    def test_what_someone_else_changed_since_is_not_taken_back(
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

    def test_after_another_edit_nothing_can_be_done_again(
        self, desk: Desk
    ) -> None:
        edit(desk, set_text(TEXT, TYPED))
        desk.undo("en")
        edit(desk, SetField(ISSUE, "subject", "", "Rulings"))
        assert desk.view().redo == ""
        assert desk.redo("en").saved


def store_item(desk: Desk, part: str) -> Item:
    item = desk.view().parts.item(part)
    assert item is not None
    return item


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
        assert "mistakes of format" in result.why
        view = desk.view()
        assert [mistake.line for mistake in view.mistakes] == [6]
        assert view.parts.item("i1") is not None
        replace_in(issue, "sauce: BBC", "source: BBC")
        assert desk.view().why == ""
        assert TYPED in issue.read_text("utf-8")

    def test_a_broken_file_is_corrected_as_text(
        self, desk: Desk, issue: Path
    ) -> None:
        replace_in(issue, "source: BBC", "sauce: BBC")
        view = desk.view()
        result = desk.write_source(
            "en", view.version, view.source.replace("sauce", "source")
        )
        assert result.saved
        assert desk.view().mistakes == ()

    def test_the_text_of_a_file_that_was_changed_elsewhere_is_kept(
        self, desk: Desk, issue: Path
    ) -> None:
        view = desk.view()
        replace_in(issue, TEXT, "Theirs.")
        mine = view.source.replace(TEXT, "Mine.")
        assert not desk.write_source("en", view.version, mine).saved
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
        result = desk.write_source("en", view.version, "# Brief\n")
        assert not result.saved
        assert "UTF-8" in result.why
        assert issue.read_bytes() == data
        assert [kept.words for kept in desk.view().kept] == ["# Brief\n"]

    def test_what_waits_is_joined_only_with_what_goes_on(
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

    def test_what_is_to_be_done_now_or_not_at_all_does_not_wait(
        self, desk: Desk, folder: Path, issue: Path
    ) -> None:
        desk.view()
        added = AddItem({"heading": "New"}, START)
        replace_in(issue, "source: BBC", "sauce: BBC")
        result = desk.edit("en", [added], waits=False)
        assert not result.saved
        assert "mistakes of format" in result.why
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

    def test_nothing_is_written_if_that_was_asked_for(
        self, newsletter: Newsletter, folder: Path, issue: Path
    ) -> None:
        desk = Desk(newsletter, folder, is_read_only=True)
        before = issue.read_bytes()
        ids = desk.view().parts.ids
        assert not desk.edit("en", [set_text(TEXT, TYPED)]).saved
        version = desk.view().version
        assert not desk.write_source("en", version, "# So\n").saved
        assert issue.read_bytes() == before
        assert not newsletter.state.exists()
        replace_in(issue, TEXT, "Theirs.")
        assert desk.view().parts.ids == ids
        desk.close()


FULL = "No space left"

RECEIPT = Receipt(
    issue="2020-10-09",
    frozen_at="2020-10-09T08:00:00+00:00",
    via="smtp",
    ledger="",
    editions={},
    readers=2,
    claimed=2,
    accepted=2,
    left=0,
)


def refuse_to_write(*_: object, **__: object) -> None:
    raise BriefingError(FULL)
