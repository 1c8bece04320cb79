"""Choose each item's photo from the pictures in a document, remove its metadata and name its file.
No I/O.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from briefing.collecting.brief.lines.credits import (
    classify_credit,
    credit_at_end,
)
from briefing.collecting.text.picture_names import picture_name
from briefing.errors import PictureError
from briefing.photos.opened_photos import photo_in
from briefing.photos.pictures import Picture

from .model import Brief, ParsedItem
from .paragraphs import SMALLEST_PHOTO, EmbeddedPicture

MOST_OPENED = 100
"""The most pictures that are opened in one document."""
NO_ALT = "its photo has no description; write one after 'alt:'"
_NO_ITEM = -1

_Opened = dict[bytes, Picture | str]
"""The pictures of a document that were opened, by their bytes."""


def with_photos(
    brief: Brief, pictures: Sequence[EmbeddedPicture], name: str
) -> Brief:
    """Add to each item the first of its `pictures` that is a photo.

    File names are made from the item's headline, or else from `name`, the document's. Notes say
    what was left out: those on pictures of no item are the last item's.
    """
    items = list(brief.items)
    photos: dict[str, bytes] = {}
    opened: _Opened = {}
    chosen = _by_item(items, pictures)
    for number, own in sorted(chosen.items()):
        photo, notes = _choose(own, opened)
        parsed = items[number].with_notes(notes)
        embedded = own[0]
        if photo:
            embedded, picture = photo
            image = picture_name(
                parsed.item.heading, name, picture.suffix, photos
            )
            photos[image] = picture.data
            parsed = _with_image(parsed, image, embedded.alt)
        credit = credit_at_end(embedded.caption)
        items[number] = _with_captions(parsed, credit, own)
    if items:
        others = _of_no_item(pictures, chosen)
        notes = _notes_on_others(others, opened)
        items[-1] = items[-1].with_notes(notes)
    return replace(
        brief,
        items=items,
        photos=photos,
    )


def _with_image(parsed: ParsedItem, image: str, alt: str) -> ParsedItem:
    item = replace(
        parsed.item,
        image=image,
        alt=alt,
    )
    return replace(parsed, item=item).with_notes([] if alt else [NO_ALT])


def _with_captions(
    parsed: ParsedItem, credit: str, pictures: Iterable[EmbeddedPicture]
) -> ParsedItem:
    """Add the credit in the photo's caption to an item that has none, and notes on the other words of captions."""
    item = replace(parsed.item, photo=parsed.item.photo or credit)
    captioned = [
        picture for picture in pictures if not _is_credit(picture, item.photo)
    ]
    notes = _captions("the caption of its photo", captioned)
    return replace(parsed, item=item).with_notes(notes)


def _is_credit(picture: EmbeddedPicture, name: str) -> bool:
    """Whether a picture's caption says no more than that this name is its credit."""
    credit = classify_credit(picture.caption)
    return credit is not None and credit.photo == name


def _of_no_item(
    pictures: Iterable[EmbeddedPicture],
    chosen: Mapping[int, Iterable[EmbeddedPicture]],
) -> list[EmbeddedPicture]:
    owned = {id(picture) for own in chosen.values() for picture in own}
    return [picture for picture in pictures if id(picture) not in owned]


def _notes_on_others(
    pictures: Sequence[EmbeddedPicture], opened: _Opened
) -> list[str]:
    """Notes on pictures of no item, without those that are too small for a photo, or only on the web like most logos
    and buttons of a newsletter.
    """
    notes = _captions("left out a caption", pictures)
    count = sum(
        1 for picture in pictures if picture.data and _open(picture, opened)
    )
    if count == 1:
        notes.append(
            "1 picture was left out: it doesn't clearly belong to an item"
        )
    elif count:
        notes.append(
            f"{count} pictures were left out: they don't clearly belong to an item"
        )
    return notes


def _captions(what: str, pictures: Iterable[EmbeddedPicture]) -> list[str]:
    return [
        f"{what}: “{picture.caption}”"
        for picture in pictures
        if picture.caption
    ]


# --- The item that a picture belongs to


def _by_item(
    items: Sequence[ParsedItem], pictures: Sequence[EmbeddedPicture]
) -> Mapping[int, list[EmbeddedPicture]]:
    """The pictures of each item, by its number.

    A picture inside an item's paragraphs belongs to that item. A picture between two items belongs
    to the lower one; but if none is above the first item and one is below the headline of the last,
    each belongs to the item above it. A picture inside a paragraph with several items belongs to
    none of them.
    """
    owners = _Owners(items, pictures)
    chosen: defaultdict[int, list[EmbeddedPicture]] = defaultdict(list)
    for picture in pictures:
        owner = owners.of(picture)
        if picture.place == owners.first and not picture.inside:
            # Only the one nearest to the first headline counts: a logo may be above it.
            chosen[owner].clear()
        chosen[owner].append(picture)
    chosen.pop(_NO_ITEM, None)
    return chosen


class _Owners:
    """Knows which item each picture belongs to."""

    def __init__(
        self,
        items: Sequence[ParsedItem],
        pictures: Sequence[EmbeddedPicture],
    ) -> None:
        self._firsts: dict[int, int] = {}
        self._lasts: dict[int, int] = {}
        for number, parsed in enumerate(items):
            for paragraph in parsed.paragraphs:
                self._firsts.setdefault(paragraph, number)
                self._lasts[paragraph] = number
        self._ends = {max(item.paragraphs, default=-1) for item in items}
        self.first = min(self._firsts, default=0)
        last = min(items[-1].paragraphs, default=0) if items else 0
        places = [picture.place for picture in pictures if not picture.inside]
        top = min(places, default=last)
        bottom = max(places, default=last)
        # One is below the first paragraph of the last item, and none above that of the first.
        self._are_below = self.first < top and last < bottom
        # Something is between them and the headlines below them, such as captions.
        self._are_apart = top < self.first and bottom <= last

    def of(self, picture: EmbeddedPicture) -> int:
        """The number of the item that a picture belongs to."""
        place = picture.place
        if picture.inside:
            number = self._firsts.get(place, _NO_ITEM)
            # Otherwise it may belong to any item of the paragraph.
            is_only = number == self._lasts.get(place, _NO_ITEM)
            return number if is_only else _NO_ITEM
        if self._are_below:
            return self._lasts.get(place - 1, _NO_ITEM)
        if self._are_apart and place in self._ends:
            return _NO_ITEM  # its caption may seem to end the item above
        return self._firsts.get(place, _NO_ITEM)


# --- An item's photo among its pictures


def _open(embedded: EmbeddedPicture, opened: _Opened) -> Picture | str:
    """A photo without metadata; or why there is none, "" if the picture is too small. Each is opened once."""
    data = embedded.data
    if not data:
        remedy = "to use it, save it beside the issue file, and write its name after 'image:'"
        return f"the document only links to it, so it wasn't downloaded: {embedded.address} ({remedy})"
    if data not in opened:
        is_one_more = len(opened) < MOST_OPENED
        opened[data] = _cleaned(data) if is_one_more else "there are too many"
    return opened[data]


def _choose(
    pictures: Sequence[EmbeddedPicture], opened: _Opened
) -> tuple[tuple[EmbeddedPicture, Picture] | None, list[str]]:
    """The first photo among some pictures, as it was and cleaned, and notes on what was left out."""
    photos: list[tuple[EmbeddedPicture, Picture]] = []
    faults: list[str] = []
    for embedded in pictures:
        found = _open(embedded, opened)
        if isinstance(found, Picture):
            photos.append((embedded, found))
        elif found:
            faults.append(f"its photo was left out: {found}")
    if not photos:
        return None, faults[:1]
    return photos[0], _left_out(len(photos) - 1)


def _left_out(pictures: int) -> list[str]:
    if not pictures:
        return []
    return [
        "1 more picture was left out"
        if pictures == 1
        else f"{pictures} more pictures were left out"
    ]


def _cleaned(data: bytes) -> Picture | str:
    try:
        photo = photo_in(data, Path("photo"))
    except PictureError as error:
        return error.message
    return photo.shown() if min(photo.size) >= SMALLEST_PHOTO else ""
