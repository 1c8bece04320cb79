"""From what a page told to an item for the inbox, with its photo. The photo is asked for here, and nothing else is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.collecting.brief.photos import name_of
from briefing.collecting.text.literal import markdown
from briefing.collecting.web.article import Found
from briefing.errors import FetchError, PictureError
from briefing.fetch import Guard, fetch
from briefing.issue.model import Item
from briefing.pictures import COLUMN, Picture, credit_in, photo_in


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item as it goes into the inbox."""

    item: Item
    found: Found
    picture: Picture | None = None
    notes: tuple[str, ...] = ()
    """What the editor is to know of it, a line each."""


def arrive(found: Found, lang: str, guard: Guard | None) -> Arrival:
    """The item of a page for an edition in `lang`; its photo is fetched through `guard`, not at all if that is None."""
    picture: Picture | None = None
    notes: tuple[str, ...] = ()
    if found.image and guard:
        found, picture, notes = _with_photo(found, guard)
    item = Item(
        heading=found.title,
        kind=found.kind,
        source=found.source,
        date=found.date,
        link=found.url,
        alt=found.alt if picture else "",
        photo=found.photo if picture else "",
        lang=found.lang if found.lang and found.lang != lang.partition("-")[0] else "",
        text="\n\n".join(markdown(paragraph) for paragraph in found.excerpt.split("\n\n")),
    )
    return Arrival(item, found, picture, notes)


def named(arrivals: list[Arrival]) -> tuple[list[Item], dict[str, bytes]]:
    """The items with the names of their photos, and the photos by these names."""
    photos: dict[str, bytes] = {}
    items = []
    for arrival in arrivals:
        item = arrival.item
        if arrival.picture:
            name = name_of(item.heading, "photo", arrival.picture, photos)
            photos[name] = arrival.picture.data
            item = replace(item, image=name)
        items.append(item)
    return items, photos


def as_json(found: Found, already: str) -> Mapping[str, object]:
    """What `--json` prints of an item; texts or null, but for `uncertain`."""
    values = {
        "title": found.title,
        "source": found.source,
        "date": found.date.isoformat() if found.date else "",
        "excerpt": found.excerpt,
        "image": found.image,
        "lang": found.lang,
        "url": found.url,
        "photo": found.photo,
        "alt": found.alt,
        "kind": str(found.kind),
    }
    told: dict[str, object] = {name: value or None for name, value in values.items()}
    return {**told, "uncertain": list(found.uncertain), "already": already or None}


def _with_photo(found: Found, guard: Guard) -> tuple[Found, Picture | None, tuple[str, ...]]:
    """The lead picture, made clean, and what its own file says of its credit where the page said nothing."""
    try:
        response = fetch(found.image, guard=guard)
        if response.status != 200:
            return found, None, (f"its photo isn't there ({response.status})",)
        picture = photo_in(response.body, Path("photo")).shown(COLUMN)
    except FetchError as error:
        return found, None, (f"its photo can't be had: {error.message}",)
    except PictureError as error:
        return found, None, (f"its photo was left out, since it {error.message}",)
    if not found.photo and (credit := credit_in(response.body)):
        found = replace(found, photo=credit, uncertain=tuple(one for one in found.uncertain if one != "photo"))
    return found, picture, ()
