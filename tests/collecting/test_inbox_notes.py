"""Notes on items of the inbox, for the editors only."""

import pytest

from briefing.collecting.inbox_notes import FILE, MOST, InboxNotes
from briefing.issue.model import Item
from briefing.newsletter import Newsletter

ITEM = Item(heading="A ferry", link="https://example.org/ferry")


def test_a_note_is_found_again_also_after_an_edit(
    newsletter: Newsletter,
) -> None:
    InboxNotes(newsletter).add([ITEM, Item(heading="Other")], "from Mira")
    notes = InboxNotes(newsletter)
    edited = Item(heading="The ferry", link=ITEM.link, text="Runs.")
    assert notes.of(edited) == "from Mira"
    assert notes.of(Item(heading="Other", text="Edited.")) == "from Mira"
    assert notes.of(Item(heading="A ferry")) == ""


def test_only_the_editor_can_read_them(newsletter: Newsletter) -> None:
    InboxNotes(newsletter).add([ITEM], "from Mira")
    assert (newsletter.state / FILE).stat().st_mode & 0o777 == 0o600


def test_the_newest_stay(newsletter: Newsletter) -> None:
    items = [Item(heading=str(number)) for number in range(MOST + 1)]
    InboxNotes(newsletter).add(items, "x")
    notes = InboxNotes(newsletter)
    assert (notes.of(items[0]), notes.of(items[1])) == ("", "x")


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{"])
def test_a_damaged_file_has_no_notes(
    newsletter: Newsletter, data: bytes
) -> None:
    InboxNotes(newsletter).add([ITEM], "from Mira")
    (newsletter.state / FILE).write_bytes(data)
    assert InboxNotes(newsletter).of(ITEM) == ""
