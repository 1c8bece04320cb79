"""Whatever someone else does to the file of an issue that is open at the desk, no word is lost, on
neither side.
"""

from pathlib import Path
from typing import Literal

import pytest

from briefing.issue.edits import AddItem, Reason, SetField
from briefing.issue.parts import START
from briefing.preview.desk.desk import Desk, DeskView
from briefing.preview.desk.records import KeptReason
from briefing.storage import files
from tests.preview.at_the_desk import (
    HEADING,
    TEXT,
    TYPED,
    edit,
    replace_in,
    set_text,
)


@pytest.fixture
def whole(desk: Desk, issue: Path) -> str:
    """The file that is open at the desk, of which another program, which writes it in several steps, has
    written only what is above the first item so far.
    """
    desk.view()
    text = issue.read_text("utf-8")
    beginning, _, _ = text.partition(HEADING)
    issue.write_text(beginning, "utf-8")
    return text


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
        assert (kept.words, text_in(view)) == ("Mine.", "Theirs.")

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
        self,
        desk: Desk,
        issue: Path,
        choice: Literal["mine", "theirs"],
        text: str,
    ) -> None:
        desk.view()
        replace_in(issue, TEXT, "Theirs.")
        edit(desk, set_text(TEXT, "Mine."))
        assert desk.resolve("en", "i1", "text", choice).saved
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

    def test_words_for_an_item_that_comes_back_as_it_was_are_put_back(
        self, desk: Desk, issue: Path, whole: str
    ) -> None:
        edit(desk, set_text(TEXT, "The court"))
        edit(desk, set_text("The court", "The court has"))
        issue.write_text(whole, "utf-8")
        view = desk.view()
        assert (text_in(view), view.kept) == ("The court has", ())
        assert issue.read_text("utf-8") == whole.replace(TEXT, "The court has")
        desk.undo("en")
        assert issue.read_text("utf-8") == whole

    def test_typing_continues_with_words_that_are_put_back(
        self, desk: Desk, issue: Path, whole: str
    ) -> None:
        edit(desk, set_text(TEXT, "The court"))
        # What is typed while the file has mistakes waits, and comes behind the words that were kept.
        issue.write_text(whole.replace("source: BBC", "sauce: BBC"), "utf-8")
        assert desk.edit("en", [set_text("The court", "The court has")]).waits
        issue.write_text(whole, "utf-8")
        result = edit(desk, set_text("The court has", TYPED))
        assert not result.conflicts
        assert issue.read_text("utf-8") == whole.replace(TEXT, TYPED)
        assert desk.view().kept == ()

    def test_words_that_were_put_back_and_deleted_stay_deleted(
        self, desk: Desk, issue: Path, whole: str
    ) -> None:
        edit(desk, set_text(TEXT, TYPED))
        issue.write_text(whole, "utf-8")
        edit(desk, set_text(TYPED, TEXT))
        assert desk.view().kept == ()
        assert issue.read_text("utf-8") == whole

    def test_words_for_an_item_that_comes_back_with_another_text_wait(
        self, desk: Desk, issue: Path, whole: str
    ) -> None:
        edit(desk, set_text(TEXT, TYPED))
        theirs = whole.replace(TEXT, "Theirs.")
        issue.write_text(theirs, "utf-8")
        assert [kept.words for kept in desk.view().kept] == [TYPED]
        assert issue.read_text("utf-8") == theirs

    def test_words_that_an_older_version_overwrote_are_kept(
        self, desk: Desk, issue: Path
    ) -> None:
        older = issue.read_text("utf-8")
        edit(desk, set_text(TEXT, TYPED))
        issue.write_text(older.replace("Nothing new.", "News."), "utf-8")
        view = desk.view()
        (kept,) = view.kept
        assert kept.reason is KeptReason.OVERWRITTEN
        assert (kept.words, text_in(view)) == (TYPED, TEXT)
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


def text_in(view: DeskView) -> str:
    """The text of the first item in the file."""
    item = view.parts.item("i1")
    assert item is not None
    return item.text
