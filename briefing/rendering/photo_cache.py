"""Pictures that were prepared before, in `.briefing/photos`: making them takes longer than the rest
of a check.

Each file is one picture and nothing else. Its name has three parts: a keyed digest of the photo and
of what was done with it, the size in CSS pixels and whether it was an animation, and a keyed digest
of both and of the file's bytes. A file is used only if its name is right. So a picture that is
damaged, replaced or from elsewhere is made again, and so is every picture after this program or
Pillow has changed.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import PIL

from briefing import imports
from briefing.errors import BriefingError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.photos.pictures import SUFFIXES, Picture
from briefing.storage import files

FOLDER = "photos"
MOST_BYTES = 64 * 1024 * 1024
"""All pictures together. Half of them, the oldest, are deleted beyond that."""
LARGEST_PICTURE = 8 * 1024 * 1024
"""Bytes. Larger ones are never kept."""


def _recipe() -> str:
    """Return what changes whenever the same photo could become other bytes."""
    # Importing the rest of Pillow would take longer than finding all photos of an issue. Its encoders
    # are installed with this file.
    encoders = imports.file_of("PIL._imaging").stat().st_mtime_ns
    versions = [PIL.__version__, str(encoders)]
    for module in ("opened_photos", "sandboxed", "pictures"):
        source = imports.file_of(f"briefing.photos.{module}").read_bytes()
        versions.append(sha256(source).hexdigest())
    return " ".join(versions)


RECIPE = _recipe()

_NAME = re.compile(
    r"(?P<made>[0-9a-f]{30})-(?P<width>\d{1,5})x(?P<height>\d{1,5})(?P<still>-still)?-[0-9a-f]{30}\.(?P<suffix>jpg|png)",
    re.ASCII,
)


class PhotoCache:
    """The prepared pictures of one newsletter. Whatever is wrong with the folder or the disk, it
    only costs time.
    """

    def __init__(self, newsletter: Newsletter) -> None:
        self._newsletter = newsletter
        self._folder = newsletter.state / FOLDER

    def picture(
        self,
        photo_digest: str,
        treatment: str,
        make: Callable[[], Picture],
    ) -> Picture:
        """Return what `make` makes of a photo, or made of it before. `treatment` says what is done
        with it. Raises what `make` raises.
        """
        key = self._key
        if key is None:
            return make()
        made = key.name("prepared photo", photo_digest, treatment, RECIPE)
        picture = self._kept(key, made)
        if picture is None:
            picture = make()
            self._keep(picture, _name(key, made, picture))
        return picture

    @cached_property
    def _key(self) -> Key | None:
        """The newsletter's key; None if nothing can be kept here: a lost key, a folder that is a
        link, a disk that can't be written to.
        """
        try:
            key = Key.of(self._newsletter)
            files.make_private_folder(self._folder)
        except BriefingError:
            return None
        return key

    @cached_property
    def _names(self) -> dict[str, re.Match[str]]:
        """The names of the files, taken apart, by their first part."""
        names = {}
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if match := _NAME.fullmatch(path.name):
                    names[match["made"]] = match
        return names

    def _kept(self, key: Key, made: str) -> Picture | None:
        match = self._names.get(made)
        if match is None:
            return None
        name = match[0]
        data = files.read_own(self._folder / name, LARGEST_PICTURE)
        picture = Picture(
            data,
            SUFFIXES[match["suffix"]],
            int(match["width"]),
            int(match["height"]),
            is_still=match["still"] is not None,
        )
        if name == _name(key, made, picture):
            return picture
        with contextlib.suppress(OSError):
            (self._folder / name).unlink()
        return None

    def _keep(self, picture: Picture, name: str) -> None:
        if len(picture.data) > LARGEST_PICTURE:
            return
        with contextlib.suppress(OSError, BriefingError):
            files.create(
                self._folder / name, picture.data, mode=files.PRIVATE_FILE
            )
            self._make_room()

    def _make_room(self) -> None:
        """Delete the oldest half if there is too much. Raises OSError."""
        kept = sorted(
            self._files(), key=lambda file: file[1].st_mtime_ns, reverse=True
        )
        total = sum(status.st_size for _, status in kept)
        if total <= MOST_BYTES:
            return
        for path, status in reversed(kept):
            if total <= MOST_BYTES // 2:
                break
            path.unlink(missing_ok=True)
            total -= status.st_size

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False)


def _name(key: Key, made: str, picture: Picture) -> str:
    facts = f"{picture.width}x{picture.height}"
    if picture.is_still:
        facts += "-still"
    suffix = picture.suffix
    content = sha256(picture.data).hexdigest()
    return f"{made}-{facts}-{key.name('prepared picture', made, facts, suffix, content)}.{suffix}"
