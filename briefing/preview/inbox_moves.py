"""Items that move between the inbox and an issue, also when that is taken back: nothing is lost between
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


@dataclass(frozen=True, slots=True)
class InboxMoves:
    """What a decision moves."""

    into_inbox: tuple[Item, ...]
    out_of_inbox: tuple[Item, ...]


def inbox_moves(decision: Decision, before: Parts) -> InboxMoves:
    """Return what a decision moves; `before` is the issue before it."""
    into_inbox: list[Item | None] = []
    out_of_inbox: list[Item | None] = []
    for edit in _applied(decision):
        match edit:
            case RemoveItem(item=part_id, inbox=True):
                into_inbox.append(before.item(part_id))
            case AddItem(id=part_id, inbox=True):
                out_of_inbox.append(decision.parts.item(part_id))
    return InboxMoves(
        tuple(filter(None, into_inbox)), tuple(filter(None, out_of_inbox))
    )


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
        if items and not set(map(_words, items)) <= set(
            map(_words, self._items())
        ):
            raise NotFoundError("this item isn't in the inbox any more")

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
        words = set(map(_words, items))
        with contextlib.suppress(BriefingError):
            waiting = load_inbox(self.newsletter)
            leaving = [
                item for item in waiting.issue.items if _words(item) in words
            ]
            remove_from_inbox(waiting, leaving)

    def _items(self) -> list[Item]:
        try:
            return list(load_inbox(self.newsletter).issue.items)
        except BriefingError:
            return []


def _words(item: Item) -> str:
    """Return what identifies an item in both files, where its photo can have different names."""
    return digest(replace(item, image=""))
