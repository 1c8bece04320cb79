"""Keep notes on items of the inbox, for the editors only, in `.briefing/inbox-notes.json`.

They name who sent an item and quote that person's words, so they never stand in the issue's file.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from briefing import files
from briefing.issue.model import Item
from briefing.newsletter import Newsletter

FILE = "inbox-notes.json"
MOST = 1_000
"""Notes that are kept, the newest."""


class InboxNotes:
    """The notes on a newsletter's items. A file that can't be read has none: they only help."""

    def __init__(self, newsletter: Newsletter) -> None:
        self._newsletter = newsletter
        self._notes = _read(self._path)

    def of(self, item: Item) -> str:
        """Return the note on an item; "" without one. An item keeps its note if it is edited, as long
        as it keeps its link, or else its headline.
        """
        return self._notes.get(_name(item), "")

    def add(self, items: Iterable[Item], note: str) -> None:
        """Write down a note on some items."""
        for item in items:
            self._notes.pop(_name(item), None)
            self._notes[_name(item)] = note
        kept = dict(list(self._notes.items())[-MOST:])
        files.make_private_folder(self._newsletter.state)
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        files.write_atomically(
            self._path, text.encode(), mode=files.PRIVATE_FILE
        )

    @property
    def _path(self) -> Path:
        return self._newsletter.state / FILE


def _name(item: Item) -> str:
    return item.link or item.heading or item.text[:80]


def _read(path: Path) -> dict[str, str]:
    try:
        kept: Any = json.loads(files.read(path))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, Mapping):
        return {}
    return {name: str(note) for name, note in kept.items()}
