"""Exchange the photos of a rendered edition for smaller or larger ones, without rendering it again.
No I/O.

Of a photo, the package's templates show its name, and its size on the page, which is the same
however many pixels and bytes it has.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from briefing.issue.model import Item
from briefing.pictures import Picture

from .rendered import RenderedIssue, Slotted

_REFERENCE = re.compile('"cid:([^"]+)"')


def resized(
    rendered: RenderedIssue, photos: Mapping[Item, Picture]
) -> RenderedIssue | None:
    """Return an edition with these photos in place of its own, which are of the same items; None if
    more than names would change.
    """
    by_name: dict[str, Picture] = {}
    for item, old in rendered.photos.items():
        new = photos[item]
        if (new.width, new.height) != (old.width, old.height):
            return None
        # Two photos can be equal in one size and not in the other.
        if by_name.setdefault(old.name, new) != new:
            return None
    return replace(
        rendered,
        html=_renamed(rendered.html, by_name),
        pictures=tuple(
            dict.fromkeys(
                by_name.get(picture.name, picture)
                for picture in rendered.pictures
            )
        ),
        photos=photos,
    )


def _renamed(text: Slotted, by_name: Mapping[str, Picture]) -> Slotted:
    def reference(match: re.Match[str]) -> str:
        picture = by_name.get(match[1])
        return f'"cid:{picture.name}"' if picture else match[0]

    return Slotted(
        tuple(
            _REFERENCE.sub(reference, part) if isinstance(part, str) else part
            for part in text.parts
        )
    )
