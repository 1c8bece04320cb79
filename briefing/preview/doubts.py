"""Fields that the collector wasn't certain about, to be marked until an editor changes them."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from briefing.issue.fields import value_of
from briefing.issue.parts import Parts

if TYPE_CHECKING:
    from .adding import FoundItem

Doubtful = Mapping[tuple[str, str], str]
"""The doubtful values by part and field. Once a field has another value, an editor has decided."""


class Doubts:
    """The doubtful fields of an issue's editions, as long as the program runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, str, str], str] = {}
        """By language, part and field."""

    def remember(self, lang: str, part: str, found: "FoundItem") -> None:
        """Remember what is doubtful about a new item."""
        with self._lock:
            for name in found.uncertain:
                self._values[lang, part, name] = value_of(found.item, name)

    def forget(self, lang: str, part: str, name: str) -> None:
        """Forget that a field was doubtful: an editor has found it right."""
        with self._lock:
            self._values.pop((lang, part, name), None)

    def of(self, lang: str) -> Doubtful:
        """Return what was doubtful in an edition when it was added."""
        with self._lock:
            return {
                (part, name): value
                for (edition, part, name), value in self._values.items()
                if edition == lang
            }


def still_doubtful(doubtful: Doubtful, parts: Parts) -> dict[str, list[str]]:
    """Return the names of the fields that are still undecided, by the ids of their items."""
    left: dict[str, list[str]] = {}
    for (part, name), value in doubtful.items():
        item = parts.item(part)
        if item is not None and value_of(item, name) == value:
            left.setdefault(part, []).append(name)
    return left
