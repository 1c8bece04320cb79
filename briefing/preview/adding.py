"""Add to an issue on the page: links, which are collected, dropped files, and photos.

What is found is added by edits, so all of it can be taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from briefing.collecting.brief_intake import read_brief_document
from briefing.collecting.intake import (
    Collected,
    InboxItem,
    Progress,
    gather,
    name_photos,
    no_progress,
    plan_sources,
)
from briefing.collecting.text.picture_names import name_of
from briefing.collecting.web.understanding import saved_address
from briefing.errors import LimitError, NotFoundError, RefusedError
from briefing.fetch import Guard
from briefing.issue.edits import AddItem, SetField
from briefing.issue.fields import values_of
from briefing.issue.model import Item
from briefing.issue.photos import adding_photos
from briefing.limited import run_limited
from briefing.newsletter import Newsletter
from briefing.photo_work import photo_and_credit
from briefing.preview.desk import Desk, EditResult
from briefing.preview.link_order import AT_THE_END

PAGES = (".html", ".htm", ".xhtml")
"""What browsers call the pages that they save."""

FIELDS = {
    "title": "heading",
    "source": "source",
    "date": "date",
    "photo": "photo",
    "alt": "alt",
    "excerpt": "text",
}
"""The field of an item for each that the collector can be uncertain about."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item that can be added."""

    item: Item
    uncertain: tuple[str, ...] = ()
    """The fields that the editor should check."""
    notes: tuple[str, ...] = ()
    """What else the editor should know, a sentence each."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a link or a file contains."""

    items: tuple[FoundItem, ...] = ()
    photos: Mapping[str, bytes] = field(default_factory=dict)
    """By the names in the items' `image`."""
    problems: tuple[str, ...] = ()
    """Why a page gave no item, one line each."""
    introduction: str = ""
    """The introduction of a brief."""


def find_links(
    newsletter: Newsletter,
    addresses: Sequence[str],
    *,
    guard: Guard | None = None,
    progress: Progress = no_progress,
) -> Found:
    """Collect links, as `briefing collect` does. Those that already ran are collected as well, with
    a note.
    """
    guard = guard or Guard(proxy=newsletter.settings.collect.proxy)
    sources = plan_sources(addresses, None, guard)
    return _found(
        gather(newsletter, sources, again=True, guard=guard, progress=progress)
    )


def find_in_file(newsletter: Newsletter, name: str, data: bytes) -> Found:
    """Read a dropped file: a page that a browser saved, or else a brief.

    `name` is what the editor's computer calls it; only its ending decides anything. Raises
    RefusedError if the file can't be read or has no text.
    """
    name = Path(name).name
    if name.lower().endswith(PAGES) and _says_its_address(data, name):
        return _find_in_page(newsletter, name, data)
    brief = read_brief_document(data, name)
    items = tuple(
        FoundItem(parsed.item, notes=tuple(parsed.notes))
        for parsed in brief.items
    )
    return Found(items, brief.photos, introduction=brief.introduction)


def _says_its_address(data: bytes, name: str) -> bool:
    """Whether a page says where it is on the web: briefs that were exported as pages don't."""
    try:
        address = run_limited(
            saved_address, data, name=name, remedy="write its item by hand"
        )
    except LimitError:
        return False
    return bool(address)


def _find_in_page(newsletter: Newsletter, name: str, data: bytes) -> Found:
    guard = Guard(proxy=newsletter.settings.collect.proxy)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        sources = plan_sources([], path, guard)
        return _found(gather(newsletter, sources, again=True, guard=guard))


def _found(collected: Collected) -> Found:
    items, photos = name_photos(collected.kept)
    found = tuple(
        FoundItem(item, _uncertain(entry), tuple(_notes(entry)))
        for item, entry in zip(items, collected.kept, strict=True)
    )
    return Found(found, photos, tuple(collected.failures.values()))


def _uncertain(entry: InboxItem) -> tuple[str, ...]:
    return tuple(FIELDS[name] for name in entry.uncertain if name in FIELDS)


def _notes(entry: InboxItem) -> list[str]:
    notes = list(entry.notes)
    if entry.warning:
        notes.append(entry.warning)
    if entry.already:
        notes.append(f"was already in {_place(entry.already)}")
    return notes


def _place(issue: str) -> str:
    return "the inbox" if issue == "inbox" else f"issue {issue}"


def add(
    desk: Desk,
    folder: Path,
    lang: str,
    section: str,
    found: Found,
    *,
    after: str = AT_THE_END,
) -> list[str]:
    """Add what was found to a section, below the item `after` or at the end, and its photos to the
    issue's folder.

    Return the ids of the new items. Raises BriefingError, and adds nothing, if that can't be saved.
    """
    if not found.items:
        return []
    with adding_photos(folder) as add_photo:
        edits: list[AddItem] = []
        for each in found.items:
            item = each.item
            if item.image in found.photos:
                image = add_photo(found.photos[item.image], item.image)
                item = replace(item, image=image)
            edits.append(AddItem(values_of(item), section, after))
        result = desk.edit(lang, edits, waits=False)
        if not result.saved:
            raise RefusedError(result.why)
    return list(result.added)


def replace_photo(
    desk: Desk, folder: Path, lang: str, part: str, data: bytes
) -> EditResult:
    """Give an item another photo: cleaned of its metadata, and with the credit in them if the item has
    none. The file of the former one stays, so this can be taken back.

    Raises PictureError if it isn't a usable picture, NotFoundError if the item is gone.
    """
    item = desk.view(lang).parts.item(part)
    if item is None:
        raise NotFoundError("this item was removed meanwhile")
    picture, credit = photo_and_credit(data, Path("photo"))
    with adding_photos(folder) as add_photo:
        name = name_of(item.heading, "photo", picture.suffix, ())
        image = add_photo(picture.data, name)
        edits = [SetField(part, "image", item.image, image)]
        if credit and not item.photo:
            edits.append(SetField(part, "photo", "", credit))
        result = desk.edit(lang, edits, waits=False)
        if not result.saved:
            raise RefusedError(result.why)
    return result
