"""Notes on items of the inbox, for the editors only."""

import pytest

from briefing.collecting.inbox_notes import FILE, InboxNotes
from briefing.issue.compose import compose, compose_inbox
from briefing.issue.model import Item
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter

ITEM = Item(heading="A ferry", link="https://example.org/ferry")
OTHER = Item(heading="Other")


@pytest.fixture(autouse=True)
def _inbox(newsletter: Newsletter) -> None:
    compose(newsletter, INBOX, [ITEM, OTHER])


def test_a_note_is_found_again_also_after_an_edit(
    newsletter: Newsletter,
) -> None:
    InboxNotes(newsletter).add([ITEM, OTHER], "from Mira")
    notes = InboxNotes(newsletter)
    edited = Item(heading="The ferry", link=ITEM.link, text="Runs.")
    assert notes.of(edited) == "from Mira"
    assert notes.of(Item(heading="Other", text="Edited.")) == "from Mira"
    assert notes.of(Item(heading="A ferry")) == ""


def test_only_the_editor_can_read_them(newsletter: Newsletter) -> None:
    InboxNotes(newsletter).add([ITEM], "from Mira")
    assert (newsletter.state / FILE).stat().st_mode & 0o777 == 0o600


def test_two_colleagues_can_send_the_same(newsletter: Newsletter) -> None:
    for note in ("from Mira", "from Jo", "from Jo"):
        InboxNotes(newsletter).add([ITEM], note)
    assert InboxNotes(newsletter).of(ITEM) == "from Mira; from Jo"


def test_notes_on_what_left_the_inbox_are_deleted(
    newsletter: Newsletter,
) -> None:
    InboxNotes(newsletter).add([ITEM], "from Mira")
    compose_inbox(newsletter, "2020-10-09")
    compose(newsletter, INBOX, [OTHER])
    InboxNotes(newsletter).add([OTHER], "from Jo")
    assert b"Mira" not in (newsletter.state / FILE).read_bytes()
    assert InboxNotes(newsletter).of(OTHER) == "from Jo"


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{", b'{"A": 1}'])
def test_a_damaged_file_has_no_notes(
    newsletter: Newsletter, data: bytes
) -> None:
    InboxNotes(newsletter).add([ITEM], "from Mira")
    (newsletter.state / FILE).write_bytes(data)
    assert InboxNotes(newsletter).of(ITEM) == ""
