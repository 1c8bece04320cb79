"""Composing: items become an issue, or join one that exists. What is there already isn't touched."""

import datetime as dt
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from briefing import files
from briefing.errors import RefusedError
from briefing.issue import receipt, store
from briefing.issue.model import Issue, Item, Section
from briefing.issue.store import INBOX, Edition
from briefing.languages import language
from briefing.newsletter import Newsletter


@dataclass(frozen=True, slots=True)
class Composed:
    """An issue after items were added to it."""

    edition: Edition
    added: tuple[Item, ...]
    known: int
    """How many of the items it had already."""
    new: bool
    """Whether the issue was made by this."""
    staying: int = 0
    """How many items stay in the inbox, since the issue has them in other words."""


def compose(
    newsletter: Newsletter,
    name: str,
    items: Iterable[Item],
    section: str | None = None,
    introduction: str = "",
    *,
    photos: Mapping[str, bytes] = MappingProxyType({}),
    again: bool = False,
) -> Composed:
    """Add the items that the issue of an id lacks, below its own; make the issue if there is none.

    They go into `section`, else into the settings' first one, else below the last item. A new issue begins with the
    settings' introduction, else with `introduction`. `photos` are new pictures by the name that an item's `image`
    gives; those of the added items are written beside the issue, under another name if a different file has it already.
    With `again` the items that the issue has are added, too.

    Raises RefusedError if the issue was sent, and ChangedError if somebody edits it at the same moment: then it is as
    it was, and so is its folder.
    """
    with store.editing(newsletter):
        return _compose(newsletter, name, tuple(items), section, introduction, photos=photos, again=again)


def _compose(
    newsletter: Newsletter,
    name: str,
    items: tuple[Item, ...],
    section: str | None,
    introduction: str = "",
    *,
    photos: Mapping[str, bytes] = MappingProxyType({}),
    again: bool = False,
) -> Composed:
    path = store.first_edition_path(newsletter, name)
    receipt.refuse_sent(path.parent)
    first = newsletter.first_language
    new = not path.exists()
    edition = Edition(_empty(newsletter, name, introduction), path, first, "") if new else store.load(path, first)
    added = items if again else edition.issue.lacking(items)
    with _beside(path, added, photos) as illustrated:
        if name == INBOX and not section:
            issue = _with_loose(edition.issue, illustrated)
        else:
            issue = edition.issue.with_items(illustrated, section=section or _first_section(newsletter, edition.issue))
        if new:
            edition = store.create(path, issue, first)
        elif added:
            edition = store.save(edition, issue)
    return Composed(edition, illustrated, len(items) - len(added), new)


@contextmanager
def _beside(path: Path, items: tuple[Item, ...], photos: Mapping[str, bytes]) -> Iterator[tuple[Item, ...]]:
    """Write the photos of some items beside an issue's file; the items with the names that these have there.

    Where the block fails they are taken away again, and so is the folder if it was made for them.
    """
    folder = path.parent
    there = folder.is_dir()
    written: list[Path] = []
    try:
        illustrated: list[Item] = []
        for item in items:
            data = photos.get(item.image)
            if data is not None:
                image, new = _keep(data, item.image, folder)
                written += [folder / image] if new else []
                illustrated.append(replace(item, image=image))
            else:
                illustrated.append(item)
        yield tuple(illustrated)
    except BaseException:
        for photo in written:
            photo.unlink(missing_ok=True)
        if not there:
            with suppress(OSError):
                folder.rmdir()
        raise


def inbox(newsletter: Newsletter) -> Edition:
    """What was collected and stands in no issue yet. Raises RefusedError if that is nothing."""
    if store.first_edition_path(newsletter, INBOX).exists():
        edition = store.first_edition(newsletter, INBOX)
        if any(edition.issue.items):
            return edition
    raise RefusedError(
        "the inbox is empty; 'briefing collect LINK' fills it, --from FILE composes of a brief in a file"
    )


def compose_inbox(
    newsletter: Newsletter, name: str, section: str | None = None, chosen: Collection[Item] | None = None
) -> Composed:
    """Move items of the inbox, all or the `chosen` ones, with their photos, into an issue, newest first.

    They go into `section`, else into the one below whose heading they stand in the inbox. They leave the inbox only
    once the issue is written, so that a stop at any moment loses nothing; one that the issue has in other words stays.
    """
    receipt.refuse_sent(newsletter.issues / name)
    with store.editing(newsletter):
        return _compose_inbox(newsletter, name, section, chosen)


def _compose_inbox(newsletter: Newsletter, name: str, section: str | None, chosen: Collection[Item] | None) -> Composed:
    waiting = inbox(newsletter)
    target = newsletter.issues / name
    first = next(iter(newsletter.settings.issue.sections), None)
    parts = [
        (part.title if part.title and part.title != first and not section else "", item)
        for part in waiting.issue.sections
        for item in part.items
        if chosen is None or item in chosen
    ]
    if not parts:
        raise RefusedError("nothing was chosen; the inbox stays as it is")
    parts.sort(key=lambda one: one[1].date or dt.date.min, reverse=True)
    photos = {item.image: photo for _, item in parts if (photo := _photo(waiting.path.parent, item.image))}
    copies = {image: _keep(photo.read_bytes(), photo.name, target)[0] for image, photo in photos.items()}
    # Without the lines they were read from: another file has other line ends, and other neighbours.
    moved = {item: replace(item, image=copies.get(item.image, item.image), origin=None) for _, item in parts}
    composed: list[Composed] = []
    for title in sorted(dict.fromkeys(title for title, _ in parts), key=bool):  # first who go below the last item
        items = tuple(moved[item] for one, item in parts if one == title)
        composed.append(_compose(newsletter, name, items, section or title or None))
    there = set(composed[-1].edition.issue.items)
    gone = {item for item, copy in moved.items() if copy in there}
    rest = (replace(one, items=tuple(item for item in one.items if item not in gone)) for one in waiting.issue.sections)
    store.save(waiting, replace(waiting.issue, sections=tuple(one for one in rest if one.items)))
    for image in photos.keys() - {item.image for item in waiting.issue.items if item not in gone}:
        photos[image].unlink(missing_ok=True)
    return Composed(
        composed[-1].edition,
        tuple(item for one in composed for item in one.added),
        sum(one.known for one in composed),
        composed[0].new,
        staying=len(moved) - len(gone),
    )


def _empty(newsletter: Newsletter, name: str, introduction: str) -> Issue:
    """A new issue as the settings want it; the inbox is one without a date and without sections of its own."""
    if name == INBOX:
        return Issue(title="Inbox")
    settings = newsletter.settings.issue
    date = store.date_of(name)
    assert date, "an issue's id begins with its date"
    spoken = language(newsletter.first_language, newsletter.template_folders).date(date)
    return Issue(
        title=settings.title.replace("{date}", spoken),
        date=date,
        introduction=settings.introduction or introduction,
        sections=tuple(Section(title=title) for title in settings.sections),
    )


def _with_loose(issue: Issue, items: tuple[Item, ...]) -> Issue:
    """The inbox with items that are for no section of their own: above its sections."""
    first, *rest = issue.sections or (Section(),)
    if first.title is not None:
        first, rest = Section(), [first, *rest]
    return replace(issue, sections=(replace(first, items=first.items + items), *rest))


def _first_section(newsletter: Newsletter, issue: Issue) -> str | None:
    """The settings' first section, where the issue has it (an editor may have taken it out)."""
    titles = {section.title for section in issue.sections}
    return next((title for title in newsletter.settings.issue.sections if title in titles), None)


def _photo(folder: Path, name: str) -> Path | None:
    """The photo of a name in a folder; None if that leads to nothing, out of the folder, or to an issue's own file."""
    real = Path(os.path.realpath(folder / name))  # Path.resolve fails on a link to itself, up to Python 3.12
    inside = real.is_relative_to(os.path.realpath(folder))
    return folder / name if inside and real.is_file() and not store.EDITION.fullmatch(real.name) else None


def _keep(data: bytes, name: str, folder: Path) -> tuple[str, bool]:
    """Write a photo into an issue's folder: its name there (another if a different file has it), whether it is new."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = Path(name)
    for number in ("", *(f"-{n}" for n in range(2, 1000))):
        candidate = f"{wanted.stem}{number}{wanted.suffix}"
        place = folder / candidate
        if not os.path.lexists(place):
            files.create(place, data)
            return candidate, True
        if place.is_file() and not place.is_symlink() and place.read_bytes() == data:
            return candidate, False
    raise RefusedError(f"the issue has a thousand photos named {wanted.stem}; rename this one")
