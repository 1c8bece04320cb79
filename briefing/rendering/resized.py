"""Exchange the photos of a rendered edition for smaller or larger ones, without rendering it again.
No I/O.

Of a photo, the package's templates show its name, and its size on the page, which is the same
however many pixels and bytes it has.
"""

from dataclasses import replace
from functools import partial

from briefing.photos.pictures import Picture

from .rendered import ItemPhotos, RenderedIssue, with_references


def resized(
    rendered: RenderedIssue, photos: ItemPhotos
) -> RenderedIssue | None:
    """Return an edition with other photos of the same items; None if more than their names would
    change.
    """
    by_name: dict[str, Picture] = {}
    for item, old in rendered.photos.items():
        new = photos[item]
        if (new.width, new.height) != (old.width, old.height):
            return None
        # Two photos can be equal in one size and not in the other.
        if by_name.setdefault(old.name, new) != new:
            return None
    addresses = {name: f"cid:{new.name}" for name, new in by_name.items()}
    pictures = (by_name.get(old.name, old) for old in rendered.pictures)
    return replace(
        rendered,
        html=rendered.html.with_texts(
            partial(with_references, addresses=addresses)
        ),
        pictures=tuple(dict.fromkeys(pictures)),
        photos=photos,
    )
