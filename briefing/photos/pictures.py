"""Pictures for emails, and the files they are made from, still unopened (see `opened_photos`)."""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from briefing.errors import PictureError

COLUMN = 552
"""Width of a photo in an email, in CSS pixels: the email's 600 less its margins."""
TALLEST = 480
"""Height of the tallest photo in an email, in CSS pixels."""
MOST_BYTES = 60 * 1024 * 1024
"""Phones write photos of 50 MB."""
STEPS = (
    (82, 2.0),
    (72, 2.0),
    (62, 2.0),
    (62, 1.5),
    (50, 1.5),
    (50, 1.2),
    (40, 1.0),
)
"""Ways to make pictures smaller, for an email within its budget: JPEG quality and pixels per CSS
pixel, best first.
"""

_TINY = 50
"""Pixels of the longer side: no photo is so small."""

ISO_FILE = b"ftyp"
"""How AVIF and HEIC files begin, after a length of 4 bytes."""

SUFFIXES = {"jpg": "image/jpeg", "png": "image/png"}
"""The types of pictures, by `Picture.suffix`."""


@dataclass(frozen=True)
class Picture:
    """A picture ready to be put into an email."""

    data: bytes
    type: str
    """`image/jpeg` or `image/png`."""
    width: int
    """In CSS pixels; the data has up to twice as many."""
    height: int
    quality: int = field(default=STEPS[0][0], compare=False)
    """The JPEG quality of its step."""
    is_still: bool = field(default=False, compare=False)
    """Whether it is the first frame of an animation."""

    @property
    def suffix(self) -> str:
        return "png" if self.type == "image/png" else "jpg"

    @cached_property
    def name(self) -> str:
        """A file name that depends only on the bytes."""
        return f"{hashlib.sha256(self.data).hexdigest()[:20]}.{self.suffix}"


def is_tiny(*sides: int) -> bool:
    """Whether a picture with these sides, in pixels, is smaller than any photo: an icon, or a pixel that
    counts visitors.
    """
    return max(sides) <= _TINY


def is_heic(data: bytes) -> bool:
    """Whether a file is a HEIC photo, by the brands at its beginning (ISO/IEC 23008-12, 10.2)."""
    length = int.from_bytes(data[:4])
    brands = data[8 : min(length, 256)]
    is_named = re.match(b"(?:.{4})*?he[iv]", brands, re.DOTALL)
    return data[4:8] == ISO_FILE and is_named is not None


def read_photo(path: Path) -> bytes:
    """Return the bytes of a picture file, to be opened by photo_in. Raises PictureError if it is
    missing or can't be read.
    """
    if path.exists() and not path.is_file():
        raise PictureError(path, "isn't a file; put a photo in its place")
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        message = "there is no such photo; put it next to the issue file, or remove its 'image:' line"
        raise PictureError(path, message) from None
    except OSError as error:
        raise PictureError(path, f"can't be read: {error.strerror}") from error
