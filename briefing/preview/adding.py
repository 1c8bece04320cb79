"""Add to an issue on the page: links, which are collected, dropped files, and photos.

What is found is added by edits, so all of it can be undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from briefing.collecting.brief.model import ParsedItem
from briefing.collecting.brief_intake import read_brief_document
from briefing.collecting.intake import (
    Collected,
    Collector,
    InboxItem,
    name_photos,
    plan_sources,
)
from briefing.collecting.text.picture_names import picture_name
from briefing.collecting.web.source import address_in_page
from briefing.errors import LimitError
from briefing.issue import store
from briefing.issue.edits import AddItem, Edit, SetField
from briefing.issue.fields import values_of
from briefing.issue.model import Issue, Item
from briefing.issue.parts import END, ISSUE
from briefing.issue.photos import adding_photos
from briefing.issue.section_titles import same_title
from briefing.network.fetch_guard import Guard
from briefing.newsletter import Newsletter
from briefing.photos.sandboxed import photo_and_credit

from .desk.desk import Desk

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
    title: str = ""
    """The title that it stood under in a brief."""

    def notes_in(self, section: str) -> list[str]:
        """Return the notes once it is in a section, which a brief may have under another title."""
        if not self.title or same_title(self.title, [section]):
            return [*self.notes]
        return [*self.notes, f"it stood under “{self.title}” in the brief"]


@dataclass(frozen=True, slots=True)
class FoundContent:
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
    page: Path | None = None,
    *,
    guard: Guard | None = None,
) -> FoundContent:
    """Collect links, as `briefing collect` does; `page` is the saved page of a single link. Links that ran
    before are collected as well, with a note.
    """
    guard = guard or Guard(proxy=newsletter.settings.collect.proxy)
    sources = plan_sources(addresses, page, guard)
    collector = Collector(newsletter, guard, again=True)
    return _found_in(collector.gather(sources))


def find_in_file(
    newsletter: Newsletter, name: str, data: bytes
) -> FoundContent:
    """Read a dropped file: a page that a browser saved, or else a brief.

    `name` is what the editor's computer calls it; only its ending decides anything. Raises
    RefusedError if the file can't be read or has no text.
    """
    name = Path(name).name
    address = _address_in(data, name)
    if address:
        return _find_in_page(newsletter, address, data)
    brief = read_brief_document(data, name)
    items = tuple(map(_from_brief, brief.items))
    return FoundContent(items, brief.photos, introduction=brief.introduction)


def _address_in(data: bytes, name: str) -> str:
    """Return the address that a saved page says it has; "" for any other file: briefs that were
    exported as pages say none.
    """
    if not name.lower().endswith(PAGES):
        return ""
    try:
        return address_in_page(data, name)
    except LimitError:
        return ""


def _find_in_page(
    newsletter: Newsletter, address: str, data: bytes
) -> FoundContent:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_bytes(data)
        return find_links(newsletter, [address], path)


def _from_brief(parsed: ParsedItem) -> FoundItem:
    return FoundItem(
        parsed.item, notes=tuple(parsed.notes), title=parsed.section
    )


def _found_in(collected: Collected) -> FoundContent:
    items, photos = name_photos(collected.kept)
    found = tuple(
        FoundItem(item, _uncertain(entry), tuple(_notes(entry)))
        for item, entry in zip(items, collected.kept, strict=True)
    )
    return FoundContent(found, photos, tuple(collected.failures.values()))


def _uncertain(entry: InboxItem) -> tuple[str, ...]:
    return tuple(FIELDS[name] for name in entry.uncertain if name in FIELDS)


def _notes(entry: InboxItem) -> list[str]:
    notes = list(entry.notes)
    if entry.warning:
        notes.append(entry.warning)
    if entry.already:
        notes.append(f"was already in {store.in_words(entry.already)}")
    return notes


@dataclass(frozen=True, slots=True)
class AddedItems:
    """What was added to the issue."""

    items: tuple[str, ...] = ()
    """The ids of the new items."""
    has_introduction: bool = False
    """Whether the introduction of the brief is the issue's now, or there was none."""


def add(
    desk: Desk,
    lang: str,
    section: str,
    found: FoundContent,
    *,
    after: str = END,
) -> AddedItems:
    """Add what was found to a section, below the item `after` or at the end, and its photos to the
    issue's folder. A brief's introduction becomes the issue's, unless an editor has written one.

    Raises BriefingError, and adds nothing, if that can't be saved.
    """
    introductions = _introduction_edits(desk, lang, found)
    with adding_photos(desk.folder) as add_photo:
        edits: list[Edit] = [*introductions]
        for each in found.items:
            item = each.item
            if item.image in found.photos:
                image = add_photo(found.photos[item.image], item.image)
                item = replace(item, image=image)
            edits.append(AddItem(values_of(item), section, after))
        if not edits:
            return AddedItems(has_introduction=not found.introduction)
        result = desk.edit_now(lang, edits)
    has_introduction = bool(introductions) or not found.introduction
    return AddedItems(tuple(result.added), has_introduction)


def _introduction_edits(
    desk: Desk, lang: str, found: FoundContent
) -> list[SetField]:
    """Return the edit that gives the issue the introduction of a brief; none if there is none, or
    an editor has written another.
    """
    now = desk.view(lang).parts.head.introduction
    settings = desk.newsletter().settings.issue
    # The introduction from the settings has this form in the file; it wasn't written for this issue.
    usual = Issue(introduction=settings.introduction).introduction
    if not found.introduction or now not in {"", usual}:
        return []
    return [SetField(ISSUE, "introduction", now, found.introduction)]


def replace_photo(desk: Desk, lang: str, part: str, data: bytes) -> None:
    """Give an item another photo: cleaned of its metadata, and with the credit in them if the item has
    none. The file of the former one stays, so this can be undone.

    Raises PictureError if it isn't a usable picture, NotFoundError if the item is gone.
    """
    item = desk.item(lang, part)
    picture, credit = photo_and_credit(data, Path("photo"))
    with adding_photos(desk.folder) as add_photo:
        name = picture_name(item.heading, "photo", picture.suffix, ())
        image = add_photo(picture.data, name)
        edits = [SetField(part, "image", item.image, image)]
        if credit and not item.photo:
            edits.append(SetField(part, "photo", "", credit))
        desk.edit_now(lang, edits)
