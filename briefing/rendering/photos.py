"""The pictures of an edition: its items' photos, and the newsletter's logo."""

from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from briefing.errors import IssueError, PictureError
from briefing.issue.markdown import line_of
from briefing.issue.model import Item
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.photos.pictures import (
    COLUMN,
    STEPS,
    TALLEST,
    Picture,
    is_heic,
    read_photo,
)
from briefing.storage import files

from .photo_cache import PhotoCache

PHOTO_SUFFIXES = {
    ".jpg",
    ".jpeg",
    ".png",
    ".webp",
    ".gif",
    ".avif",
    ".heic",
    ".heif",
}


class EditionPhoto:
    """An item's photo. It is opened only if a picture of it hasn't been made before."""

    def __init__(self, path: Path, paper: str, cache: PhotoCache) -> None:
        """`paper` is the colour behind it. Raises PictureError if the file is missing or can't be
        read.
        """
        self._path = path
        self._data = read_photo(path)
        self._paper = paper
        self._cache = cache
        self._shown: dict[int, Picture] = {}
        self._made: dict[int, Picture] = {}

    def shown(self, step: int) -> Picture:
        """Return the picture in the email's column, at one of STEPS. Raises what photo_in raises."""
        if step not in self._shown:
            treatment = f"{COLUMN}x{TALLEST} on {self._paper} at step {step}"
            picture = self._cache.picture(
                self.digest, treatment, lambda: self._make(step)
            )
            # The file of a kept picture doesn't say which it was made with.
            quality, _ = STEPS[step]
            self._shown[step] = replace(picture, quality=quality)
        return self._shown[step]

    def _make(self, step: int) -> Picture:
        if step not in self._made:
            # Opening a photo takes longest, HEIC by far. If it must be smaller than at first, how
            # much smaller is unknown.
            makes_all = step > 0 or is_heic(self._data)
            steps = range(step, len(STEPS) if makes_all else 1)
            # Slow to load; kept pictures need none of it.
            from briefing.photos.sandboxed import shown_photo  # noqa: PLC0415

            pictures = shown_photo(self._data, self._path, self._paper, steps)
            self._made.update(zip(steps, pictures, strict=True))
        return self._made[step]

    @cached_property
    def digest(self) -> str:
        return sha256(self._data).hexdigest()


def open_photos(
    newsletter: Newsletter,
    edition: Edition,
) -> dict[Item, EditionPhoto]:
    """Find and read the photos of the items that have one; the same photo is the same object. Raises
    IssueError with the line, or PictureError.
    """
    if newsletter.settings.issue.images == "none":
        return {}
    cache = PhotoCache(newsletter)
    paper = newsletter.settings.look.paper
    photos: dict[Item, EditionPhoto] = {}
    by_digest: dict[str, EditionPhoto] = {}
    for item in edition.issue.items:
        if item.image:
            photo = EditionPhoto(_photo_path(edition, item), paper, cache)
            photos[item] = by_digest.setdefault(photo.digest, photo)
    return photos


def _photo_path(edition: Edition, item: Item) -> Path:
    path = files.inside(edition.path.parent, item.image)
    if path is None:
        problem = f"'{item.image}' isn't in the issue's folder; move the photo next to the issue file"
    elif not path.exists():
        problem = _missing_photo(item.image, path.parent)
    else:
        return path
    raise IssueError(edition.path, problem, line=line_of(item, "image"))


def _missing_photo(name: str, folder: Path) -> str:
    by_folded_name = {}
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in PHOTO_SUFFIXES:
                by_folded_name[path.name.casefold()] = path.name
    import difflib  # noqa: PLC0415  # only needed after a mistake

    folded_name = name.casefold()
    similar = difflib.get_close_matches(folded_name, by_folded_name, n=1)
    if similar:
        return f"there is no photo '{name}'; did you mean '{by_folded_name[similar[0]]}'?"
    return f"there is no photo '{name}'; put it next to the issue file, or remove this line"


def open_logo(newsletter: Newsletter) -> Picture | None:
    """Open the newsletter's logo, if it has one. Raises PictureError."""
    look = newsletter.settings.look
    if not look.logo or newsletter.settings.issue.images == "none":
        return None
    path = files.inside(newsletter.root, look.logo)
    if path is None:
        raise PictureError(
            newsletter.root / look.logo,
            "the logo must be in the newsletter's folder",
        )
    if not path.exists():
        raise PictureError(
            path,
            "there is no such file; correct 'logo' under [look] in briefing.toml",
        )
    data = read_photo(path)

    def make() -> Picture:
        # Slow to load; a kept picture needs none of it.
        from briefing.photos.sandboxed import shown_logo  # noqa: PLC0415

        return shown_logo(data, path, look.logo_width, look.paper)

    treatment = f"logo {look.logo_width} on {look.paper}"
    digest = sha256(data).hexdigest()
    return PhotoCache(newsletter).picture(digest, treatment, make)
