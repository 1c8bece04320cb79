"""Open photos and logos in a child process (see `sandbox/limited.py`)."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from briefing.errors import LimitError, PictureError
from briefing.sandbox.limited import run_limited

from .opened_photos import photo_in
from .picture_credits import credit_in
from .pictures import Picture, is_heic

Result = TypeVar("Result")


def shown_photo(
    data: bytes, path: Path, paper: str, steps: Sequence[int]
) -> list[Picture]:
    """Return the pictures of a photo on paper of a colour at some steps, as `Photo.shown` does. Raises
    PictureError.
    """
    # The decoder of HEIC starts threads.
    return _in_child(
        _photo, data, path, paper, list(steps), may_thread=is_heic(data)
    )


def shown_logo(data: bytes, path: Path, width: int, paper: str) -> Picture:
    """Return the picture of a logo on paper of a colour. Raises PictureError."""
    return _in_child(_logo, data, path, width, paper)


def photo_and_credit(data: bytes, path: Path) -> tuple[Picture, str]:
    """Return the picture of a photo, and the credit in its metadata. Raises PictureError."""
    return _in_child(_photo_and_credit, data, path)


def _in_child(
    work: Callable[..., Result],
    data: bytes,
    path: Path,
    *details: object,
    may_thread: bool = False,
) -> Result:
    try:
        return run_limited(
            work,
            data,
            path,
            *details,
            name=str(path),
            remedy="save it again as JPEG or PNG, or use another",
            may_start_threads=may_thread,
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
