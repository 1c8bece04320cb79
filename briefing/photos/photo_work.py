"""What is done with the bytes of a photo or logo in a child process (see `limited`)."""

from collections.abc import Sequence
from pathlib import Path

from briefing.errors import LimitError, PictureError
from briefing.sandbox.limited import run_limited

from .opened_photos import photo_in
from .picture_credits import credit_in
from .pictures import Picture, is_heic

_REMEDY = "save it again as JPEG or PNG, or use another"


def shown_photo(
    data: bytes, path: Path, paper: str, steps: Sequence[int]
) -> list[Picture]:
    """Return the pictures of a photo on paper of a colour at some steps, as `Photo.shown` does. Raises
    PictureError.
    """
    try:
        return run_limited(
            _photo,
            data,
            path,
            paper,
            list(steps),
            name=str(path),
            remedy=_REMEDY,
            may_start_threads=is_heic(data),  # as its decoder does
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


def photo_and_credit(data: bytes, path: Path) -> tuple[Picture, str]:
    """Return the picture of a photo, and the credit in its metadata. Raises PictureError."""
    try:
        return run_limited(
            _photo_and_credit, data, path, name=str(path), remedy=_REMEDY
        )
    except LimitError as error:
        raise PictureError(path, error.message) from error


def _photo(
    data: bytes, path: Path, paper: str, steps: list[int]
) -> list[Picture]:
    photo = photo_in(data, path, allow_heic=True).on_paper(paper)
    return [photo.shown(step=step) for step in steps]


def _logo(data: bytes, path: Path, width: int, paper: str) -> Picture:
    return photo_in(data, path).on_paper(paper).shown(width)


def _photo_and_credit(data: bytes, path: Path) -> tuple[Picture, str]:
    return photo_in(data, path).shown(), credit_in(data)
