"""The inbox: collected items that aren't in an issue yet. It is a file like an issue's."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from briefing.errors import NotFoundError, RefusedError
from briefing.newsletter import Newsletter

from . import store
from .model import Issue, Item, Section
from .photos import photo_paths
from .store import INBOX, Edition


def load_inbox(newsletter: Newsletter) -> Edition:
    """Return the inbox. Raises RefusedError if it is empty, IssueError if it can't be read."""
    with suppress(NotFoundError):
        edition = store.first_edition(newsletter, INBOX)
        if any(edition.issue.items):
            return edition
    raise RefusedError(
        "the inbox is empty; fill it with 'briefing collect LINK', or use --from FILE to start from a brief"
    )


def remove_from_inbox(waiting: Edition, items: Collection[Item]) -> None:
    """Remove items from the inbox, and then the photos that no other item of it shows. Raises
    ChangedError if someone edits it at the same moment.
    """
    paths = photo_paths(waiting.path.parent, items)
    rest = without(waiting.issue, items)
    store.save(waiting, rest)
    still_shown = {item.image for item in rest.items}
    for image in paths.keys() - still_shown:
        paths[image].unlink(missing_ok=True)


def without(issue: Issue, items: Collection[Item]) -> Issue:
    """Return the issue without some items, and without the sections that this leaves empty."""
    sections: list[Section] = []
    for section in issue.sections:
        rest = tuple(item for item in section.items if item not in items)
        if rest:
            sections.append(replace(section, items=rest))
    return replace(issue, sections=tuple(sections))
