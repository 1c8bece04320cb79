"""What ran already: the same link, or nearly the same headline, in an issue or in the inbox."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from briefing.errors import IssueError
from briefing.issue import store
from briefing.issue.model import Item
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter

NEARLY = 0.9
"""How much of two headlines is the same when they are nearly the same (difflib's ratio)."""


@dataclass(frozen=True, slots=True)
class Past:
    """The links and headlines of all issues and of the inbox, by where they stand; the newest first."""

    items: tuple[tuple[str, str, str], ...]
    """The issue's id or `inbox`, the link, the headline as it is compared."""

    @classmethod
    def of(cls, newsletter: Newsletter, clean: Callable[[str], str]) -> "Past":
        """Read from the first editions; an issue that can't be read is left out, `check` tells of it.

        Links that people typed or pasted are made comparable by `clean`.
        """
        return cls(tuple((name, clean(item.link), _folded(item.heading)) for name, item in _items(newsletter)))

    def ran(self, link: str, heading: str) -> str:
        """The id of the newest issue (or `inbox`) that has the link, else nearly the headline; empty if none has."""
        for name, known, _ in self.items:
            if link and known == link:
                return name
        folded = _folded(heading)
        return next((name for name, _, other in self.items if folded and _is_nearly(folded, other)), "")


def _items(newsletter: Newsletter) -> Iterator[tuple[str, Item]]:
    for name in (INBOX, *store.ids(newsletter)):
        if store.first_edition_path(newsletter, name).exists():
            try:
                edition = store.first_edition(newsletter, name)
            except IssueError:
                continue
            yield from ((name, item) for item in edition.issue.items)


def _is_nearly(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= NEARLY and matcher.quick_ratio() >= NEARLY and matcher.ratio() >= NEARLY


def _folded(heading: str) -> str:
    return " ".join(re.findall(r"\w+", heading.casefold()))
