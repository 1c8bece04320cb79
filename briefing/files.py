"""Write files so that a crash at any moment leaves either the old file or the new one, complete."""

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from briefing.errors import BriefingError, RefusedError, display_path

PRIVATE_ROOT = ".briefing"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
NEW_FILE = 0o644


def write_atomically(
    path: Path,
    data: bytes,
    *,
    last_check: Callable[[], None] | None = None,
) -> None:
    """Replace a file in one step: a temporary file next to it, flushed to disk, is renamed over it.

    Links are followed; the file keeps its mode (a new one has 0644). `last_check` is called right
    before the renaming and can prevent it by raising. Raises BriefingError (disk full, no
    permission) and leaves `path` unchanged.
    """
    path = Path(os.path.realpath(path))
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else NEW_FILE

    def into_place(temporary: Path, path: Path) -> None:
        if last_check:
            last_check()
        temporary.replace(path)

    _write(path, data, mode, into_place=into_place)


def create(path: Path, data: bytes, *, mode: int = NEW_FILE) -> None:
    """Write a new file in one step; `mode` is exact, whatever the umask.

    Raises FileExistsError if `path` exists, and what write_atomically raises.
    """
    _write(path, data, mode, into_place=_link_into_place)


def _link_into_place(temporary: Path, path: Path) -> None:
    # Unlike renaming, linking never replaces an existing file.
    os.link(temporary, path)
    temporary.unlink()


def _write(
    path: Path,
    data: bytes,
    mode: int,
    *,
    into_place: Callable[[Path, Path], None],
) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE
        )
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(
                    file.fileno(), mode
                )  # not by os.open, where the umask would change it
                os.fsync(file.fileno())
            into_place(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(
            path.parent
        )  # POSIX makes no promise about the new name otherwise
    except FileExistsError:
        raise
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be written: {error.strerror}; nothing was changed"
        ) from error


def _flush_folder(folder: Path) -> None:
    """Flush a folder, so that the new name of a file in it is durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def inside(folder: Path, name: str) -> Path | None:
    """Return the real path of a file in a folder; None if it leads out of the folder."""
    # Path.resolve fails on a link to itself, up to Python 3.12.
    path = Path(os.path.realpath(folder / name))
    return path if path.is_relative_to(os.path.realpath(folder)) else None


def make_private_folder(path: Path) -> Path:
    """Create a folder that only its owner can enter (0700), with missing parents; return it."""
    for part in _private_parts(path):
        if part.is_symlink():
            path_shown = display_path(part)
            raise RefusedError(
                f"{path_shown} is a link to another place; move it away, and a folder will be created"
            )
    if not path.parent.is_dir():
        make_private_folder(path.parent)
    try:
        path.mkdir(exist_ok=True, mode=PRIVATE_FOLDER)
        path.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be created: {error.strerror}"
        ) from error
    return path


def _private_parts(path: Path) -> Iterator[Path]:
    """Yield `path` and the private folders above it."""
    yield path
    if PRIVATE_ROOT in path.parent.parts:
        yield from _private_parts(path.parent)
