"""The inbox beside the issue: its items go into the issue, and the issue's back."""

from dataclasses import dataclass, replace

from briefing.errors import NotFoundError, RefusedError
from briefing.issue import store
from briefing.issue.compose import newest_first
from briefing.issue.edits import AddItem, Edit, RemoveItem, digest
from briefing.issue.fields import values_of
from briefing.issue.model import Item
from briefing.issue.photos import adding_photos, read_photos
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter

from .desk import Desk


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item in the inbox. Its id follows from what it says, so it is another one after an edit."""

    id: str
    item: Item


def waiting(newsletter: Newsletter) -> list[WaitingItem]:
    """Return the items in the inbox, newest first. Raises IssueError if its file can't be read."""
    if not store.first_edition_path(newsletter, INBOX).exists():
        return []
    items = newest_first(store.first_edition(newsletter, INBOX).issue.items)
    return [WaitingItem(digest(item), item) for item in items]


def take(desk: Desk, lang: str, wanted: str, section: str, after: str) -> None:
    """Move an item from the inbox into a section of an issue's first edition, with its photo, below
    the item `after`; "" is the section's start. It can be undone.

    Raises NotFoundError if it isn't in the inbox any more, RefusedError for another edition, if the
    issue has the same news already, or if the issue can't be changed.
    """
    newsletter = desk.newsletter()
    if lang != newsletter.first_language:
        raise RefusedError(
            "items from the inbox go into the original edition; choose that edition above"
        )
    found = [each.item for each in waiting(newsletter) if each.id == wanted]
    if not found:
        raise NotFoundError("this item isn’t in the inbox any more")
    item = found[0]
    if desk.view(lang).parts.issue.has(item):
        raise RefusedError(
            "the issue has the same news already; it stays in the inbox"
        )
    photos = read_photos(newsletter.issues / INBOX, [item])
    with adding_photos(desk.folder) as add_photo:
        if item.image in photos:
            image = add_photo(photos[item.image], item.image)
            item = replace(item, image=image)
        addition = AddItem(values_of(item), section, after, inbox=True)
        _edit(desk, lang, addition)


def put(desk: Desk, lang: str, part: str) -> None:
    """Move an item of the issue into the inbox, with its photo. It can be undone.

    Raises NotFoundError if it is gone, RefusedError if it can't be taken out of the issue.
    """
    item = desk.item(lang, part)
    if desk.folder.name == INBOX:
        raise RefusedError("this item is in the inbox already")
    _edit(desk, lang, RemoveItem(part, digest(item), inbox=True))


def _edit(desk: Desk, lang: str, edit: Edit) -> None:
    if desk.edit_now(lang, [edit]).conflicts:
        raise RefusedError(
            "it was changed in the meantime; look at it and try again"
        )
