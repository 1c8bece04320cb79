"""Photos next to an issue file: find them by name, and add them without ever replacing another
file.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from types import MappingProxyType

from briefing.storage import files

from . import store
from .model import Item

AddPhoto = Callable[[bytes, str], str]
Photos = Mapping[str, bytes]
"""The contents of pictures, by the names that items have for them."""
NO_PHOTOS: Photos = MappingProxyType({})


def find_photo(folder: Path, name: str) -> Path | None:
    """Return the photo of this name in an issue's folder.

    None if there is no such file, if it leads out of the folder, or if it is an edition of the
    issue.
    """
    real = files.inside(folder, name)
    if real and real.is_file() and not store.EDITION.fullmatch(real.name):
        return folder / name
    return None


def photo_paths(folder: Path, items: Iterable[Item]) -> dict[str, Path]:
    """Return the photos of items in an issue's folder, by their names."""
    paths: dict[str, Path] = {}
    for item in items:
        path = find_photo(folder, item.image)
        if path:
            paths[item.image] = path
    return paths


def read_photos(folder: Path, items: Iterable[Item]) -> Photos:
    """Return the contents of the photos of items in an issue's folder, by their names."""
    paths = photo_paths(folder, items)
    return {image: path.read_bytes() for image, path in paths.items()}


@contextmanager
def adding_photos(folder: Path) -> Iterator[AddPhoto]:
    """Yield a function that saves a photo in the folder and returns its name there.

    If the block fails, the new photos are removed, and the folder if it was created for them.
    """
    existed = folder.is_dir()
    added: list[Path] = []

    def add(data: bytes, name: str) -> str:
        files.make_folder(folder)
        path, is_new = _write(data, name, folder)
        if is_new:
            added.append(path)
        return path.name

    try:
        yield add
    except BaseException:
        for path in added:
            path.unlink(missing_ok=True)
        if not existed:
            with suppress(OSError):
                folder.rmdir()
        raise


def _write(data: bytes, name: str, folder: Path) -> tuple[Path, bool]:
    """Save a photo under its name, or the next free one; return its path, and whether it is new."""
    # Whatever name a page or document gives to a picture, it stays in the folder.
    for path in _candidates(folder / Path(name).name):
        if not os.path.lexists(path):
            files.create(path, data)
            return path, True
        if (
            path.is_file()
            and not path.is_symlink()
            and path.read_bytes() == data
        ):
            return path, False
    raise AssertionError("there is always another name")


def _candidates(path: Path) -> Iterator[Path]:
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
