"""Whenever the program ends, what was acknowledged is there again, and can still be taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from briefing.issue.compose import compose
from briefing.issue.edits import AddItem, Edit, MoveItem, SetField
from briefing.issue.model import Item
from briefing.issue.parts import START
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter
from briefing.preview.desk import inbox
from briefing.preview.desk.desk import Desk
from briefing.preview.desk.journal_file import FILE, Journal, JournalError
from briefing.preview.desk.source_text import SOURCE
from briefing.storage import files

TEXT = "The court has ruled."
FIRST = SetField("i1", "text", TEXT, "First.")
SECOND = SetField("i1", "text", "First.", "Second.")
MOST_POINTS = 16
"""More than a request has."""
MOST_INBOX_POINTS = 24
"""More than a request has that writes the inbox as well."""


class EndOfProgramError(BaseException):
    """The program ends here: nothing after this line is executed."""


@contextmanager
def ending_at(
    point: int, error: Callable[[], BaseException]
) -> Iterator[list[str]]:
    """Raise an error at one of the points before and after everything that is written to the disk.
    Yield the points that were passed.
    """
    passed: list[str] = []

    def reach(name: str) -> None:
        passed.append(name)
        if len(passed) == point + 1:
            raise error()

    transaction, write = Journal.transaction, files.write_atomically

    @contextmanager
    def watched(self: Journal) -> Iterator[None]:
        reach("before a commit")
        with transaction(self):
            yield
            reach("in a transaction")
        reach("after a commit")

    def write_watched(path: Path, data: bytes, **options: Any) -> None:
        reach("before the file")
        write(path, data, **options)
        reach("after the file")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "transaction", watched)
        patch.setattr(files, "write_atomically", write_watched)
        yield passed


@pytest.mark.parametrize("point", range(MOST_POINTS))
@pytest.mark.parametrize(
    "edit",
    [
        SECOND,
        AddItem({"heading": "New", "text": "Second."}, START),
        MoveItem("i1", START, "i2"),
    ],
    ids=["typing", "adding", "moving"],
)
def test_after_the_end_of_the_program_at_any_point(
    newsletter: Newsletter, folder: Path, issue: Path, edit: Edit, point: int
) -> None:
    desk = Desk(newsletter, folder)
    desk.view()
    assert desk.edit("en", [FIRST]).saved
    acknowledged = issue.read_text("utf-8")
    with ending_at(point, EndOfProgramError) as passed:
        try:
            assert desk.edit("en", [edit]).saved
        except EndOfProgramError:
            assert len(passed) == point + 1
    desk.close()

    desk = Desk(newsletter, folder)
    view = desk.view()
    text = issue.read_text("utf-8")
    assert (view.kept, view.unsaved, view.why) == ((), (), "")
    if "after a commit" in passed or text != acknowledged:
        # Either the file has it already, or it was in the journal.
        assert text != acknowledged
        assert text.count("Second.") == (not isinstance(edit, MoveItem))
        desk.undo("en")
    assert issue.read_text("utf-8") == acknowledged
    desk.undo("en")
    assert TEXT in issue.read_text("utf-8")
    assert desk.view().undo == ""
    desk.close()


@pytest.mark.parametrize("point", range(MOST_POINTS))
def test_a_request_that_was_not_answered_can_be_repeated(
    newsletter: Newsletter, folder: Path, issue: Path, point: int
) -> None:
    desk = Desk(newsletter, folder)
    before = desk.view().parts
    edits: list[Edit] = [AddItem({"heading": "New"}, START), FIRST]
    with ending_at(point, EndOfProgramError), suppress(EndOfProgramError):
        desk.edit("en", edits, key="a request")
    desk.close()

    desk = Desk(newsletter, folder)
    for _ in range(2):
        result = desk.edit("en", edits, key="a request")
        assert result.saved
        assert result.stored == {"i1": {"text": "First."}}
        assert result.added == ("i3",)
    assert issue.read_text("utf-8").count("### New") == 1
    desk.undo("en")
    assert desk.view().parts.sections == before.sections
    desk.close()


@pytest.mark.parametrize("point", range(MOST_POINTS))
def test_an_item_is_added_once_although_the_file_was_changed_since(
    newsletter: Newsletter, folder: Path, issue: Path, point: int
) -> None:
    desk = Desk(newsletter, folder)
    desk.view()
    # The file has some values in another form: a heading in a text, a kind that need not be said.
    values = {"heading": " New", "kind": "article", "text": "### So it is."}
    item = AddItem(values, START)
    ending = ending_at(point, EndOfProgramError)
    with ending as passed, suppress(EndOfProgramError):
        desk.edit("en", [item, FIRST])
    desk.close()
    text = issue.read_text("utf-8")
    issue.write_text(text.replace("Nothing new.", "Theirs."), "utf-8")

    desk = Desk(newsletter, folder)
    desk.view()
    text = issue.read_text("utf-8")
    assert text.count("### New") == text.count("First.") <= 1
    assert "Theirs." in text
    if "after a commit" in passed:
        assert "First." in text
    desk.close()


@pytest.mark.parametrize("point", range(MOST_POINTS))
def test_neither_version_of_a_whole_file_is_lost(
    newsletter: Newsletter, folder: Path, issue: Path, point: int
) -> None:
    desk = Desk(newsletter, folder)
    before = desk.view()
    theirs = before.source.replace(TEXT, "Theirs.")
    mine = before.source.replace(TEXT, "Mine.")
    issue.write_text(theirs, "utf-8")
    assert not desk.write_source("en", before.edition.digest, mine).saved
    with ending_at(point, EndOfProgramError), suppress(EndOfProgramError):
        desk.resolve("en", SOURCE, SOURCE, "mine")
    desk.close()

    desk = Desk(newsletter, folder)
    kept = {words.words for words in desk.view().kept}
    assert {mine, theirs} <= {issue.read_text("utf-8"), *kept}
    desk.close()


@pytest.mark.parametrize("point", range(MOST_POINTS))
def test_a_full_disk_at_any_point_loses_nothing_that_is_acknowledged(
    newsletter: Newsletter, folder: Path, issue: Path, point: int
) -> None:
    desk = Desk(newsletter, folder)
    desk.view()
    assert desk.edit("en", [FIRST]).saved
    with ending_at(point, disk_full):
        result = desk.edit("en", [SECOND])
    text = issue.read_text("utf-8")
    assert "Second." in text if result.saved else result.why
    assert "First." in text or "Second." in text
    # The page types on, or tries again.
    again = desk.edit("en", [SECOND])
    assert again.saved
    assert not again.conflicts
    assert "Second." in issue.read_text("utf-8")
    assert desk.view().kept == ()
    desk.close()


def take(desk: Desk) -> None:
    (item,) = inbox.waiting(desk.newsletter())
    inbox.take(desk, "en", item.id, START, "i2")


def put(desk: Desk) -> None:
    inbox.put(desk, "en", "i3")


def undo(desk: Desk) -> None:
    desk.undo("en")


@pytest.mark.parametrize("point", range(MOST_INBOX_POINTS))
@pytest.mark.parametrize(
    ("before", "act"),
    [
        ((), take),
        ((take,), undo),
        ((take,), put),
        ((take, put), undo),
    ],
    ids=["taking", "taking back", "putting", "putting back"],
)
def test_an_item_between_inbox_and_issue_is_never_in_neither(
    newsletter: Newsletter,
    folder: Path,
    issue: Path,
    before: tuple[Callable[[Desk], None], ...],
    act: Callable[[Desk], None],
    point: int,
) -> None:
    compose(newsletter, INBOX, [Item(heading="A harbour reopens")])
    desk = Desk(newsletter, folder)
    desk.view()
    for earlier in before:
        earlier(desk)
    with ending_at(point, EndOfProgramError), suppress(EndOfProgramError):
        act(desk)
    desk.close()

    desk = Desk(newsletter, folder)
    assert desk.view().why == ""
    inbox_file = newsletter.issues / INBOX / "issue.md"
    places = [
        file
        for file in (issue, inbox_file)
        if "### A harbour reopens\n" in file.read_text("utf-8")
    ]
    assert len(places) == 1
    desk.close()


def disk_full() -> JournalError:
    return JournalError(Path(FILE), "the disk is full; free some space")
