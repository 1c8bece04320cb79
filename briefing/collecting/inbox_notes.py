"""Keep notes on items of the inbox, for the editors only, in `.briefing/inbox-notes.json`.

They name who sent an item and quote that person's words, so they are never in the issue's file.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from briefing.errors import NotFoundError
from briefing.issue import store
from briefing.issue.model import Item
from briefing.newsletter import Newsletter
from briefing.storage import files

FILE = "inbox-notes.json"


class InboxNotes:
    """The notes on a newsletter's items. A file that can't be read has none: they only help."""

    def __init__(self, newsletter: Newsletter) -> None:
        self._newsletter = newsletter
        self._notes = _read(self._path)

    def of(self, item: Item) -> str:
        """Return the notes on an item; "" without any. An item keeps them if it is edited, as long as
        it keeps its link, or else its headline.
        """
        return "; ".join(self._notes.get(_name(item), []))

    def add(self, items: Iterable[Item], note: str) -> None:
        """Write down a note on some items of the inbox. An item that has another note keeps both.

        Notes on what has left the inbox are deleted.
        """
        for item in items:
            notes = self._notes.setdefault(_name(item), [])
            if note not in notes:
                notes.append(note)
        waiting = set(map(_name, _inbox(self._newsletter)))
        kept = {
            name: own for name, own in self._notes.items() if name in waiting
        }
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        files.write_private(self._path, text.encode())

    @property
    def _path(self) -> Path:
        return self._newsletter.state / FILE


def _inbox(newsletter: Newsletter) -> Iterable[Item]:
    try:
        return store.first_edition(newsletter, store.INBOX).issue.items
    except NotFoundError:
        return ()


def _name(item: Item) -> str:
    return item.link or item.heading or item.text[:80]


def _read(path: Path) -> dict[str, list[str]]:
    try:
        kept: Any = json.loads(files.read(path))
        return {name: list(map(str, notes)) for name, notes in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
