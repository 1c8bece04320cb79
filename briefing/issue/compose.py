"""Composing: items become an issue, or join one that exists. What is there already isn't touched."""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping
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
) -> Composed:
    """Add the items that the issue of an id lacks, below its own; make the issue if there is none.

    They go into `section`, else into the settings' first one, else below the last item. A new issue begins with the
    settings' introduction, else with `introduction`. `photos` are new pictures by the name that an item's `image`
    gives; those of the added items are written beside the issue, under another name if a different file has it already.

    Raises RefusedError if the issue was sent, and ChangedError if somebody edits it at the same moment: then it is as
    it was, and so is its folder.
    """
    with store.editing(newsletter):
        return _compose(newsletter, name, tuple(items), section, introduction, photos=photos)


def _compose(
    newsletter: Newsletter,
    name: str,
    items: tuple[Item, ...],
    section: str | None,
    introduction: str = "",
    *,
    photos: Mapping[str, bytes] = MappingProxyType({}),
) -> Composed:
    path = _first_edition(newsletter, name)
    receipt.refuse_sent(path.parent)
    first = newsletter.settings.newsletter.languages[0]
    new = not path.exists()
    edition = Edition(_empty(newsletter, name, introduction), path, first, "") if new else store.load(path, first)
    added = edition.issue.lacking(items)
    with _beside(path, added, photos) as illustrated:
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
        if written and not there:
            with suppress(OSError):
                folder.rmdir()
        raise


def inbox(newsletter: Newsletter) -> Edition:
    """What was collected and stands in no issue yet. Raises RefusedError if that is nothing."""
    path = _first_edition(newsletter, INBOX)
    if path.exists():
        edition = store.load(path, newsletter.settings.newsletter.languages[0])
        if any(edition.issue.items):
            return edition
    raise RefusedError("the inbox is empty; paste a brief into a file and name it with --from FILE")


def compose_inbox(newsletter: Newsletter, name: str, section: str | None = None) -> Composed:
    """Move all items of the inbox, with their photos, into an issue, newest first.

    They leave the inbox only once the issue is written, so that a stop at any moment loses nothing; one that the issue
    has in other words stays there.
    """
    with store.editing(newsletter):
        return _compose_inbox(newsletter, name, section)


def _compose_inbox(newsletter: Newsletter, name: str, section: str | None) -> Composed:
    receipt.refuse_sent(newsletter.issues / name)
    waiting = inbox(newsletter)
    items = sorted(waiting.issue.items, key=lambda item: item.date or dt.date.min, reverse=True)
    target = newsletter.issues / name
    photos = {item.image: photo for item in items if (photo := _photo(waiting.path.parent, item.image))}
    copies = {image: _keep(photo.read_bytes(), photo.name, target)[0] for image, photo in photos.items()}
    # Without the lines they were read from: another file has other line ends, and other neighbours.
    moved = [replace(item, image=copies.get(item.image, item.image), origin=None) for item in items]
    composed = _compose(newsletter, name, tuple(moved), section)
    there = set(composed.edition.issue.items)
    staying = {item for item, copy in zip(items, moved, strict=True) if copy not in there}
    rest = (replace(one, items=tuple(filter(staying.__contains__, one.items))) for one in waiting.issue.sections)
    left = tuple(section for section in rest if section.title is not None or section.items)
    store.save(waiting, replace(waiting.issue, sections=left))
    for image in photos.keys() - {item.image for item in staying}:
        photos[image].unlink(missing_ok=True)
    return replace(composed, staying=len(staying))


def _first_edition(newsletter: Newsletter, name: str) -> Path:
    """The file of an issue in the newsletter's first language: issue.md, or named by that language."""
    plain = newsletter.issues / name / "issue.md"
    named = plain.with_name(f"issue.{newsletter.settings.newsletter.languages[0]}.md")
    return named if named.exists() and not plain.exists() else plain


def _empty(newsletter: Newsletter, name: str, introduction: str) -> Issue:
    """A new issue as the settings want it."""
    settings = newsletter.settings.issue
    date = store.date_of(name)
    assert date, "an issue's id begins with its date"
    spoken = language(newsletter.settings.newsletter.languages[0], newsletter.template_folders).date(date)
    return Issue(
        title=settings.title.replace("{date}", spoken),
        date=date,
        introduction=settings.introduction or introduction,
        sections=tuple(Section(title=title) for title in settings.sections),
    )


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
