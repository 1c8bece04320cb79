"""Write files so that a crash at any moment leaves either the old file or the new one, complete;
never through a link, which could lead to any file of the editor's.
"""

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from briefing.errors import (
    BriefingError,
    ChangedError,
    FileError,
    RefusedError,
    display_path,
)
from briefing.text.decoding import decode_utf8

NEWSLETTER_FILE = "briefing.toml"
"""The file that makes a folder a newsletter. Above it, links are the editor's own."""
PRIVATE_ROOT = ".briefing"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
NEW_FILE = 0o644
NEW_FOLDER = 0o755
"""Before the umask, which may remove more permissions: others can never write."""
LEAST_SPACE = 64 * 1024
"""The least bytes that SQLite needs besides its file, for its log and the log's index."""
DISK_FULL = "the disk is full"
"""How every message calls that, whether the system, SQLite or a quota said so."""


def read(path: Path) -> bytes:
    """Return the contents of a file. Raises OSError, also for a pipe or a device, where reading
    could wait forever.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")
    return path.read_bytes()


def read_utf8(path: Path, error: type[FileError]) -> str:
    """Return the text of a file that must be UTF-8, byte-order mark and line ends as they are.

    Raises FileNotFoundError, and `error` if it can't be read or is in another encoding.
    """
    try:
        data = read(path)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise error(path, f"can't be read: {problem.strerror}") from problem
    return decode_utf8(data, path, error)


def read_own(path: Path, most: int) -> bytes:
    """Return the first bytes of a file that this program wrote; none if it isn't one: a link, a pipe,
    or a file that can't be read.
    """
    try:
        with open_plain(path) as file:
            # Python would first make room for `most` bytes.
            size = os.fstat(file.fileno()).st_size
            return file.read(min(size, most))
    except OSError:
        return b""


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file for reading. Raises OSError, also for a link, a pipe or a device."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    file = open(os.open(path, flags), "rb")  # noqa: PTH123, SIM115  # Path.open has no flags; the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(None, "it isn't a plain file")
    return file


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, by which its versions are known."""
    return hashlib.sha256(data).hexdigest()


def write_atomically(
    path: Path,
    data: bytes,
    *,
    mode: int | None = None,
    last_check: Callable[[Path], None] | None = None,
) -> None:
    """Replace a file in one step: a temporary file next to it, flushed to disk, is renamed over it.

    Without a `mode`, the file keeps its own (a new one has 0644). `last_check` is given the place of the file that
    is replaced, and can prevent that by raising. Raises RefusedError for a link, BriefingError
    (disk full, no permission), and leaves `path` unchanged.
    """
    refuse_links(path)
    if mode is None:
        mode = _mode_of(path)

    into_place: Callable[[Path, Path], object] = Path.replace
    if last_check:
        into_place = partial(_exchange_checked, data=data, check=last_check)
    _write(path, data, mode, into_place=into_place)


def write_private(path: Path, data: bytes) -> None:
    """Replace a file that only its owner can read, in one step; a missing folder is made, as private.

    Raises what `write_atomically` does.
    """
    make_private_folder(path.parent)
    write_atomically(path, data, mode=PRIVATE_FILE)


def _mode_of(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return NEW_FILE


def _exchange_checked(
    temporary: Path, path: Path, data: bytes, check: Callable[[Path], None]
) -> None:
    """Put a file with this data into place if the check admits it for what it replaces, even if that was replaced
    by another program in the moment after the check, or is being written by it.
    """
    # Not needed by commands that write nothing.
    from .exchange import exchange  # noqa: PLC0415

    check(path)
    try:
        is_exchanged = exchange(temporary, path)
    except FileNotFoundError:
        # Another program is about to put a new file there.
        check(path)
        raise
    if not is_exchanged:
        temporary.replace(path)
        return
    try:
        # In this order: a program that closes it in between has changed it.
        _refuse_open(temporary, path)
        check(temporary)
    except BaseException:
        exchange(temporary, path)
        if temporary.read_bytes() != data:
            # What came out was saved just now, so it is the newest.
            exchange(temporary, path)
        raise


def _refuse_open(place: Path, path: Path) -> None:
    """Refuse to replace the file at `path`, which is at `place` now, while another program is writing it."""
    from .open_files import is_open_for_writing  # noqa: PLC0415

    if is_open_for_writing(place):
        raise ChangedError(
            path, "another program is writing to it; nothing was changed"
        )


def create(path: Path, data: bytes, *, mode: int = NEW_FILE) -> None:
    """Write a new file in one step; `mode` is exact, whatever the umask.

    Raises FileExistsError if `path` exists, and what write_atomically raises.
    """
    refuse_links(path.parent)
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
    into_place: Callable[[Path, Path], object],
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
                # Not with os.open, where the umask would change the mode.
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            into_place(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        # POSIX makes no promise about the new name otherwise.
        _flush_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be written: {reason(error)}; nothing was changed"
        ) from error


def _flush_folder(folder: Path) -> None:
    """Flush a folder, so that the new name of a file in it is durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_disk_full(folder: Path) -> bool:
    """Whether no file can be written to a folder for lack of space: SQLite also calls that an I/O
    error, or a file that can't be opened.
    """
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < LEAST_SPACE


def is_disk_full_error(error: OSError) -> bool:
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def reason(error: OSError) -> str:
    """Return why a file or folder can't be written, for a message."""
    if is_disk_full_error(error):
        return DISK_FULL
    return error.strerror or str(error)


def inside(folder: Path, name: str) -> Path | None:
    """Return the real path of a file in a folder; None if it leads out of the folder."""
    # Path.resolve fails on a link to itself, up to Python 3.12.
    path = Path(os.path.realpath(folder / name))
    return path if path.is_relative_to(os.path.realpath(folder)) else None


def refuse_links(path: Path) -> None:
    """Raise RefusedError if `path`, or a folder between it and the newsletter's, is a symbolic link.

    Folders are shared by git, archives and synchronisation, which all carry links.
    """
    for part in _parts_in_newsletter(path.absolute()):
        if part.is_symlink():
            raise RefusedError(
                f"{display_path(part)} is a link to another place; remove the link, or put the file itself in its place"
            )


def _parts_in_newsletter(path: Path) -> list[Path]:
    """Return `path` and the folders above it, up to the newsletter's; outside of any, only `path`."""
    parts = [path]
    for folder in path.parents:
        if (folder / NEWSLETTER_FILE).is_file():
            return parts
        parts.append(folder)
    return [path]


def make_folder(path: Path) -> Path:
    """Create a folder, with missing parents, that others may read but never write to; return it.

    Raises RefusedError if a link leads there, BriefingError.
    """
    refuse_links(path)
    missing = [
        folder for folder in (path, *path.parents) if not folder.is_dir()
    ]
    try:
        for folder in reversed(missing):
            folder.mkdir(NEW_FOLDER, exist_ok=True)
    except OSError as error:
        raise _not_created(path, error) from error
    return path


def make_private_folder(path: Path) -> Path:
    """Create a folder that only its owner can enter (0700), with missing parents; return it.

    One that is private already isn't touched: a program that watches the folder above it, as the preview
    does, would take that for a change.
    """
    refuse_links(path)
    if not path.parent.is_dir():
        make_private_folder(path.parent)
    try:
        path.mkdir(exist_ok=True, mode=PRIVATE_FOLDER)
        if stat.S_IMODE(path.stat().st_mode) != PRIVATE_FOLDER:
            path.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise _not_created(path, error) from error
    return path


def _not_created(path: Path, error: OSError) -> BriefingError:
    return BriefingError(
        f"{display_path(path)}: can't be created: {reason(error)}"
    )
