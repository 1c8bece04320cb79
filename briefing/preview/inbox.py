"""The inbox beside the issue: its items go into the issue, and the issue's back."""

from dataclasses import dataclass
from pathlib import Path

from briefing.collecting.inbox_notes import InboxNotes
from briefing.errors import NotFoundError, RefusedError
from briefing.issue import store
from briefing.issue.compose import compose, compose_inbox, newest_first
from briefing.issue.edits import MoveItem, RemoveItem, digest
from briefing.issue.model import Item
from briefing.issue.parts import START, Parts
from briefing.issue.photos import find_photo
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter
from briefing.preview.desk import Desk


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item in the inbox. Its id follows from what it says, so it is another one after an edit."""

    id: str
    item: Item
    note: str = ""
    """For the editors only: who sent it by mail, and that person's words."""


def waiting(newsletter: Newsletter) -> list[WaitingItem]:
    """Return the items in the inbox, newest first. Raises IssueError if its file can't be read."""
    if not store.first_edition_path(newsletter, INBOX).exists():
        return []
    items = newest_first(store.first_edition(newsletter, INBOX).issue.items)
    notes = InboxNotes(newsletter)
    return [WaitingItem(digest(item), item, notes.of(item)) for item in items]


def take(desk: Desk, lang: str, wanted: str, section: str, after: str) -> None:
    """Move an item from the inbox into a section of an issue's first edition, with its photo, below
    the item `after`; "" is the section's start.

    Raises NotFoundError if it isn't in the inbox any more, RefusedError for another edition or if the
    issue has the same news already, and what `compose_inbox` does.
    """
    newsletter = desk.newsletter()
    if lang != newsletter.first_language:
        raise RefusedError(
            "items of the inbox go into the first edition; choose it above"
        )
    found = [each.item for each in waiting(newsletter) if each.id == wanted]
    if not found:
        raise NotFoundError("this item isn't in the inbox any more")
    parts = desk.view(lang).parts
    numbered = parts.section(section) if section != START else None
    composed = compose_inbox(
        newsletter,
        desk.folder.name,
        numbered.title if numbered else None,
        found[:1],
    )
    if composed.staying or not composed.added:
        raise RefusedError(
            "the issue has the same news already; it stays in the inbox"
        )
    _move_new(desk, lang, parts, section, after)


def _move_new(
    desk: Desk, lang: str, known: Parts, section: str, after: str
) -> None:
    """Move the item that the issue didn't have before to its place, unless it is there."""
    now = desk.view(lang).parts
    items = dict(now.ids).get(section, [])
    above = dict(zip(items, ["", *items], strict=False))
    new = [part.id for part in now.items if not known.item(part.id)]
    moves = [
        MoveItem(item, section, after)
        for item in new
        if above.get(item) != after
    ]
    if moves:
        desk.edit(lang, moves, waits=False)


def put(newsletter: Newsletter, desk: Desk, lang: str, part: str) -> None:
    """Move an item of the issue into the inbox, with its photo.

    First it is written there, so it can't be lost between the two. Raises NotFoundError if it is
    gone, RefusedError if it can't be taken out of the issue.
    """
    item = desk.view(lang).parts.item(part)
    if item is None:
        raise NotFoundError("this item was removed meanwhile")
    compose(
        newsletter, INBOX, [item], photos=_photos(desk.folder, item), again=True
    )
    removal = RemoveItem(part, digest(item))
    result = desk.edit(lang, [removal], waits=False)
    if not result.saved or result.conflicts:
        raise RefusedError(
            result.why or "it was changed meanwhile, so it is in both now"
        )


def _photos(folder: Path, item: Item) -> dict[str, bytes]:
    path = find_photo(folder, item.image)
    return {item.image: path.read_bytes()} if path else {}
