"""Items that move between the inbox and an issue, also when that is undone: nothing is lost between
the two.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.errors import BriefingError, NotFoundError
from briefing.issue.compose import put_into_inbox
from briefing.issue.edits import AddItem, Edit, RemoveItem, digest
from briefing.issue.inbox import load_inbox, remove_from_inbox
from briefing.issue.model import Item
from briefing.issue.parts import Parts
from briefing.issue.photos import read_photos
from briefing.newsletter import Newsletter

from .decisions import Decision
from .records import StepState


def into_inbox(decision: Decision, before: Parts) -> list[Item]:
    """Return the items that a decision moves into the inbox; `before` is the issue before it."""
    removed = [
        before.item(edit.item)
        for edit in _applied(decision)
        if isinstance(edit, RemoveItem) and edit.inbox
    ]
    return list(filter(None, removed))


def out_of_inbox(decision: Decision) -> list[Item]:
    """Return the items that a decision moves from the inbox into the issue."""
    added = [
        decision.parts.item(edit.id)
        for edit in _applied(decision)
        if isinstance(edit, AddItem) and edit.inbox
    ]
    return list(filter(None, added))


def _applied(decision: Decision) -> Iterator[Edit]:
    for step in decision.steps:
        if step.state is StepState.DONE:
            yield from step.edits
        elif step.state is StepState.UNDONE:
            yield from step.inverses


@dataclass(frozen=True, slots=True)
class InboxFile:
    """The inbox beside an issue. Use it only in `store.editing`."""

    newsletter: Newsletter
    folder: Path
    """The issue's."""

    def require(self, items: Sequence[Item]) -> None:
        """Raise NotFoundError unless the inbox has all these items, perhaps with other names of their
        photos.
        """
        wanted = set(map(_identity, items))
        if wanted and not wanted.issubset(map(_identity, self._items())):
            raise NotFoundError("this item isn’t in the inbox any more")

    def receive(self, items: Sequence[Item]) -> None:
        """Put items of the issue into the inbox, with their photos, before they leave the issue.
        Raises BriefingError if that isn't possible.
        """
        if items:
            photos = read_photos(self.folder, items)
            put_into_inbox(self.newsletter, items, photos)

    def release(self, items: Sequence[Item]) -> None:
        """Remove items from the inbox that are in the issue now. If that isn't possible, they are in
        both, which the editor sees.
        """
        if not items:
            return
        wanted = set(map(_identity, items))
        with contextlib.suppress(BriefingError):
            waiting = load_inbox(self.newsletter)
            leaving = [
                item
                for item in waiting.issue.items
                if _identity(item) in wanted
            ]
            remove_from_inbox(waiting, leaving)

    def _items(self) -> list[Item]:
        try:
            return list(load_inbox(self.newsletter).issue.items)
        except BriefingError:
            return []


def _identity(item: Item) -> str:
    """Return what identifies an item in both files, where its photo can have different names."""
    return digest(replace(item, image=""))
