"""The pictures beside a saved page: those that its browser saved with it, and others, which may be
private.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from briefing.collecting.text.picture_names import saved_folder
from briefing.errors import PictureError
from briefing.photos.pictures import read_photo
from briefing.storage import files

MOST_TOGETHER = 100 * 1024 * 1024
"""Bytes that are read for one page."""


@dataclass(frozen=True, slots=True)
class PictureBeside:
    """A picture file that a page names by a relative address."""

    name: str
    """As the page names it."""
    path: Path
    size: int
    """Bytes."""
    is_own: bool
    """Whether it is in the folder that a browser saved with the page: `Brief_files/`."""


def find_beside(
    names: Iterable[str],
    folder: Path,
    page: str,
) -> tuple[PictureBeside, ...]:
    """Return those of the pictures that exist; `page` is the name of its file in the folder.

    Nothing outside the folder is found: neither by another address, nor by a symbolic link.
    """
    found = (_find(name, folder, page) for name in names)
    return tuple(filter(None, found))


def _find(name: str, folder: Path, page: str) -> PictureBeside | None:
    # An address on the web, or a drive of Windows.
    if ":" in name:
        return None
    if name.startswith(("/", "\\")):
        return None
    try:
        root = Path(os.path.realpath(folder))
        path = files.inside(root, unquote(name))
        if path is None or not path.is_file():
            return None
        is_own = path.is_relative_to(root / saved_folder(page))
        return PictureBeside(name, path, path.stat().st_size, is_own)
    except (OSError, ValueError):
        return None


def read_beside(pictures: Sequence[PictureBeside]) -> dict[str, bytes]:
    """Return the bytes of pictures, by the page's names; without those that can't be read or don't
    fit into MOST_TOGETHER.
    """
    read: dict[str, bytes] = {}
    room = MOST_TOGETHER
    for picture in pictures:
        try:
            data = read_photo(picture.path)
        except PictureError:
            continue
        room -= len(data)
        if room >= 0:
            read[picture.name] = data
    return read
