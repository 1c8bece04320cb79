"""The inbox beside the issue: nothing is lost between the two."""

from pathlib import Path

import pytest

from briefing.collecting.inbox_notes import InboxNotes
from briefing.errors import NotFoundError, RefusedError
from briefing.issue.compose import compose
from briefing.issue.model import Item
from briefing.issue.parts import START
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter
from briefing.preview import inbox
from briefing.preview.desk import Desk
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


def test_notes_on_an_item_stand_beside_it(filled: Newsletter) -> None:
    assert [each.note for each in inbox.waiting(filled)] == [""]
    InboxNotes(filled).add([NEWS], "from Mira: “Page 3?”")
    (item,) = inbox.waiting(filled)
    assert item.note == "from Mira: “Page 3?”"


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
    inbox.put(filled, desk, "en", part)
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
    with pytest.raises(NotFoundError, match="isn't in the inbox any more"):
        inbox.take(desk, "en", "0" * 16, START, "")
    with pytest.raises(NotFoundError, match="was removed meanwhile"):
        inbox.put(filled, desk, "en", "i99")


def test_nothing_goes_into_another_edition(
    filled: Newsletter, desk: Desk
) -> None:
    (item,) = inbox.waiting(filled)
    with pytest.raises(RefusedError, match="go into the first edition"):
        inbox.take(desk, "ug", item.id, START, "")
    assert waiting(filled) == [NEWS.heading]
