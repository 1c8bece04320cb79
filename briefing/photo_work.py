"""What is done with the bytes of a photo or logo in a child process (see `limited`)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from briefing.errors import LimitError, PictureError
from briefing.limited import run_limited
from briefing.picture_credits import credit_in
from briefing.pictures import Picture, photo_in

_REMEDY = "save it again as JPEG or PNG, or use another"


def shown_photo(
    data: bytes, path: Path, width: int, steps: Sequence[int]
) -> list[Picture]:
    """Return the pictures of a photo at some steps, as `Photo.shown` does. Raises PictureError."""
    try:
        return run_limited(
            _photo,
            data,
            path,
            width,
            list(steps),
            name=str(path),
            remedy=_REMEDY,
        )
    except LimitError as error:
        raise PictureError(path, error.message) from error


def shown_logo(data: bytes, path: Path, width: int, paper: str) -> Picture:
    """Return the picture of a logo on paper of a colour. Raises PictureError."""
    try:
        return run_limited(
            _logo, data, path, width, paper, name=str(path), remedy=_REMEDY
        )
    except LimitError as error:
        raise PictureError(path, error.message) from error


def photo_and_credit(
    data: bytes, path: Path, width: int
) -> tuple[Picture, str]:
    """Return the picture of a photo, and the credit in its metadata. Raises PictureError."""
    try:
        return run_limited(
            _photo_and_credit, data, path, width, name=str(path), remedy=_REMEDY
        )
    except LimitError as error:
        raise PictureError(path, error.message) from error


def _photo(
    data: bytes, path: Path, width: int, steps: list[int]
) -> list[Picture]:
    photo = photo_in(data, path)
    return [photo.shown(width, step) for step in steps]


def _logo(data: bytes, path: Path, width: int, paper: str) -> Picture:
    logo = photo_in(data, path)
    # Transparent areas get the paper's colour, or dark letters would vanish in mail programs that
    # darken backgrounds.
    ground = Image.new("RGBA", logo.image.size, paper)
    opaque = Image.alpha_composite(ground, logo.image.convert("RGBA"))
    return replace(logo, image=opaque.convert("RGB")).shown(width)


def _photo_and_credit(
    data: bytes, path: Path, width: int
) -> tuple[Picture, str]:
    return photo_in(data, path).shown(width), credit_in(data)
