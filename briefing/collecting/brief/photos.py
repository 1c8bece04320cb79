"""The pictures of a document go to the items of its brief: which, made clean, with a name. No I/O."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.paragraphs import SMALLEST_PHOTO, EmbeddedPicture
from briefing.collecting.brief.parse import Brief
from briefing.collecting.text.dates import fold
from briefing.errors import PictureError
from briefing.pictures import COLUMN, Picture, photo_in

MOST_OPENED = 100
"""Pictures of a document that are looked at."""
_LONGEST_NAME = 48


def with_photos(brief: Brief, pictures: Sequence[EmbeddedPicture], name: str) -> Brief:
    """A brief read from a document with `pictures`; each item has the first of its pictures that is a photo.

    Its `photos` hold what is to be written, by the name that the item's `image` gives; that comes from the headline,
    else from `name`, the file's. What was left out is told in the notes.
    """
    chosen = _by_item(brief.items, pictures)
    items = list(brief.items)
    photos: dict[str, bytes] = {}
    opened: dict[bytes, Picture | str | None] = {}
    for number, its_pictures in sorted(chosen.items()):
        pasted = items[number]
        photo, notes = _first_photo(its_pictures, opened)
        if photo:
            embedded, picture = photo
            image = name_of(pasted.item.heading, name, picture, photos)
            photos[image] = picture.data
            pasted = replace(pasted, item=replace(pasted.item, image=image, alt=embedded.alt))
            notes += [] if embedded.alt else ["no words for its photo, for those who don't see it ('alt:')"]
        items[number] = replace(pasted, notes=(*pasted.notes, *notes))
    return replace(brief, items=items, photos=photos)


# --- Whose a picture is ------------------------------------------------------------------------------------------


def _by_item(items: Sequence[ParsedItem], pictures: Sequence[EmbeddedPicture]) -> Mapping[int, list[EmbeddedPicture]]:
    """The pictures of each item, by its number.

    What stands among an item's paragraphs is its own. What stands between two is the lower one's, as a photo leads its
    item, unless no photo leads the first one and one follows the last.
    """
    owners = {place: number for number, pasted in enumerate(items) for place in pasted.paragraphs}
    if not owners:
        return {}
    first, last = min(owners), max(owners)
    between = [one for one in pictures if not one.inside]
    follow = any(one.place == last + 1 for one in between) and not any(one.place <= first for one in between)
    chosen: dict[int, list[EmbeddedPicture]] = {}
    for picture in pictures:
        below, above = owners.get(picture.place), owners.get(picture.place - 1)
        owner = above if follow and not picture.inside else below
        if owner is not None and picture.place == first and below != above and not picture.inside:
            chosen[owner] = [picture]  # the nearest to the first headline: above it a logo may stand
        elif owner is not None:
            chosen.setdefault(owner, []).append(picture)
    return chosen


def _first_photo(
    pictures: Sequence[EmbeddedPicture], opened: dict[bytes, Picture | str | None]
) -> tuple[tuple[EmbeddedPicture, Picture] | None, list[str]]:
    """The first that is a photo, made clean, and notes on what was left out."""
    photo: tuple[EmbeddedPicture, Picture] | None = None
    faults: list[str] = []
    more = 0
    for picture in pictures:
        if picture.data and picture.data not in opened:
            opened[picture.data] = _cleaned(picture.data) if len(opened) < MOST_OPENED else "there are too many"
        found = opened.get(picture.data, f"it is on the web, and nothing is fetched: {picture.address}")
        if isinstance(found, Picture):
            more += photo is not None
            photo = photo or (picture, found)
        elif found:
            faults.append(f"its photo was left out: {found}")
    if more:
        return photo, [f"{more} more {'picture was' if more == 1 else 'pictures were'} left out"]
    return photo, [] if photo else faults[:1]


def _cleaned(data: bytes) -> Picture | str | None:
    """A photo as it is kept; None for what is too small to be one; words for what is wrong with it."""
    try:
        photo = photo_in(data, Path("photo"))
    except PictureError as error:
        return error.message
    return photo.shown(COLUMN) if min(photo.image.size) >= SMALLEST_PHOTO else None


# --- Its name ----------------------------------------------------------------------------------------------------


def name_of(heading: str, document: str, picture: Picture, taken: Mapping[str, bytes]) -> str:
    """A file's name for an item's picture: of its headline, else of the document's name; none that is taken."""
    stem = _slug(heading) or _slug(Path(document).stem) or "photo"
    ending = Path(picture.name).suffix
    return next(name for name in _numbered(stem, ending) if name not in taken)


def _numbered(stem: str, ending: str) -> Iterator[str]:
    yield f"{stem}{ending}"
    yield from (f"{stem}-{number}{ending}" for number in range(2, 100_000))


def _slug(text: str) -> str:
    """Words as a file's name: small Latin letters, digits, hyphens; "" where nothing of them is left."""
    words = re.sub(r"[^\w\s]", " ", re.sub(r"['’ʼ`]", "", fold(text)))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    slug = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        if slug and len(slug) + 1 + len(word) > _LONGEST_NAME:
            break
        slug = f"{slug}-{word}".strip("-")[:_LONGEST_NAME]
    return slug
