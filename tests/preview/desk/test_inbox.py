"""The inbox beside the issue: nothing is lost between the two."""

import contextlib
from pathlib import Path

import pytest

from briefing.errors import NotFoundError, RefusedError
from briefing.issue.compose import compose, compose_inbox
from briefing.issue.edits import RemoveItem, SetField, digest
from briefing.issue.model import Item
from briefing.issue.parts import START
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter
from briefing.preview.desk import inbox
from briefing.preview.desk.desk import Desk
from tests.collecting.making import jpeg

NEWS = Item(
    heading="A harbour reopens",
    link="https://example.org/harbour",
    image="harbour.jpg",
)


@pytest.fixture
def filled(newsletter: Newsletter) -> Newsletter:
    """The newsletter with an item and its photo in the inbox."""
    compose(newsletter, INBOX, [NEWS], photos={"harbour.jpg": jpeg()})
    return newsletter


def headlines(desk: Desk) -> list[str]:
    return [part.item.heading for part in desk.view("en").parts.items]


def waiting(newsletter: Newsletter) -> list[str]:
    return [each.item.heading for each in inbox.waiting(newsletter)]


def test_an_empty_inbox_has_nothing(newsletter: Newsletter) -> None:
    assert inbox.waiting(newsletter) == []


def test_an_item_goes_into_the_issue_with_its_photo(
    filled: Newsletter, desk: Desk, folder: Path
) -> None:
    (item,) = inbox.waiting(filled)
    inbox.take(desk, "en", item.id, START, "i2")
    assert headlines(desk)[-1] == NEWS.heading
    assert (folder / "harbour.jpg").exists()
    assert waiting(filled) == []


@pytest.mark.parametrize(("after", "place"), [("", 0), ("i1", 1), ("i2", 2)])
def test_it_goes_below_the_item_that_was_chosen(
    filled: Newsletter, desk: Desk, after: str, place: int
) -> None:
    (item,) = inbox.waiting(filled)
    inbox.take(desk, "en", item.id, START, after)
    assert headlines(desk).index(NEWS.heading) == place


def test_an_item_goes_back_with_its_photo(
    filled: Newsletter, desk: Desk
) -> None:
    (item,) = inbox.waiting(filled)
    inbox.take(desk, "en", item.id, START, "i2")
    part = list(desk.view("en").parts.items)[-1].id
    inbox.put(desk, "en", part)
    assert NEWS.heading not in headlines(desk)
    assert waiting(filled) == [NEWS.heading]
    assert (filled.issues / INBOX / "harbour.jpg").exists()


def test_what_the_issue_has_already_stays(
    filled: Newsletter, desk: Desk, newsletter: Newsletter, folder: Path
) -> None:
    compose(newsletter, folder.name, [Item(heading="B", link=NEWS.link)])
    (item,) = inbox.waiting(filled)
    with pytest.raises(RefusedError, match="stays in the inbox"):
        inbox.take(desk, "en", item.id, START, "i2")
    assert waiting(filled) == [NEWS.heading]


def test_an_item_that_is_gone_is_named(filled: Newsletter, desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="isn’t in the inbox any more"):
        inbox.take(desk, "en", "0" * 16, START, "")
    with pytest.raises(NotFoundError, match="was removed in the meantime"):
        inbox.put(desk, "en", "i99")


def test_nothing_goes_into_another_edition(
    filled: Newsletter, desk: Desk
) -> None:
    (item,) = inbox.waiting(filled)
    with pytest.raises(RefusedError, match="go into the original edition"):
        inbox.take(desk, "ug", item.id, START, "")
    assert waiting(filled) == [NEWS.heading]


def taken(filled: Newsletter, desk: Desk) -> str:
    """Move the waiting item into the issue; return its id there."""
    (item,) = inbox.waiting(filled)
    inbox.take(desk, "en", item.id, START, "i2")
    return list(desk.view("en").parts.items)[-1].id


def photos(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]


def test_undo_brings_it_back_into_the_inbox_and_redo_into_the_issue(
    filled: Newsletter, desk: Desk
) -> None:
    before = headlines(desk)
    taken(filled, desk)
    assert desk.view("en").undo == "item from the inbox"
    assert desk.undo("en").saved
    assert headlines(desk) == before
    assert waiting(filled) == [NEWS.heading]
    assert photos(filled.issues / INBOX) == [jpeg()]
    assert desk.redo("en").saved
    assert headlines(desk) == [*before, NEWS.heading]
    assert waiting(filled) == []


def test_undo_brings_an_item_that_was_put_into_the_inbox_back_to_its_place(
    filled: Newsletter, desk: Desk, folder: Path
) -> None:
    part = taken(filled, desk)
    order = headlines(desk)
    inbox.put(desk, "en", part)
    assert desk.view("en").undo == "move into the inbox"
    assert desk.undo("en").saved
    assert headlines(desk) == order
    assert waiting(filled) == []
    assert photos(folder) == [jpeg()]


def test_undo_also_works_if_somebody_has_taken_the_item_out_of_the_inbox(
    filled: Newsletter, desk: Desk
) -> None:
    inbox.put(desk, "en", taken(filled, desk))
    compose_inbox(filled, "2031-01-01")
    assert desk.undo("en").saved
    assert NEWS.heading in headlines(desk)


def test_an_item_that_was_changed_in_the_issue_goes_back_as_it_is_now(
    filled: Newsletter, desk: Desk
) -> None:
    part = taken(filled, desk)
    desk.edit("en", [SetField(part, "text", "", "Ships call again.")])
    inbox.put(desk, "en", part)
    (item,) = inbox.waiting(filled)
    assert item.item.text == "Ships call again."


def test_what_was_changed_elsewhere_meanwhile_stays_in_the_issue_alone(
    filled: Newsletter, desk: Desk, folder: Path
) -> None:
    taken(filled, desk)
    path = folder / "issue.md"
    path.write_text(path.read_text().replace(NEWS.heading, "A harbour opens"))
    assert desk.undo("en").conflicts
    assert "A harbour opens" in headlines(desk)
    assert waiting(filled) == []


def test_an_inbox_that_cannot_be_read_loses_nothing(
    filled: Newsletter, desk: Desk
) -> None:
    taken(filled, desk)
    broken = filled.issues / INBOX / "issue.md"
    broken.write_bytes(b"\xff\xfe no text")
    before = headlines(desk)
    result = desk.undo("en")
    assert not result.saved
    assert "issues/inbox/issue.md" in result.why
    assert headlines(desk) == before
    assert broken.read_bytes() == b"\xff\xfe no text"


def test_an_item_is_taken_only_once(
    filled: Newsletter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = inbox.waiting(filled)
    taken(filled, desk)
    desk.edit("en", [RemoveItem("i3", digest(NEWS))])
    # What a second tab still shows.
    monkeypatch.setattr(inbox, "waiting", lambda _: seen)
    with pytest.raises(RefusedError, match="isn’t in the inbox any more"):
        inbox.take(desk, "en", seen[0].id, START, "")
    assert NEWS.heading not in headlines(desk)


def test_the_inbox_takes_nothing_out_of_itself(filled: Newsletter) -> None:
    with contextlib.closing(Desk(filled, filled.issues / INBOX)) as desk:
        (part,) = desk.view("en").parts.items
        with pytest.raises(RefusedError, match="is in the inbox already"):
            inbox.put(desk, "en", part.id)
    assert waiting(filled) == [NEWS.heading]
